"""What was live when, and who allowed it: for people, and for programs."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.ledger.state import Move, NotCounted, Offered, Release, State
from service.ledger.trusted import TrustedKeys

CHANGES = ("release-promoted", "release-rolled-back")


@dataclass(frozen=True, slots=True)
class Period:
    """A time in which one bundle was live, or none; by the move that began it, until another (None: it is so still)."""

    move: Move | None
    begun: datetime.datetime | None
    ended: datetime.datetime | None

    @property
    def release(self) -> Release | None:
        """What was live."""
        return self.move.live if self.move is not None else None

    def touches(self, day: datetime.date) -> bool:
        """Whether any of the day, by the calendar of this place, lies in it."""
        return (self.begun is None or self.begun.date() <= day) and (self.ended is None or day <= self.ended.date())


def dated(state: State, now: datetime.datetime) -> State:
    """Return the state with no move dated after the one that followed it, or after now: a clock that was ahead dated it."""
    latest, moves = now.astimezone(), list[Move]()
    for move in reversed(state.moves):
        latest = min(move.at, latest)
        moves.append(replace(move, at=latest))
    return replace(state, moves=tuple(reversed(moves)))


def periods(state: State) -> list[Period]:
    """Return the times in which one thing was live, oldest first; before the first release nothing was."""
    moves = [move for move in state.moves if move.kind in CHANGES]
    starts: list[Move | None] = [None, *moves]
    times = [None, *(move.at for move in moves), None]
    return [Period(move, times[k], times[k + 1]) for k, move in enumerate(starts)]


def period_as_json(period: Period, trusted: TrustedKeys) -> dict[str, Any]:
    """Return a period for programs: times in ISO 8601 with their offset from UTC; null: not begun, or not ended."""
    release, move = period.release, period.move
    return {
        "bundle": release.bundle if release is not None else None,
        "from": period.begun.isoformat() if period.begun is not None else None,
        "to": period.ended.isoformat() if period.ended is not None else None,
        "began_by": move.kind.removeprefix("release-") if move is not None else None,
        "rolled_back_by": move.by if move is not None else None,
        "reason": move.reason if move is not None else None,
        "release": _release_as_json(release.offered, trusted) if release is not None else None,
    }


def _release_as_json(offered: Offered, trusted: TrustedKeys) -> dict[str, Any]:
    proposal = offered.proposal
    return {
        "proposal": proposal.id,
        "proposed_at": offered.at.isoformat(),
        "bundle_signed_by": maker_of(offered, trusted),
        "allowed_by": [
            {"name": each.key.name, "key_id": each.key.key_id, "at": each.at.isoformat()} for each in offered.agreed
        ],
        "breaking": list(proposal.breaking),
        "exceptions": [each.model_dump(mode="json") for each in proposal.exceptions],
        "keep_old_until": proposal.keep_old_until.isoformat() if proposal.keep_old_until is not None else None,
    }


def maker_of(offered: Offered, trusted: TrustedKeys) -> str:
    """Return who signed the bundle of a proposal, by name."""
    key = trusted.of(offered.proposal.bundle_key)
    return key.name if key is not None else f"key {offered.proposal.bundle_key[:12]}"


def period_in_words(period: Period, trusted: TrustedKeys) -> Iterator[str]:
    """Yield what was live in a period, how it came about, and who allowed it."""
    release, move = period.release, period.move
    begun = f"from {_time(period.begun)}" if period.begun is not None else "at first"
    ended = f" to {_time(period.ended)}" if period.ended is not None else ""
    yield f"{begun}{ended}: {f'bundle {release.bundle}' if release is not None else 'nothing was live, so no score'}"
    if move is not None and move.kind == "release-rolled-back":
        yield f"  {move.by} rolled back bundle {move.bundle[:12]}: {move.reason}"
    if release is not None:
        yield from _allowed(release.offered, trusted)


def _allowed(offered: Offered, trusted: TrustedKeys) -> Iterator[str]:
    yield f"  made by {maker_of(offered, trusted)}, who signed the bundle; proposed {_time(offered.at)}"
    for agreed in offered.agreed:
        yield f"  allowed by {agreed.key.name}, {_time(agreed.at)} (key {agreed.key.key_id[:12]})"
    for words in offered.proposal.breaking:
        yield f"  callers had to change: {words}"
    for each in offered.proposal.exceptions:
        yield (
            f"  with an exception to the gate {each.gate}, by {each.by}, minute {each.minute}, to {each.expires}: "
            f"{each.reason}"
        )


def rest_in_words(state: State, trusted: TrustedKeys, today: datetime.date) -> Iterator[str]:
    """Yield what waits, what may still be asked by its id, what was withdrawn, and what counts for nothing."""
    for offered in state.open.values():
        yield f"proposed {_time(offered.at)}, not live: bundle {offered.proposal.bundle}"
        yield from _allowed(offered, trusted)
    yield from _kept_in_words(_not_past(state.kept, today))
    for move in state.moves:
        if move.kind not in CHANGES:
            yield f"{_time(move.at)}: {move.by} withdrew bundle {move.bundle[:12]}: {move.reason}"
    yield from _not_counted_in_words(state.not_counted)


def day_in_words(state: State, day: datetime.date) -> Iterator[str]:
    """Yield of a day what could be asked by its id though it was not live, and what counts for nothing."""
    yield from _kept_in_words(_kept_on(state, day))
    yield from _not_counted_in_words(_not_counted_on(state, day))


def day_as_json(state: State, day: datetime.date) -> dict[str, Any]:
    """Return for programs what `day_in_words` tells people."""
    return _kept_as_json(_kept_on(state, day)) | _not_counted_as_json(_not_counted_on(state, day))


def _kept_on(state: State, day: datetime.date) -> dict[str, datetime.date]:
    """Return what could be asked by its id on a day, or on a part of it, though it was not live, and to which day."""
    ends = [*(move.at.date() for move in state.moves[1:]), datetime.date.max]
    at = [move.kept for move, end in zip(state.moves, ends, strict=False) if move.at.date() <= day <= end]
    return {bundle: until for kept in at for bundle, until in _not_past(kept, day).items()}


def _not_past(kept: Mapping[str, datetime.date], day: datetime.date) -> dict[str, datetime.date]:
    return {bundle: until for bundle, until in kept.items() if day <= until}


def _not_counted_on(state: State, day: datetime.date) -> list[NotCounted]:
    return [passed for passed in state.not_counted if passed.at.date() == day]


def _kept_in_words(kept: Mapping[str, datetime.date]) -> Iterator[str]:
    for bundle, until in sorted(kept.items()):
        yield f"may be asked by its id to the end of {until}: bundle {bundle}"


def _not_counted_in_words(entries: Iterable[NotCounted]) -> Iterator[str]:
    for passed in entries:
        yield f"entry {passed.seq} ({passed.kind}, {_time(passed.at)}) counts for nothing: {passed.why}"


def _kept_as_json(kept: Mapping[str, datetime.date]) -> dict[str, Any]:
    return {"kept_until": {bundle: until.isoformat() for bundle, until in sorted(kept.items())}}


def _not_counted_as_json(entries: Iterable[NotCounted]) -> dict[str, Any]:
    told = [{"seq": each.seq, "kind": each.kind, "at": each.at.isoformat(), "why": each.why} for each in entries]
    return {"not_counted": told}


def rest_as_json(state: State, trusted: TrustedKeys, today: datetime.date) -> dict[str, Any]:
    """Return for programs what `rest_in_words` tells people."""
    return {
        "proposed": [
            {"bundle": each.proposal.bundle, **_release_as_json(each, trusted)} for each in state.open.values()
        ],
        **_kept_as_json(_not_past(state.kept, today)),
        "withdrawn": [
            {"bundle": move.bundle, "at": move.at.isoformat(), "by": move.by, "reason": move.reason}
            for move in state.moves
            if move.kind not in CHANGES
        ],
        **_not_counted_as_json(state.not_counted),
    }


def _time(at: datetime.datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S %z")
