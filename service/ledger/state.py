"""
What the entries of the ledger come to: what is proposed, who agreed, what is live, what was, and since when.

Pure: entries and trusted keys in, a state out. What does not follow from what came before, is not signed as it must be, or was
altered, changes nothing; it is kept by number with the reason, so that it can be told.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from models.errors import EarlyidError, GateRefused, IntegrityError
from service.ledger.statements import Approval, Promotion, Proposal, RollBack, Withdrawal, read_payload
from service.ledger.trusted import TrustedKey, TrustedKeys
from service.record.entries import Kind, Written

# So many people agree to a release, none of whom made the bundle.
SIGNERS = 2
# Whoever comes second, as when two people do the same at once, changes nothing, and nothing is wrong.
_LIVE_ALREADY = "the bundle is live already"
OTHER_LIVE = "what is live has changed since it was proposed; propose it again"
_NOT_LIVE = "what it goes back from is not live, or became so again since"
_OVERTAKEN = frozenset({_LIVE_ALREADY, OTHER_LIVE, _NOT_LIVE})
# What changes what is live.
_TURNS = frozenset[Kind]({"release-promoted", "release-rolled-back"})
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Somebody who signed a proposal, and when."""

    key: TrustedKey
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal, when it was made, and who agreed to it so far."""

    proposal: Proposal
    at: datetime.datetime
    agreed: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A bundle that is or was live, by the proposal that it became so; `since` is the id of the entry that made it so last."""

    bundle: str
    offered: Offered
    since: str


@dataclass(frozen=True, slots=True)
class Move:
    """Something that changed what is live, or may be asked: when, what was live from then on, and why."""

    seq: int
    at: datetime.datetime
    kind: Kind
    bundle: str
    live: Release | None
    by: str | None = None
    reason: str | None = None
    # What may be asked by its id from then on, and to which day.
    kept: Mapping[str, datetime.date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotCounted:
    """An entry that changed nothing, and why."""

    seq: int
    at: datetime.datetime
    kind: Kind
    why: str


@dataclass(frozen=True, slots=True)
class State:
    """
    What the ledger says.

    `open` holds the proposals that may still go live, by their ids. `line` is what was live, oldest first, what is live last.
    `kept` says to which day a bundle that was live may be asked by its id.
    """

    open: Mapping[str, Offered] = field(default_factory=dict)
    line: tuple[Release, ...] = ()
    kept: Mapping[str, datetime.date] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()

    @property
    def live(self) -> Release | None:
        """What is live."""
        return self.line[-1] if self.line else None

    @property
    def previous(self) -> Release | None:
        """What was live before, and is gone back to."""
        return self.line[-2] if len(self.line) > 1 else None

    @property
    def live_bundle(self) -> str | None:
        """The id of the bundle that is live."""
        return self.live.bundle if self.live is not None else None

    @property
    def unheeded(self) -> NotCounted | None:
        """The newest turn of what is live, where it counts for nothing though nobody overtook it: keys were taken away, or it is forged."""
        heeded = max((move.seq for move in self.moves if move.kind in _TURNS), default=0)
        newer = (each for each in reversed(self.not_counted) if each.seq > heeded)
        return next((each for each in newer if each.kind in _TURNS and each.why not in _OVERTAKEN), None)

    def offered(self, bundle: str) -> Offered | None:
        """Return the proposal of a bundle that may still go live; a newer one takes the place of the one before."""
        return next((each for each in self.open.values() if each.proposal.bundle == bundle), None)

    def kept_on(self, day: datetime.date) -> tuple[Release, ...]:
        """Return the bundles that may be asked by their id on a day, though they are not live."""
        named = {each.bundle: each for each in self.line[:-1]}
        return tuple(named[bundle] for bundle, until in sorted(self.kept.items()) if day <= until)


def moment(entry: Written) -> datetime.datetime:
    """Return when an entry was recorded, in the time of this place."""
    return (EPOCH + datetime.timedelta(microseconds=entry.at)).astimezone()


def relied_on(entries: Iterable[Written]) -> bool:
    """Whether the trusted keys are relied on: anything was live once."""
    return any(entry.kind == "release-promoted" for entry in entries)


def fold(entries: Iterable[Written], trusted: TrustedKeys) -> State:
    """Return what entries come to, in their order, by the keys that are trusted."""
    state = State()
    for entry in entries:
        try:
            state = after(state, entry, trusted)
        except EarlyidError as error:
            passed = NotCounted(entry.seq, moment(entry), entry.kind, str(error))
            state = replace(state, not_counted=(*state.not_counted, passed))
    return state


def after(state: State, entry: Written, trusted: TrustedKeys) -> State:
    """Return the state after an entry; raises GateRefused when it does not follow, IntegrityError when it is not what it says."""
    step = _STEPS.get(entry.kind)
    if step is None:
        raise IntegrityError("the ledger has no entries of this kind")
    return step(state, entry, trusted)


def _proposed(state: State, entry: Written, trusted: TrustedKeys) -> State:
    proposal, _ = read_payload(entry.payload, Proposal)
    at = moment(entry)
    _same(proposal.id == entry.id and proposal.bundle == entry.bundle)
    if proposal.bundle == state.live_bundle:
        raise GateRefused(_LIVE_ALREADY)
    if proposal.previous != state.live_bundle:
        raise GateRefused("it was compared with a bundle that is not live")
    if trusted.holder(proposal.bundle_key, "bundle", at.date()) is None:
        raise GateRefused(f"the bundle is signed by a key that is not trusted for bundles ({proposal.bundle_key[:12]})")
    others = {name: each for name, each in state.open.items() if each.proposal.bundle != proposal.bundle}
    return replace(state, open={**others, proposal.id: Offered(proposal, at)})


def _signed(state: State, entry: Written, trusted: TrustedKeys) -> State:
    approval, key_id = read_payload(entry.payload, Approval)
    proposal, at = approval.proposal, moment(entry)
    offered = _open(state, proposal.id)
    _same(proposal == offered.proposal and proposal.bundle == entry.bundle)
    key = _holder(key_id, trusted, at)
    maker = trusted.of(proposal.bundle_key)
    if key.key_id == proposal.bundle_key or maker is None or key.person == maker.person:
        raise GateRefused(f"{key.name}: whoever signed the bundle does not sign its release")
    if any(key.key_id == other.key.key_id or key.person == other.key.person for other in offered.agreed):
        raise GateRefused(f"{key.name} has signed this proposal already; {SIGNERS} different people sign")
    if proposal.breaking and not approval.breaking_ticked:
        raise GateRefused("callers must change what they send; whoever signs ticks that with --breaking")
    agreed = replace(offered, agreed=(*offered.agreed, Agreed(key, at)))
    return replace(state, open={**state.open, proposal.id: agreed})


def _promoted(state: State, entry: Written, trusted: TrustedKeys) -> State:
    promotion, _ = read_payload(entry.payload, Promotion)
    if state.live is not None and state.live.offered.proposal.id == promotion.proposal:
        raise GateRefused(_LIVE_ALREADY)
    offered = _open(state, promotion.proposal)
    proposal, since = offered.proposal, entry.id
    _same(proposal.bundle == promotion.bundle == entry.bundle and since is not None)
    check_signers(offered, trusted, moment(entry).date())
    if proposal.previous != state.live_bundle:
        raise GateRefused(OTHER_LIVE)
    kept = {bundle: until for bundle, until in state.kept.items() if bundle != proposal.bundle}
    if proposal.previous is not None and proposal.keep_old_until is not None:
        kept[proposal.previous] = proposal.keep_old_until
    release = Release(proposal.bundle, offered, str(since))
    others = {name: each for name, each in state.open.items() if name != proposal.id}
    moved = replace(state, open=others, line=(*state.line, release), kept=kept)
    return _moved(moved, entry, proposal.bundle)


def check_signers(offered: Offered, trusted: TrustedKeys, on: datetime.date) -> None:
    """Raise GateRefused unless two people signed whose keys are trusted on that day still, and so is the bundle's."""
    counted = [each.key.name for each in offered.agreed if trusted.holder(each.key.key_id, "release", on) is not None]
    if len(counted) < SIGNERS:
        who = f" (so far: {'; '.join(counted)})" if counted else ""
        raise GateRefused(f"{len(counted)} of {SIGNERS} signatures that are needed{who}")
    if trusted.holder(offered.proposal.bundle_key, "bundle", on) is None:
        raise GateRefused("the key that signed the bundle is not trusted any more")


def _rolled_back(state: State, entry: Written, trusted: TrustedKeys) -> State:
    stated, key_id = read_payload(entry.payload, RollBack)
    key = _holder(key_id, trusted, moment(entry))
    live, previous = state.live, state.previous
    _same(entry.bundle == stated.bundle and entry.id is not None)
    if live is None or (live.bundle, live.since) != (stated.bundle, stated.since):
        raise GateRefused(_NOT_LIVE)
    if stated.to is None:
        return _moved(replace(state, line=(), kept={}), entry, stated.bundle, key, stated.reason)
    if previous is None or previous.bundle != stated.to:
        raise GateRefused("that was not live before; only what was can be gone back to, or nothing")
    again = replace(previous, since=str(entry.id))
    kept = {bundle: until for bundle, until in state.kept.items() if bundle != stated.to}
    moved = replace(state, line=(*state.line[:-2], again), kept=kept)
    return _moved(moved, entry, stated.bundle, key, stated.reason)


def _withdrawn(state: State, entry: Written, trusted: TrustedKeys) -> State:
    stated, key_id = read_payload(entry.payload, Withdrawal)
    key = _holder(key_id, trusted, moment(entry))
    _same(entry.bundle == stated.bundle)
    if stated.proposal is not None:
        _same(_open(state, stated.proposal).proposal.bundle == stated.bundle)
        left = {name: each for name, each in state.open.items() if name != stated.proposal}
        return _moved(replace(state, open=left), entry, stated.bundle, key, stated.reason)
    if stated.bundle == state.live_bundle:
        raise GateRefused("it is live; roll it back")
    before = tuple(each for each in state.line[:-1] if each.bundle != stated.bundle)
    kept = {bundle: until for bundle, until in state.kept.items() if bundle != stated.bundle}
    if (len(before), len(kept)) == (len(state.line[:-1]), len(state.kept)):
        raise GateRefused("it is neither proposed, nor gone back to, nor kept")
    return _moved(replace(state, line=(*before, *state.line[-1:]), kept=kept), entry, stated.bundle, key, stated.reason)


def _moved(
    state: State, entry: Written, bundle: str, key: TrustedKey | None = None, reason: str | None = None
) -> State:
    by = key.name if key is not None else None
    move = Move(entry.seq, moment(entry), entry.kind, bundle, state.live, by, reason, state.kept)
    return replace(state, moves=(*state.moves, move))


def _open(state: State, proposal: str) -> Offered:
    if (found := state.open.get(proposal)) is None:
        raise GateRefused("there is no such proposal, or it is live or withdrawn already")
    return found


def _holder(key_id: str | None, trusted: TrustedKeys, at: datetime.datetime) -> TrustedKey:
    if key_id is None:
        raise IntegrityError("nobody signed it")
    if (key := trusted.holder(key_id, "release", at.date())) is None:
        raise GateRefused(f"the key {key_id[:12]} is not trusted for releases on that day")
    return key


def _same(fits: bool) -> None:  # noqa: FBT001 - an assertion about an entry, told in one way
    if not fits:
        raise IntegrityError("the statement is not of this entry")


_STEPS: Mapping[Kind, Callable[[State, Written, TrustedKeys], State]] = {
    "release-proposed": _proposed,
    "release-signed": _signed,
    "release-promoted": _promoted,
    "release-rolled-back": _rolled_back,
    "release-withdrawn": _withdrawn,
}
