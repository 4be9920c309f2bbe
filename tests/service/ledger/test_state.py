"""What entries come to: against a naive model, and with entries that were forged, altered, repeated or moved."""

import dataclasses
import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from models.signature import key_id
from service.ledger.state import EPOCH, State, fold
from service.ledger.statements import Approval, Promotion, Proposal, RollBack, Statement, Withdrawal, payload
from service.ledger.trusted import TrustedKey, TrustedKeys
from service.record.entries import Kind, Written

People = Any
START = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
LAST_DAY = datetime.date(2030, 1, 1)
NAMES = tuple(digit * 64 for digit in "abcd")


class Writer:
    """Writes entries one by one, an hour apart, with ids of their own."""

    def __init__(self, maker: Ed25519PrivateKey) -> None:
        self.entries: list[Written] = []
        self._maker = key_id(maker.public_key())
        self._made = 0

    def id(self) -> str:
        """Return a new id."""
        self._made += 1
        return f"00000000-0000-7000-8000-{self._made:012x}"

    def add(
        self,
        kind: Kind,
        statement: Statement,
        bundle: str,
        key: Ed25519PrivateKey | None = None,
        made: str | None = None,
    ) -> Written:
        """Append an entry of a statement."""
        seq = len(self.entries) + 1
        at = (START - EPOCH) // datetime.timedelta(microseconds=1) + seq * 3_600_000_000
        entry = Written(seq, at, kind, "ledger", made, None, bundle, payload(statement, key), None, None)
        self.entries.append(entry)
        return entry

    def propose(self, bundle: str, previous: str | None, **more: Any) -> Proposal:
        """Append a proposal."""
        made = self.id()
        proposal = Proposal(at=START, id=made, bundle=bundle, bundle_key=self._maker, previous=previous, **more)
        self.add("release-proposed", proposal, bundle, made=made)
        return proposal

    def sign(self, proposal: Proposal, key: Ed25519PrivateKey | None, **more: Any) -> Written:
        """Append somebody's agreement."""
        return self.add("release-signed", Approval(at=START, proposal=proposal, **more), proposal.bundle, key)

    def promote(self, proposal: Proposal) -> Written:
        """Append a promotion."""
        stated = Promotion(at=START, proposal=proposal.id, bundle=proposal.bundle)
        return self.add("release-promoted", stated, proposal.bundle, made=self.id())

    def roll_back(self, bundle: str, since: str, to: str | None, key: Ed25519PrivateKey | None) -> Written:
        """Append a roll-back."""
        stated = RollBack(at=START, bundle=bundle, since=since, to=to, reason="wrong")
        return self.add("release-rolled-back", stated, bundle, key, made=self.id())


@pytest.fixture
def writer(people: People) -> Writer:
    """Writes entries about bundles of the trainer."""
    return Writer(people.trainer)


def _release(writer: Writer, people: People, bundle: str, previous: str | None) -> Written:
    proposal = writer.propose(bundle, previous)
    writer.sign(proposal, people.ann)
    writer.sign(proposal, people.bob)
    return writer.promote(proposal)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["propose", "sign", "sign", "sign", "promote", "promote", "back", "none", "withdraw"]),
        st.sampled_from(NAMES),
        st.sampled_from(["ann", "bob", "cat", "trainer", "stranger"]),
    ),
    max_size=40,
)


class Naive:
    """The rules again, as plainly as they can be put: lists and sets of names, no keys, no payloads."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[Proposal, set[str]]] = {}
        self.line: list[str] = []

    def propose(self, bundle: str, proposal: Proposal) -> None:
        """Propose a bundle that is not live."""
        if bundle != self.live:
            self.open[bundle] = (proposal, set())

    @property
    def live(self) -> str | None:
        """What is live."""
        return self.line[-1] if self.line else None

    def sign(self, bundle: str, who: str) -> None:
        """Agree, if one may."""
        if bundle in self.open and who in {"ann", "bob", "cat"}:
            self.open[bundle][1].add(who)

    def promote(self, bundle: str) -> None:
        """Go live, with two signatures, in the place of what it was proposed for."""
        if bundle in self.open:
            proposal, signed = self.open[bundle]
            if len(signed) >= 2 and proposal.previous == self.live:
                del self.open[bundle]
                self.line.append(bundle)

    def back(self, who: str, *, to_none: bool) -> None:
        """Go back by one, or to nothing."""
        if who in {"ann", "bob", "cat"} and self.line and (to_none or len(self.line) > 1):
            self.line = [] if to_none else self.line[:-1]

    def withdraw(self, bundle: str, who: str) -> None:
        """Take back a proposal, or have a bundle gone back to no more."""
        if who in {"ann", "bob", "cat"}:
            if bundle in self.open:
                del self.open[bundle]
            elif bundle != self.live:
                self.line = [each for each in self.line[:-1] if each != bundle] + self.line[-1:]


@settings(max_examples=60, deadline=None)
@given(MOVES)
def test_a_naive_model(people: People, moves: list[tuple[str, str, str]]) -> None:
    """Whatever people try, in whatever order, what is live, what was, and who signed is what plain rules say."""
    writer, naive = Writer(people.trainer), Naive()
    for what, bundle, who in moves:
        state, key = fold(writer.entries, people.trusted), getattr(people, who)
        offered = state.offered(bundle)
        match what:
            case "propose":
                naive.propose(bundle, writer.propose(bundle, state.live_bundle, keep_old_until=LAST_DAY))
            case "sign" if offered is not None:
                writer.sign(offered.proposal, key)
                naive.sign(bundle, who)
            case "promote" if offered is not None:
                writer.promote(offered.proposal)
                naive.promote(bundle)
            case "back" | "none" if state.live is not None:
                to = None if what == "none" else state.previous.bundle if state.previous else bundle
                writer.roll_back(state.live.bundle, state.live.since, to, key)
                naive.back(who, to_none=what == "none")
            case "withdraw":
                proposal = offered.proposal.id if offered is not None else None
                stated = Withdrawal(at=START, bundle=bundle, proposal=proposal, reason="no")
                writer.add("release-withdrawn", stated, bundle, key)
                naive.withdraw(bundle, who)
            case _:
                pass
    state = fold(writer.entries, people.trusted)
    assert [each.bundle for each in state.line] == naive.line
    assert {each.bundle for each in state.kept_on(LAST_DAY)} == set(state.kept) <= set(naive.line[:-1])
    assert state.kept_on(LAST_DAY + datetime.timedelta(days=1)) == ()
    newest = {each.proposal.bundle: each for each in state.open.values()}
    assert {bundle: len(each.agreed) for bundle, each in newest.items()} == {
        bundle: len(signed) for bundle, (_, signed) in naive.open.items()
    }


def _forged(writer: Writer, people: People) -> dict[str, Callable[[], object]]:
    """Return, by name, ways to have a bundle go live, or back, that must not."""
    first, second = (json.loads(entry.payload or b"") for entry in writer.entries[1:3])
    other = writer.propose(NAMES[2], NAMES[0])
    stolen = first["statement"] | {"proposal": json.loads(other.model_dump_json())}

    def held(document: object, **changed: Any) -> None:
        entry = writer.sign(other, people.ann)
        writer.entries[-1] = dataclasses.replace(entry, payload=json.dumps(document).encode(), **changed)

    return {
        "nobody signed": lambda: [writer.sign(other, None) for _ in range(2)],
        "a signature of another proposal": lambda: [
            held({"statement": stolen, "signature": each["signature"]}) for each in (first, second)
        ],
        "agreements of another proposal again": lambda: [held(each) for each in (first, second)],
        "one person twice": lambda: [writer.sign(other, people.ann) for _ in range(2)],
        "the trainer": lambda: [writer.sign(other, people.ann), writer.sign(other, people.trainer)],
        "a stranger": lambda: [writer.sign(other, people.ann), writer.sign(other, people.stranger)],
        "no JSON": lambda: [
            writer.entries.append(dataclasses.replace(writer.sign(other, people.ann), payload=each))
            for each in (None, b"", b"[]", b"{}", b"null", b'{"statement":{},"signature":{}}', b"[" * 10_000)
        ],
        "the first promotion again": lambda: writer.entries.append(
            dataclasses.replace(writer.entries[3], seq=99, id=writer.id())
        ),
        "a roll-back that nobody signed": lambda: writer.roll_back(NAMES[0], str(writer.entries[3].id), None, None),
        "a roll-back by the trainer": lambda: writer.roll_back(
            NAMES[0], str(writer.entries[3].id), None, people.trainer
        ),
        "a roll-back from elsewhere": lambda: writer.roll_back(NAMES[0], writer.id(), None, people.ann),
        "a kind that is none": lambda: writer.add(
            "release-signed", Promotion(at=START, proposal=other.id, bundle=NAMES[2]), NAMES[2]
        ),
    }


FORGED = (
    "nobody signed",
    "a signature of another proposal",
    "agreements of another proposal again",
    "one person twice",
    "the trainer",
    "a stranger",
    "no JSON",
    "the first promotion again",
    "a roll-back that nobody signed",
    "a roll-back by the trainer",
    "a roll-back from elsewhere",
    "a kind that is none",
)


@pytest.mark.parametrize("name", FORGED)
def test_forged(writer: Writer, people: People, name: str) -> None:
    """Whatever is written into the database without two people's keys moves nothing, and each such entry is named."""
    _release(writer, people, NAMES[0], None)
    forged = _forged(writer, people)
    assert set(forged) == set(FORGED)
    forged[name]()
    if other := fold(writer.entries, people.trusted).offered(NAMES[2]):
        writer.promote(other.proposal)
    state = fold(writer.entries, people.trusted)
    assert [each.bundle for each in state.line] == [NAMES[0]]
    assert state.not_counted
    assert all(passed.why for passed in state.not_counted)


def test_a_roll_back_again(writer: Writer, people: People) -> None:
    """A roll-back that was written down again, once its bundle is live again, takes nothing back."""
    promoted = _release(writer, people, NAMES[0], None)
    back = writer.roll_back(NAMES[0], str(promoted.id), None, people.ann)
    assert fold(writer.entries, people.trusted).live is None
    _release(writer, people, NAMES[0], None)
    writer.entries.append(dataclasses.replace(back, seq=99, id=writer.id()))
    state = fold(writer.entries, people.trusted)
    assert state.live_bundle == NAMES[0]
    assert [passed.seq for passed in state.not_counted] == [99]


def test_two_people_at_once(writer: Writer, people: People) -> None:
    """Whoever promotes, or rolls back, what somebody else has just done changes nothing, and that is no trouble."""
    promoted = _release(writer, people, NAMES[0], None)
    writer.entries.append(dataclasses.replace(promoted, seq=98, id=writer.id()))
    assert fold(writer.entries, people.trusted).unheeded is None
    back = writer.roll_back(NAMES[0], str(promoted.id), None, people.ann)
    writer.entries.append(dataclasses.replace(back, seq=99, id=writer.id()))
    state = fold(writer.entries, people.trusted)
    assert (len(state.not_counted), state.unheeded) == (2, None)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_altered_entry(people: People, data: st.DataObject) -> None:
    """One changed byte of any entry never makes anything live that people did not, nor says that others allowed it."""
    writer = Writer(people.trainer)
    _release(writer, people, NAMES[0], None)
    entries = list(writer.entries)
    which = data.draw(st.integers(0, len(entries) - 1))
    held = bytearray(entries[which].payload or b"")
    place = data.draw(st.integers(0, len(held) - 1))
    held[place] ^= data.draw(st.integers(1, 255))
    entries[which] = dataclasses.replace(entries[which], payload=bytes(held))
    state: State = fold(entries, people.trusted)
    assert state.live_bundle in {None, NAMES[0]}
    if state.live is not None:
        assert [each.key.name[:3] for each in state.live.offered.agreed] == ["Ann", "Bob"]
        assert state.live.offered.proposal == fold(writer.entries, people.trusted).line[0].offered.proposal


def test_a_key_that_was_never_trusted_then(writer: Writer, people: People, entry_of: Callable[..., TrustedKey]) -> None:
    """A key counts on the days on which it is trusted: ended before a day, it allows nothing on it, also looking back."""
    _release(writer, people, NAMES[0], None)
    ended = people.trusted.with_key(entry_of(people.bob, "Bob Ray, dpo", until=datetime.date(2026, 8, 31)))
    state = fold(writer.entries, ended)
    assert state.live is None
    assert [passed.kind for passed in state.not_counted] == ["release-signed", "release-promoted"]
    assert fold(writer.entries, TrustedKeys()).live is None
