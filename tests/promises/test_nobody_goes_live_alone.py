"""
Nobody goes live alone: a bundle answers once two different people signed for it, neither of whom made it, and its gates say yes.

It must be so because whoever makes a model wants it used, and one key that is lost or bent must not be enough.
"""

import asyncio
import datetime
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.generated import contract_text
from benchmarks.serving.office import Office
from benchmarks.small_bundle import bundle_files
from models.bundle import load_bundle
from models.bundle_writing import write_bundle
from models.errors import GateRefused
from models.gates import Gate, Gates
from models.signature import load_key, new_key
from service.current import Current, Held
from service.ledger.ledger import CLIENT, Ledger
from service.ledger.opening import open_ledger
from service.ledger.statements import Promotion, payload
from service.ledger.trusted import read_trusted, trusted_key, trusted_path, write_trusted
from service.ledger.watching import Watch
from service.live import Live, Standby
from service.record.entries import Entry
from service.record.ids import new_id

# Everybody who tries, whose key it is and what it is trusted for; the last is trusted for nothing.
SIGNERS = ("trainer", "ann", "bob", "ann again", "trainer again", "stranger")
PEOPLE = {"ann": "ann", "ann again": "ann", "bob": "bob"}
BLOCKED = Gate(
    code="refits_agree",
    kind="release",
    label="Refits agree",
    threshold="at least 0.9",
    verdict="blocked",
    words="Refits do not agree.",
    next="Train on more children.",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An authority whose people have keys, two of them a second one."""
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder)
    for name, whose in (("ann again", "Ann Lee, deputy"), ("trainer again", "Tom Train, head of release")):
        new_key(folder / name)
        key = trusted_key(str(folder / name), whose, "release", datetime.date(2020, 1, 1))
        write_trusted(trusted_path(office.home), read_trusted(trusted_path(office.home)).with_key(key))
    new_key(folder / "stranger")
    return office


@pytest.fixture(scope="module")
def keys(office: Office) -> dict[str, Ed25519PrivateKey]:
    """The private keys of all who try."""
    return {name: load_key(office.home.parent / name) for name in SIGNERS}


def _on(office: Office, work: Callable[[Ledger], Awaitable[None]]) -> None:
    async def done() -> None:
        async with open_ledger(office.home, None) as ledger:
            await work(ledger)

    asyncio.run(done())


async def _answering(office: Office, ledger: Ledger) -> str | None:
    """Return the id of the bundle by which a service that starts now answers."""
    current = Current(Held(Standby("It has not started.")))
    await Watch(ledger.record, office.home / "releases", trusted_path(office.home), current).look()
    return current.held.live.bundle.id if isinstance(current.held.live, Live) else None


def test_whoever_signs(office: Office, keys: dict[str, Ed25519PrivateKey]) -> None:
    """Of all who may try, alone, by twos and all but one of them, only two people other than the trainer bring a bundle live."""
    bundle = load_bundle(office.bundles[0])
    tries = [each for count in (0, 1, 2, len(SIGNERS) - 1) for each in itertools.combinations(SIGNERS, count)]
    went_live = []

    async def work(ledger: Ledger) -> None:
        for signers in tries:
            await ledger.propose(bundle)
            for signer in signers:
                await _refused_or_done(ledger.sign(bundle.id, keys[signer]))
            await _refused_or_done(ledger.promote(bundle.id))
            if await _answering(office, ledger) == bundle.id:
                went_live.append(signers)
                await ledger.roll_back(keys["ann"], "the next try", to_none=True)
            else:
                await ledger.withdraw(bundle.id, keys["ann"], "the next try")

    _on(office, work)
    assert went_live == [signers for signers in tries if len({PEOPLE.get(each) for each in signers} - {None}) == 2]


async def _refused_or_done(work: Awaitable[object]) -> None:
    try:
        await work
    except GateRefused:
        return


def test_whoever_writes_into_the_record(office: Office) -> None:
    """A promotion that is written straight into the record, with no or one signature before it, has nothing answer."""
    bundle = load_bundle(office.bundles[1])

    async def work(ledger: Ledger) -> None:
        proposal = (await ledger.propose(bundle)).proposal.id
        for sign in (lambda: asyncio.sleep(0), lambda: ledger.sign(bundle.id, office.ann)):
            await sign()
            stated = payload(Promotion(at=ledger.now(), proposal=proposal, bundle=bundle.id), None)
            made = new_id(ledger.now())
            entry = Entry("release-promoted", CLIENT, stated, id=made, about=proposal, bundle=bundle.id)
            await ledger.record.append(entry)
            assert await _answering(office, ledger) is None
        await ledger.sign(bundle.id, office.bob)
        await ledger.promote(bundle.id)
        assert await _answering(office, ledger) == bundle.id

    _on(office, work)


@pytest.mark.parametrize(
    ("gates", "why"),
    [(Gates(evidence="quick", gates=()), "quick"), (Gates(evidence="full", gates=(BLOCKED,)), "Refits do not agree")],
    ids=["not all was computed", "a gate says no"],
)
def test_what_its_gates_refuse(office: Office, tmp_path: Path, gates: Gates, why: str) -> None:
    """A bundle whose evidence is not full, or whose gates say no, is not even proposed, so nobody can sign for it."""
    made = write_bundle(tmp_path, bundle_files(contract_text(), gates=gates), office.trainer)

    async def work(ledger: Ledger) -> None:
        with pytest.raises(GateRefused, match=why):
            await ledger.propose(load_bundle(made))
        with pytest.raises(GateRefused, match="not proposed"):
            await ledger.sign(made.name, office.ann)

    _on(office, work)
