"""A file of requests scored for use: by what is live, unstamped, every answer recorded before it is written."""

import asyncio
import dataclasses
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from models.bundle import load_bundle
from models.errors import BadInput, GateRefused
from models.secret import new_secret, secret_bytes
from service.batch.in_use import TOGETHER
from service.batch.opening import in_use, score_for_use
from service.batch.tally import Tally
from service.ledger.ledger import Ledger
from service.operating.settings import Settings
from service.record.entries import Entry, Written
from service.record.references import References
from service.score_commands import app

People = Any
Opened = Callable[..., AbstractAsyncContextManager[Ledger]]
CLIENTS = """
[[client]]
name = "case-system"
label = "The case system of early help"
agreement = "DSA-2026-01"
expires = 2099-12-31
permissions = ["score"]
purposes = ["early_help"]

[[client]]
name = "board"
label = "The pages of the board"
agreement = "DSA-2026-02"
expires = 2099-12-31
permissions = ["operate"]
"""
AUTHORITY = """
controller = "Borough Council"
owner = "Head of early help"
enquiries = "earlyhelp@borough.example"
data_protection_contact = "dpo@borough.example"
decision_maker = "the case worker"
own_view_first = true
privacy_notice = "https://borough.example/privacy"
challenge = "https://borough.example/challenge"
human_contact = "020 7946 0000"
how_to_object = "Write to the council."
dpia = "DPIA-7"
eqia = "EQIA-7"
review_due = 2099-01-01
"""


@pytest.fixture
def settings(home: Path) -> Settings:
    """The settings of a home with a client, an authority and a key for references; nothing is live there yet."""
    (home / "clients.toml").write_text(CLIENTS, encoding="utf-8")
    (home / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    for name in ("clients.toml", "authority.toml"):
        (home / name).chmod(0o600)
    new_secret(home / "keys" / "reference.key")
    return Settings(home=home)


@pytest.fixture
def released(opened: Opened, settings: Settings, bundles: tuple[Path, ...], people: People) -> str:
    """The id of a bundle that was released there."""

    async def release() -> None:
        async with opened(settings.home, people.trusted) as ledger:
            bundle = load_bundle(bundles[0])
            await ledger.propose(bundle)
            await ledger.sign(bundle.id, people.ann)
            await ledger.sign(bundle.id, people.bob)
            await ledger.promote(bundle.id)

    asyncio.run(release())
    return bundles[0].name


def _score(settings: Settings, folder: Path, lines: list[bytes], client: str | None = "case-system") -> Tally:
    (folder / "in.jsonl").write_bytes(b"\n".join(lines))
    return score_for_use(settings, client, folder / "in.jsonl", folder / "out.jsonl", lambda _said: None)[1]


def _entries(opened: Opened, settings: Settings, people: People, ids: list[str]) -> list[Written | None]:
    async def read() -> list[Written | None]:
        async with opened(settings.home, people.trusted) as ledger:
            return [await ledger.record.one(id_) for id_ in ids]

    return asyncio.run(read())


def test_recorded(
    settings: Settings,
    released: str,
    request_body: dict[str, Any],
    opened: Opened,
    people: People,
    tmp_path: Path,
) -> None:
    """Every line is an answer that the record holds, under an id by which it can be asked for, and says nothing of approval."""
    many = [json.dumps(request_body | {"subject": f"child-{n}"}).encode() for n in range(TOGETHER + 5)]
    other = json.dumps(request_body | {"purpose": "research"}).encode()
    tally = _score(settings, tmp_path, [*many, b"no", other])
    assert (tally.scored, tally.not_scored, tally.set_aside.total()) == (len(many), 0, 2)
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [answer["subject"] for answer in answers] == [f"child-{n}" for n in range(len(many))]
    assert {answer["bundle"] for answer in answers} == {released}
    assert b"not approved" not in (tmp_path / "out.jsonl").read_bytes()
    references = References(secret_bytes(settings.reference_file))
    shown = answers[::50]
    for answer, written in zip(
        shown, _entries(opened, settings, people, [answer["id"] for answer in shown]), strict=True
    ):
        assert written is not None
        assert (written.kind, written.client, written.bundle) == ("score", "case-system", released)
        assert written.subject == references.of(answer["subject"])
        subject = answer.pop("subject")
        assert json.loads(written.payload or b"")["answer"] == answer
        assert subject.encode() not in (written.payload or b"")


def test_an_objection(
    settings: Settings, released: str, request_body: dict[str, Any], opened: Opened, people: People, tmp_path: Path
) -> None:
    """Of a child of whom somebody objected no score is given, and that is recorded too."""
    hashed = References(secret_bytes(settings.reference_file)).of("child-1")

    async def objected() -> None:
        async with opened(settings.home, people.trusted) as ledger:
            await ledger.record.append(Entry("exclusion", "case-system", b"{}", subject=hashed))

    asyncio.run(objected())
    tally = _score(settings, tmp_path, [json.dumps(request_body).encode()])
    assert (tally.scored, tally.not_scored) == (0, 1)
    answer = json.loads((tmp_path / "out.jsonl").read_bytes())
    assert (answer["bundle"], answer["code"]) == (released, "not-available")
    (written,) = _entries(opened, settings, people, [answer["id"]])
    assert written is not None


def test_nothing_is_live(settings: Settings, request_body: dict[str, Any], tmp_path: Path) -> None:
    """Where no release is live nothing is scored, and no record is begun."""
    with pytest.raises(GateRefused, match="nothing is live"):
        _score(settings, tmp_path, [json.dumps(request_body).encode()])
    assert not (settings.home / "record.db").exists()
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("client", "error", "said"),
    [
        (None, BadInput, "--client"),
        ("nobody", BadInput, "no client of that name"),
        ("board", GateRefused, "does not let it ask"),
    ],
)
def test_not_a_client(
    settings: Settings, released: str, tmp_path: Path, client: str | None, error: type[Exception], said: str
) -> None:
    """A file is of a client whose agreement lets it ask for scores."""
    assert released
    with pytest.raises(error, match=said):
        _score(settings, tmp_path, [b"{}"], client)
    assert not (tmp_path / "out.jsonl").exists()


def test_the_ledger_moved(settings: Settings, released: str, request_body: dict[str, Any]) -> None:
    """Where something else went live meanwhile the rest of a file is not scored by what was."""
    assert released
    with asyncio.Runner() as runner:
        opening = in_use(settings, "case-system")
        found = runner.run(opening.__aenter__())
        moved = dataclasses.replace(found, released=found.released - 1)
        try:
            with pytest.raises(GateRefused, match="the ledger changed"):
                next(moved.answers([json.dumps(request_body).encode()], runner))
        finally:
            runner.run(opening.__aexit__(None, None, None))


def test_a_matrix() -> None:
    """A matrix is not scored for use, since no answer about its rows could be worked out again; why is said."""
    with pytest.raises(GateRefused, match="holds no child's record"):
        app(["in.parquet", "out.parquet"])
