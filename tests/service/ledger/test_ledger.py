"""The road of a release, and everything that stops it."""

import asyncio
import datetime
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.small_bundle import FOR_RELEASE, NOT_FOR_RELEASE, bundle_files
from models.bundle import Bundle, load_bundle
from models.bundle_writing import write_bundle
from models.errors import BadInput, GateRefused, IntegrityError
from models.exceptions import ReleaseException
from models.gates import Gate, Gates
from service.ledger.ledger import Ledger, bundle_named
from service.ledger.state import State
from service.ledger.trusted import TrustedKey, TrustedKeys

People = Any
Opened = Callable[..., AbstractAsyncContextManager[Ledger]]
Work = Callable[[Ledger], Awaitable[Any]]
TODAY = datetime.datetime.now().astimezone().date()


@pytest.fixture
def on_ledger(opened: Opened, home: Path, people: People) -> Callable[..., Any]:
    """Do some work on the ledger of the home, and return what it returns."""

    def run(work: Work, trusted: TrustedKeys = people.trusted, days: int = 0) -> Any:
        async def done() -> Any:
            async with opened(home, trusted, days) as ledger:
                return await work(ledger)

        return asyncio.run(done())

    return run


async def _release(ledger: Ledger, folder: Path, people: People, keep: datetime.date | None = None) -> State:
    bundle = load_bundle(folder)
    await ledger.propose(bundle, (), keep)
    await ledger.sign(bundle.id, people.ann)
    await ledger.sign(bundle.id, people.bob)
    return await ledger.promote(bundle.id)


def test_the_road(on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People, home: Path) -> None:
    """Proposed and signed by two, a bundle goes live; the next takes its place; rolled back, the first is live again."""

    async def road(ledger: Ledger) -> list[State]:
        first = await _release(ledger, bundles[0], people)
        second = await _release(ledger, bundles[1], people, TODAY)
        back = await ledger.roll_back(people.cat, "it was wrong")
        return [first, second, back, await ledger.roll_back(people.ann, "enough", to_none=True)]

    first, second, back, none = on_ledger(road)
    names = [path.name for path in bundles]
    assert [state.live_bundle for state in (first, second, back, none)] == [names[0], names[1], names[0], None]
    assert second.previous is not None
    assert (second.previous.bundle, dict(second.kept)) == (names[0], {names[0]: TODAY})
    assert [each.key.name.partition(",")[0] for each in second.line[-1].offered.agreed] == ["Ann Lee", "Bob Ray"]
    assert none.not_counted == ()
    assert {path.name for path in (home / "releases").iterdir()} == {names[0], names[1]}


def _files(text: str, **changed: Any) -> dict[str, bytes]:
    return bundle_files(text.replace("expires = 2020-01-01", "expires = 2031-08-31"), gates=FOR_RELEASE, **changed)


BLOCKED = Gate(
    code="calibration",
    kind="release",
    label="Calibration",
    threshold="slope within 0.8 to 1.2",
    verdict="blocked",
    words="The slope is 1.6.",
    next="Recalibrate.",
)


def _gated(text: str, gates: Gates) -> dict[str, bytes]:
    return bundle_files(text.replace("expires = 2020-01-01", "expires = 2031-08-31"), gates=gates)


@pytest.mark.parametrize(
    ("made", "signer", "error", "why"),
    [
        (lambda text: _gated(text, NOT_FOR_RELEASE), "trainer", GateRefused, 'evidence is "quick"'),
        (lambda text: _gated(text, Gates(evidence="full", gates=(BLOCKED,))), "trainer", GateRefused, "slope is 1.6"),
        (_files, "stranger", GateRefused, "not trusted for bundles"),
        (_files, "ann", GateRefused, "not trusted for bundles"),
        (_files, None, GateRefused, "nobody signed the bundle"),
        (lambda text: bundle_files(text, gates=FOR_RELEASE), "trainer", BadInput, "gateway has expired"),
        (lambda text: _files(text) | {"card.md": b"All is well.\n"}, "trainer", IntegrityError, "card"),
    ],
)
def test_not_proposed(
    on_ledger: Callable[..., Any],
    borough_text: str,
    people: People,
    tmp_path: Path,
    made: Callable[[str], dict[str, bytes]],
    signer: str | None,
    error: type[Exception],
    why: str,
) -> None:
    """A bundle that is quick, blocked, not signed by a trusted trainer, or not whole is not proposed, and nothing is written."""
    key = getattr(people, signer) if signer is not None else None
    bundle = load_bundle(write_bundle(tmp_path / "made", made(borough_text), key))
    with pytest.raises(error, match=why):
        on_ledger(lambda ledger: ledger.propose(bundle))
    assert on_ledger(lambda ledger: ledger.record.newest("release-")) == 0


def _exception(bundle: Bundle, days: int) -> ReleaseException:
    until = TODAY + datetime.timedelta(days=days)
    return ReleaseException(
        bundle=bundle.id, gate="calibration", reason="Small", minute="12/4", by="Eve, chair", on=TODAY, expires=until
    )


def test_an_exception(on_ledger: Callable[..., Any], borough_text: str, people: People, tmp_path: Path) -> None:
    """What a gate says no to is proposed with an exception in force, and promoted by nobody once that has ended."""
    files = _gated(borough_text, Gates(evidence="full", gates=(BLOCKED,)))
    bundle = load_bundle(write_bundle(tmp_path / "made", files, people.trainer))

    async def signed(ledger: Ledger) -> None:
        await ledger.propose(bundle, (_exception(bundle, 10),))
        await ledger.sign(bundle.id, people.ann)
        await ledger.sign(bundle.id, people.bob)

    on_ledger(signed)
    with pytest.raises(GateRefused, match=r"slope is 1\.6"):
        on_ledger(lambda ledger: ledger.promote(bundle.id), days=11)
    assert on_ledger(lambda ledger: ledger.promote(bundle.id)).live_bundle == bundle.id


@pytest.mark.parametrize(
    ("signers", "why"),
    [
        ((), "0 of 2"),
        (("ann",), "1 of 2 .* Ann Lee"),
        (("ann", "ann"), "has signed this proposal already"),
        (("trainer",), "not trusted for releases"),
        (("stranger",), "not trusted for releases"),
    ],
)
def test_not_promoted(
    on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People, signers: tuple[str, ...], why: str
) -> None:
    """Two different people whose keys are trusted for releases sign, or nothing goes live."""
    bundle = load_bundle(bundles[0])

    async def promoted(ledger: Ledger) -> None:
        await ledger.propose(bundle)
        for signer in signers:
            await ledger.sign(bundle.id, getattr(people, signer))
        await ledger.promote(bundle.id)

    with pytest.raises(GateRefused, match=why):
        on_ledger(promoted)
    assert on_ledger(lambda ledger: ledger.state()).live is None


@pytest.mark.parametrize("name", ["Tom Train, analyst", "tom  TRAIN, chief analyst"])
def test_the_trainer_by_another_key(
    on_ledger: Callable[..., Any],
    bundles: tuple[Path, ...],
    people: People,
    entry_of: Callable[..., TrustedKey],
    name: str,
) -> None:
    """Whoever made a bundle does not sign its release with a second key, whatever role that key names."""
    trusted = people.trusted.with_key(entry_of(people.stranger, name))
    bundle = load_bundle(bundles[0])

    async def signed(ledger: Ledger) -> None:
        await ledger.propose(bundle)
        await ledger.sign(bundle.id, people.stranger)

    with pytest.raises(GateRefused, match="whoever signed the bundle"):
        on_ledger(signed, trusted)


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("Ann Lee", "ann  lee"),
        ("José Ray", "Jose\u0301 Ray"),
        ("Ann Lee", "Ａｎｎ Ｌｅｅ"),  # noqa: RUF001 - letters that read the same are the point
        ("Ann Lee", "Ann\u200b Le\u00ade"),
        ("Groß", "GROSS"),
    ],
)
def test_one_person_with_two_keys(
    on_ledger: Callable[..., Any],
    bundles: tuple[Path, ...],
    people: People,
    entry_of: Callable[..., TrustedKey],
    name: str,
    again: str,
) -> None:
    """Two keys of one person are one signature, however the name was typed."""
    trusted = people.trusted.with_key(entry_of(people.ann, f"{name}, head"))
    trusted = trusted.with_key(entry_of(people.stranger, f"{again}, deputy"))
    bundle = load_bundle(bundles[0])

    async def signed(ledger: Ledger) -> None:
        await ledger.propose(bundle)
        await ledger.sign(bundle.id, people.ann)
        await ledger.sign(bundle.id, people.stranger)

    with pytest.raises(GateRefused, match="different people"):
        on_ledger(signed, trusted)


def test_a_key_that_ended(
    on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People, entry_of: Callable[..., TrustedKey]
) -> None:
    """A signature counts no more for a promotion once its key is not trusted, and what was live before stays told."""
    bundle = load_bundle(bundles[0])

    async def signed(ledger: Ledger) -> None:
        await ledger.propose(bundle)
        await ledger.sign(bundle.id, people.ann)
        await ledger.sign(bundle.id, people.bob)

    on_ledger(signed)
    ended = people.trusted.with_key(entry_of(people.bob, "Bob Ray, dpo", until=TODAY))
    with pytest.raises(GateRefused, match="1 of 2"):
        on_ledger(lambda ledger: ledger.promote(bundle.id), ended, days=1)
    assert on_ledger(lambda ledger: ledger.promote(bundle.id), ended).live_bundle == bundle.id


def test_something_else_went_live(on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People) -> None:
    """What was signed in the place of one bundle is not promoted in the place of another."""

    async def late(ledger: Ledger) -> None:
        for folder in bundles[:2]:
            await ledger.propose(load_bundle(folder))
            for key in (people.ann, people.bob):
                await ledger.sign(folder.name, key)
        await ledger.promote(bundles[0].name)
        await ledger.promote(bundles[1].name)

    with pytest.raises(GateRefused, match="propose it again"):
        on_ledger(late)


def test_callers_must_change(
    on_ledger: Callable[..., Any], borough_text: str, bundles: tuple[Path, ...], people: People, tmp_path: Path
) -> None:
    """A bundle whose requests differ is signed only by people who tick that, and what changes is named to them."""
    text = re.sub(r'purposes = \["early_help"', 'purposes = ["early_help", "family_support"', borough_text)
    other = load_bundle(write_bundle(tmp_path / "made", _files(text), people.trainer))

    async def offered(ledger: Ledger) -> Any:
        await _release(ledger, bundles[0], people)
        return await ledger.propose(other)

    assert on_ledger(offered).proposal.breaking == ("request › purpose: other values",)
    with pytest.raises(GateRefused, match="--breaking"):
        on_ledger(lambda ledger: ledger.sign(other.id, people.ann))

    async def ticked(ledger: Ledger) -> State:
        await ledger.sign(other.id, people.ann, breaking=True)
        await ledger.sign(other.id, people.bob, breaking=True)
        return await ledger.promote(other.id)

    assert on_ledger(ticked).live_bundle == other.id


def test_nothing_to_go_back_to(on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People) -> None:
    """Only what was live is gone back to; to no score, always."""
    with pytest.raises(GateRefused, match="nothing is live"):
        on_ledger(lambda ledger: ledger.roll_back(people.ann, "why not", to_none=True))
    on_ledger(lambda ledger: _release(ledger, bundles[0], people))
    with pytest.raises(GateRefused, match="--to-none"):
        on_ledger(lambda ledger: ledger.roll_back(people.ann, "why not"))
    with pytest.raises(GateRefused, match="not trusted"):
        on_ledger(lambda ledger: ledger.roll_back(people.trainer, "why not", to_none=True))


def test_withdrawn(on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People) -> None:
    """A bundle found wrong after it was replaced is neither asked nor gone back to; a proposal that is withdrawn is none."""

    async def replaced(ledger: Ledger) -> State:
        await _release(ledger, bundles[0], people)
        await _release(ledger, bundles[1], people, TODAY)
        await ledger.withdraw(bundles[0].name, people.ann, "a source was misread")
        await ledger.propose(load_bundle(bundles[2]))
        return await ledger.withdraw(bundles[2].name, people.ann, "not now")

    state: State = on_ledger(replaced)
    assert (state.live_bundle, state.previous, dict(state.kept), dict(state.open)) == (bundles[1].name, None, {}, {})
    with pytest.raises(GateRefused, match="roll it back"):
        on_ledger(lambda ledger: ledger.withdraw(bundles[1].name, people.ann, "no"))
    with pytest.raises(GateRefused, match="was withdrawn: propose it again"):
        on_ledger(lambda ledger: ledger.sign(bundles[2].name, people.ann))


def test_overtaken(on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People) -> None:
    """What was proposed in the place of something that is live no more is not signed, since it could not go live."""

    async def overtaken(ledger: Ledger) -> None:
        await ledger.propose(load_bundle(bundles[0]))
        await _release(ledger, bundles[1], people)
        await ledger.sign(bundles[0].name, people.ann)

    with pytest.raises(GateRefused, match="what is live has changed since it was proposed"):
        on_ledger(overtaken)


def test_touched_after_it_was_proposed(
    on_ledger: Callable[..., Any], bundles: tuple[Path, ...], people: People, home: Path
) -> None:
    """All is checked again before a signature and before a promotion: one byte of a kept bundle, and neither is made."""
    on_ledger(lambda ledger: ledger.propose(load_bundle(bundles[0])))
    card = home / "releases" / bundles[0].name / "card.md"
    card.write_bytes(card.read_bytes()[:-1] + b"!")
    with pytest.raises(IntegrityError, match=r"card\.md was altered"):
        on_ledger(lambda ledger: ledger.sign(bundles[0].name, people.ann))


def test_signed_again_by_another_trainer(
    on_ledger: Callable[..., Any],
    bundles: tuple[Path, ...],
    people: People,
    home: Path,
    entry_of: Callable[..., TrustedKey],
) -> None:
    """A kept bundle whose signature is not the one that was proposed is refused, though its new signer is trusted too."""
    second = Ed25519PrivateKey.generate()
    trusted = people.trusted.with_key(entry_of(second, "Una Vale, analyst", "bundle"))
    on_ledger(lambda ledger: ledger.propose(load_bundle(bundles[0])), trusted)
    kept = home / "releases" / bundles[0].name
    (kept / "signature.json").unlink()
    write_bundle(home / "releases", dict(load_bundle(bundles[0]).files), second)
    with pytest.raises(IntegrityError, match="not signed by the key"):
        on_ledger(lambda ledger: ledger.sign(bundles[0].name, people.ann), trusted)


def test_two_at_once(opened: Opened, bundles: tuple[Path, ...], people: People, home: Path) -> None:
    """Of two promotions at one moment one counts, and the other is told that something else was first."""

    async def raced() -> tuple[list[Any], State]:
        async with opened(home, people.trusted) as one, opened(home, people.trusted) as other:
            for folder in bundles[:2]:
                await one.propose(load_bundle(folder))
                for key in (people.ann, people.bob):
                    await one.sign(folder.name, key)
            went = await asyncio.gather(
                one.promote(bundles[0].name), other.promote(bundles[1].name), return_exceptions=True
            )
            return went, await one.state()

    went, state = asyncio.run(raced())
    assert sorted(type(each) for each in went if isinstance(each, Exception)) == [GateRefused]
    assert len(state.line) == 1
    assert len(state.not_counted) <= 1


def test_a_bundle_by_its_beginning(on_ledger: Callable[..., Any], bundles: tuple[Path, ...]) -> None:
    """A bundle is named by its folder, its id, or eight digits of it; never by one that the ledger does not know."""
    bundle = load_bundle(bundles[0])
    on_ledger(lambda ledger: ledger.propose(bundle))
    state = on_ledger(lambda ledger: ledger.state())
    assert {bundle_named(given, state) for given in (str(bundles[0]), bundle.id, bundle.id[:8])} == {bundle.id}
    for given in ("", bundle.id[:7], "f" * 64, "../" + bundle.id):
        with pytest.raises(BadInput, match="names no bundle"):
            bundle_named(given, state)
