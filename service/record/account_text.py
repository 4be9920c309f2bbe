"""
An account as plain text that a parent can read.

Reasons are told as the family text has them, which says nothing of anybody else; the others are in the JSON, for a person to go
through with the family.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from service.record.account_shape import Account, Challenged, Done, OutcomeTold, ScoreTold

_TALK = "The reasons are not told here in full: ask, and a person will go through them with you."


def account_text(account: Account) -> str:
    """Return the account, in lines."""
    return "\n".join(_lines(account)) + "\n"


def _lines(account: Account) -> Iterator[str]:
    yield f"What is held about the child {account.subject}, as of {_when(account.at)}"
    yield ""
    yield from account.words
    if not account.scores:
        yield ""
        yield "No score of the child is held."
    numbers = {score.id: number for number, score in enumerate(account.scores, 1)}
    for number, score in enumerate(account.scores, 1):
        yield ""
        yield from _score(number, score, numbers, _same(score, account.scores[: number - 1]), account.at)
    others = (*account.exclusions, *account.holds, *account.other, *account.accounts)
    if others:
        yield from ("", "What else was done", *(f"- {line}" for line in _in_turn(others)))
    if account.erased:
        yield ""
        yield f"Erased since their time was up: {len(account.erased)} {'score' if len(account.erased) == 1 else 'scores'}."


def _same(score: ScoreTold, before: Sequence[ScoreTold]) -> str | None:
    """Return the id of an earlier score that said just the same."""
    alike = (other.id for other in before if (other.words, other.outcomes) == (score.words, score.outcomes))
    return next(alike, None) if score.outcomes else None


def _score(
    number: int, score: ScoreTold, numbers: Mapping[str, int], same: str | None, now: datetime.datetime
) -> Iterator[str]:
    yield f"{number}. {_when(score.at)}, {score.age}"
    yield f"   {_initial(score.system)} asked, for this purpose: {score.purpose.replace('_', ' ')}. {score.words}"
    if same is not None:
        yield f"   It says the same as number {numbers[same]}."
    else:
        yield from (f"   {line}" for line in _outcomes(score))
    yield f"   Worked out by {score.model} (bundle {score.bundle[:16]}). {_allowed(score.allowed_by)}"
    yield from (f"   {line}" for line in _standing(score, numbers, now))
    yield from (f"   It was number {one.place} on a list for {one.team} ({_when(one.at)})." for one in score.lists)
    yield from (f"   {line}" for line in _in_turn([*score.seen, *score.said, *score.challenges]))


def _outcomes(score: ScoreTold) -> Iterator[str]:
    if score.note is not None:
        yield score.note
    for outcome in score.outcomes:
        yield from _outcome(outcome)


def _outcome(outcome: OutcomeTold) -> Iterator[str]:
    if outcome.family is None:
        yield f"{_initial(outcome.label)}: {outcome.band}. {outcome.words}"
        yield _TALK
    else:
        yield f"{_initial(outcome.label)}: {outcome.band}."
        yield from outcome.family.split("\n")


def _standing(score: ScoreTold, numbers: Mapping[str, int], now: datetime.datetime) -> Iterator[str]:
    if score.facts:
        told = "; ".join(f"{source}: {count}" for source, count in score.sources.items())
        yield f"It rests on {score.facts} {'fact' if score.facts == 1 else 'facts'} on record ({told})."
    if score.until is not None:
        past = score.until <= now
        yield (
            f"It held until {_day(score.until)} (that day has passed)."
            if past
            else f"It holds until {_day(score.until)}."
        )
    if score.corrects is not None:
        yield f"It corrects {_numbered(score.corrects, numbers)}."
    if score.corrected_by is not None:
        yield f"A newer score ({_numbered(score.corrected_by, numbers)}) has taken its place."


def _numbered(score: str, numbers: Mapping[str, int]) -> str:
    return f"number {numbers[score]}" if score in numbers else "one that is erased"


def _in_turn(done: Iterable[Done]) -> Iterator[str]:
    """Yield what was done, oldest first; what one system did again and again is told once, with how often and when last."""
    often: dict[tuple[str, str], list[Done]] = {}
    for one in sorted(done, key=lambda each: each.at):
        key = (one.system, _challenge(one) if isinstance(one, Challenged) else one.words)
        often.setdefault(key, []).append(one)
    for (system, words), times in often.items():
        again = f" ({len(times)} times, last on {_when(times[-1].at)})" if len(times) > 1 else ""
        yield f"{_when(times[0].at)}, {system}: {words}{again}"


def _allowed(by: list[str]) -> str:
    return f"Its use was allowed by {'; '.join(by)}." if by else "Nobody is on record as having allowed its use."


def _challenge(challenge: Challenged) -> str:
    settled = challenge.outcome or "Nobody has settled it yet."
    when = f" ({_when(challenge.settled_at)})" if challenge.settled_at is not None else ""
    return f"{challenge.words} {settled}{when}"


def _initial(words: str) -> str:
    return words[:1].upper() + words[1:]


def _when(at: datetime.datetime) -> str:
    here = at.astimezone()
    return f"{_day(here)}, {here:%H:%M}"


def _day(at: datetime.datetime) -> str:
    here = at.astimezone()
    return f"{here.day} {here:%B %Y}"
