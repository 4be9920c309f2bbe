"""An account tells everything that the record holds about one child, in words that a parent can read."""

import asyncio
import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.canonical import digest
from models.readability import grade, measure
from models.signature import sign
from service.ledger.trusted import TrustedKey, TrustedKeys
from service.record.account import account_of
from service.record.account_shape import Account, account_json
from service.record.account_text import account_text
from service.record.database import open_engine
from service.record.entries import Entry, Written
from service.record.retention import Term, retain
from service.record.seen import seen_of

NOON = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
CHALLENGE = {"raised_by": "parent-or-carer", "ground": "data-wrong", "text_ref": "case:17"}


def told(door: Any, subject: str = "child-1", trusted: TrustedKeys | None = None) -> Account:
    """The account of a child."""
    service = door.service
    given = (service.record, service.references, subject, service.now(), trusted or TrustedKeys())
    account: Account = door.do(account_of, *given)
    return account


@pytest.fixture
def lived(fresh_door: Any, request_body: dict[str, Any]) -> Any:
    """A door at which one child was scored, seen, challenged, corrected, excluded and asked about; another was scored too."""
    door = fresh_door
    door.post("/v1/scores", request_body | {"subject": "child-2"})
    first = door.post("/v1/scores", request_body, earlyid_user="worker-7").json()
    door.get(first["links"]["self"])
    door.post(first["links"]["replay"], {})
    said = {"what": "disagreed", "reason": "data-wrong-or-old", "action": "not-offered"}
    assert door.post(first["links"]["feedback"], said).status_code == 201
    raised = door.post(first["links"]["challenges"], CHALLENGE)
    door.post(f"{raised.headers['location']}/outcome", {"outcome": "upheld", "note_ref": "case:18"})
    corrected = door.post(f"/v1/scores/{first['id']}/corrections", request_body | {"challenge": raised.json()["id"]})
    assert corrected.status_code == 201
    door.post("/v1/scores", request_body | {"detail": "summary"})
    door.post("/v1/subjects/exclusions", {"subject": "child-1", "reason": "objection"})
    door.post("/v1/scores", request_body)
    door.post("/v1/subjects/account", {"subject": "child-1"})
    return door


def test_it_tells_everything_about_the_child(lived: Any) -> None:
    """Every score with what was done about it, who saw it, how it stands, and what else is held; and of no other child."""
    account = told(lived)
    first, second, short, refused = account.scores
    assert [len(score.outcomes) > 0 for score in account.scores] == [True, True, True, False]
    assert (first.corrected_by, second.corrects) == (second.id, first.id)
    assert [one.words for one in first.seen] == ["The score was read.", "The score was worked out again, to check it."]
    assert first.said[0].words == (
        "Somebody looked at the score and did not agree with it. What is on record is wrong or out of date. "
        "Support was not offered."
    )
    assert first.challenges[0].words == "A parent or carer said that what is on record is wrong."
    assert first.challenges[0].outcome == "The challenge was upheld."
    assert (first.purpose, first.facts) == ("early_help", 7)
    assert first.outcomes[0].family is not None
    assert short.outcomes[0].family is None
    assert refused.words == "No score is available for this child."
    assert [one.words for one in account.exclusions] == ["From here on no score of the child is given (objection)."]
    assert len(account.accounts) == 1
    assert (account.other, account.erased) == ([], [])


def test_it_names_no_other_person(lived: Any) -> None:
    """What stands for a practitioner in a case system is not told, in neither form."""
    account = told(lived)
    assert "worker-7" not in account.model_dump_json() + account_text(account)


def test_a_short_answer_is_told_at_length(lived: Any) -> None:
    """A family is told no less where a short answer was asked for, in this place's words for sources and systems."""
    lived.service.labels = lambda: {"all": "The case system"}
    account = Account.model_validate(lived.post("/v1/subjects/account", {"subject": "child-1"}).json())
    first, _, short, _ = account.scores
    assert short.note is not None
    assert short.note.startswith("A short answer was asked for. It was worked out again")
    assert (short.outcomes, short.model) == (first.outcomes, first.model)
    assert (short.system, sum(short.sources.values())) == ("The case system", short.facts)
    assert short.sources["Health visiting review"] == 2
    text = account_text(account)
    assert "It says the same as number 1." in text
    assert "The case system asked" in text


def test_what_was_done_again_and_again_is_told_once(fresh_door: Any, request_body: dict[str, Any]) -> None:
    """Readings are counted, and a score whose day has passed says so."""
    made = fresh_door.post("/v1/scores", request_body).json()
    for _ in range(3):
        fresh_door.get(made["links"]["self"])
    fresh_door.pass_days(400)
    text = account_text(told(fresh_door))
    assert text.count("The score was read. (3 times, last on ") == 1
    assert "(that day has passed)." in text


def test_a_short_answer_whose_model_is_gone(lived: Any) -> None:
    """Where its bundle is not kept any more, the account says that less is told."""
    short = told(lived).scores[2]
    assert (short.note or "").endswith("its model is not kept here, so less is told here.")
    assert short.outcomes[0].family is None


def test_who_saw_it_is_told_apart(lived: Any) -> None:
    """Whoever investigates is told the people whom a system named, which an account leaves out."""
    service = lived.service
    found = lived.do(seen_of, service.record, service.references.of("child-1"))
    assert [(one.client, one.user, one.did) for one in found[:2]] == [
        ("all", "worker-7", "asked for a score"),
        ("all", None, "read the score, or a challenge to it"),
    ]
    assert {one.did for one in found} >= {"challenged the score", "was given all that is held about the child"}


class Read:
    """A record that was read beforehand, so that nobody who asks it waits for it."""

    def __init__(self, entries: list[Written]) -> None:
        self._entries = entries

    async def of_subject(self, _subject: bytes) -> list[Written]:
        """See Record."""
        return self._entries

    async def releases(self, _after: int = 0) -> list[Written]:
        """See Record."""
        return []

    async def last(self, _kind: str, before: int) -> Written | None:  # noqa: ARG002 - named so by Record
        """See Record."""
        return None


def test_others_get_their_turn(lived: Any, turns: Any) -> None:
    """While a long account is put together and written down, other callers get their turn again and again."""
    entries = lived.do(lived.service.record.of_subject, lived.service.references.of("child-1"))

    async def story() -> list[int]:
        account, while_told = await turns(account_of(Read(entries * 40), lived.service.references, "child-1", NOON))
        written, while_written = await turns(account_json(account))
        assert Account.model_validate_json(written) == account
        return [while_told, while_written]

    while_told, while_written = asyncio.run(story())
    assert while_told > 10
    assert while_written > 2


def test_a_child_of_whom_nothing_is_held(lived: Any) -> None:
    """Of a child who was never asked about the account says so."""
    account = told(lived, "child-never")
    assert account.scores == []
    assert "No score of the child is held." in account_text(account)


def test_a_parent_can_read_it(lived: Any) -> None:
    """The text tells each score and what was done, its own sentences no harder than the family text's."""
    account = told(lived)
    text = account_text(account)
    for said in (account.scores[0].outcomes[0].family or "", *account.words):
        assert all(line in text for line in said.split("\n"))
    assert "A newer score (number 2) has taken its place." in text
    assert "It corrects number 1." in text
    assert "for this purpose: early help." in text
    assert "It rests on 0 facts" not in text
    assert all(line.strip()[:1] in "-0123456789" or line.strip()[0].isupper() for line in text.splitlines() if line)
    assert "The challenge was upheld." in text
    own = [*account.words, *(one.words for score in account.scores for one in (*score.seen, *score.said))]
    assert grade(*(sum(parts) for parts in zip(*map(measure, own), strict=True))) < 8


def test_what_is_erased_is_said_to_be(lived: Any, tmp_path: Path) -> None:
    """Once retention has erased a score, what came later of it is told beside it."""
    before = told(lived)
    lived.pass_days(400)
    lived.post(f"/v1/scores/{before.scores[0].id}/challenges", CHALLENGE)
    engine = open_engine(tmp_path / "record.db")
    retain(engine, Term(300, lived.service.now()), "somebody", patience=0)
    engine.dispose()
    after = told(lived)
    # The first score is challenged anew and not settled, so it is kept, with all that was done about it.
    kept = {before.scores[0].id, before.scores[1].id}
    assert {score.id for score in after.scores} == kept
    assert [one.words for one in after.exclusions] == [one.words for one in before.exclusions]


def test_it_is_told_by_the_keys_that_are_trusted_now(fresh_door: Any, request_body: dict[str, Any]) -> None:
    """Whoever asks the service for an account is told by name who allowed the model."""
    key, bundle = Ed25519PrivateKey.generate(), fresh_door.service.current.held.live.bundle.id
    raw = key.public_key().public_bytes_raw()
    name = "Ann Ash, director of children's services"
    known = TrustedKey(key_id=digest(raw), public_key=raw.hex(), name=name, may="release", since=NOON.date())
    said = json.dumps({"statement": {}, "signature": json.loads(sign(digest(b"{}"), key))}).encode()
    fresh_door.do(fresh_door.service.record.append, Entry("release-signed", "earlyid", said, bundle=bundle))
    fresh_door.post("/v1/scores", request_body)
    fresh_door.service.trusted = lambda: TrustedKeys(keys=(known,))
    account = fresh_door.post("/v1/subjects/account", {"subject": "child-1"}).json()
    assert account["scores"][0]["allowed_by"] == [name]


def test_it_names_who_allowed_the_model(fresh_door: Any, request_body: dict[str, Any]) -> None:
    """Those who had signed for the bundle by then are named, as the trusted keys name them, or by their keys."""
    key, bundle = Ed25519PrivateKey.generate(), fresh_door.service.current.held.live.bundle.id
    raw = key.public_key().public_bytes_raw()
    name = "Ann Ash, director of children's services"
    known = TrustedKey(key_id=digest(raw), public_key=raw.hex(), name=name, may="release", since=NOON.date())
    signature = json.loads(sign(digest(b"{}"), key))
    said = json.dumps({"statement": {}, "signature": signature}).encode()
    fresh_door.do(fresh_door.service.record.append, Entry("release-signed", "earlyid", said, bundle=bundle))
    fresh_door.post("/v1/scores", request_body)
    fresh_door.do(fresh_door.service.record.append, Entry("release-signed", "earlyid", b"{}", bundle=bundle))
    assert told(fresh_door).scores[0].allowed_by == [f"the holder of the key {digest(raw)[:16]}"]
    account = told(fresh_door, trusted=TrustedKeys(keys=(known,)))
    assert account.scores[0].allowed_by == [name]
    assert f"Its use was allowed by {name}." in account_text(account)
