"""
An account as plain text that a parent can read.

Reasons are told as the family text has them, which says nothing of anybody else; the others are in the JSON, for a person to go
through with the family.
"""

import datetime
from collections.abc import Iterable, Iterator

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
    for number, score in enumerate(account.scores, 1):
        yield ""
        yield from _score(number, score)
    for heading, done in (
        ("Leaving the child out of scoring", account.exclusions),
        ("Keeping for legal reasons", account.holds),
        ("About scores that are erased", account.other),
        ("Accounts like this one", account.accounts),
    ):
        yield from _section(heading, done)
    if account.erased:
        yield ""
        yield f"Erased since their time was up: {len(account.erased)} {'score' if len(account.erased) == 1 else 'scores'}."


def _score(number: int, score: ScoreTold) -> Iterator[str]:
    yield f"{number}. {_when(score.at)}, {score.age}"
    yield f"   Asked by {score.system}, for the purpose {score.purpose}. {score.words}"
    for outcome in score.outcomes:
        yield from _outcome(outcome)
    yield f"   Worked out by {score.model} (bundle {score.bundle[:16]}). {_allowed(score.allowed_by)}"
    yield f"   It rests on {score.facts} {'fact' if score.facts == 1 else 'facts'} on record."
    if score.until is not None:
        yield f"   It holds until {_day(score.until)}."
    if score.corrected_by is not None:
        yield "   A newer score has taken its place."
    yield from (f"   It was number {one.place} on a list for {one.team} ({_when(one.at)})." for one in score.lists)
    yield from (f"   {_done(one)}" for one in (*score.seen, *score.said))
    yield from (f"   {_challenge(one)}" for one in score.challenges)


def _outcome(outcome: OutcomeTold) -> Iterator[str]:
    if outcome.family is None:
        yield f"   {outcome.label}: {outcome.band}. {outcome.words}"
        yield f"   {_TALK}"
    else:
        yield f"   {outcome.label}: {outcome.band}."
        yield from (f"   {line}" for line in outcome.family.split("\n"))


def _section(heading: str, done: Iterable[Done]) -> Iterator[str]:
    lines = [f"- {_done(one)}" for one in done]
    if lines:
        yield from ("", heading, *lines)


def _allowed(by: list[str]) -> str:
    return f"Its use was allowed by {'; '.join(by)}." if by else "Nobody is on record as having allowed its use."


def _done(done: Done) -> str:
    return f"{_when(done.at)}, {done.system}: {done.words}"


def _challenge(challenge: Challenged) -> str:
    settled = challenge.outcome or "Nobody has settled it yet."
    when = f" ({_when(challenge.settled_at)})" if challenge.settled_at is not None else ""
    return f"{_done(challenge)} {settled}{when}"


def _when(at: datetime.datetime) -> str:
    return f"{_day(at)}, {at:%H:%M} UTC"


def _day(at: datetime.datetime) -> str:
    return f"{at.day} {at:%B %Y}"
