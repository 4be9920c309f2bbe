"""Who saw a child's scores: every asking and reading, by which system, for which of its people, and when."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

from service.record.account_shape import moment
from service.record.entries import Kind, Record, Written
from service.record.listed import listed

_DID: Mapping[Kind, str] = {
    "score": "asked for a score",
    "read": "read the score, or a challenge to it",
    "replay": "had the score worked out again",
    "feedback": "said what came of the score",
    "challenge": "challenged the score",
    "challenge-outcome": "settled a challenge",
    "account": "was given all that is held about the child",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """
    One time that somebody saw a score, or all that is held.

    `user` is the system's own opaque reference of the person it asked for, or the login name of whoever gave a command; None where
    the system named nobody. `score` is the id of the score, None where it was more than one.
    """

    at: datetime.datetime
    client: str
    user: str | None
    did: str
    score: str | None


async def seen_of(record: Record, subject: bytes) -> list[Seen]:
    """Return every time that somebody saw a score of the child that those bytes stand for, oldest first; raises RecordUnavailable."""
    entries = await record.of_subject(subject)
    challenged = {entry.id: entry.about for entry in entries if entry.kind == "challenge"}
    found = [(each.seq, _seen(each, challenged)) for each in entries if each.kind in _DID]
    for score in (entry for entry in entries if entry.kind == "score"):
        if (on := await listed(record, score)) is not None:
            found += [(each.seq, _of_list(each, score)) for each in on.reads]
    return [seen for _, seen in sorted(found, key=lambda one: one[0])]


def _seen(entry: Written, challenged: Mapping[str | None, str | None]) -> Seen:
    about = entry.id if entry.kind == "score" else challenged.get(entry.about, entry.about)
    return Seen(moment(entry.at), entry.client, _user(entry), _DID[entry.kind], about)


def _of_list(read: Written, score: Written) -> Seen:
    return Seen(moment(read.at), read.client, _user(read), "read a list with the score on it", score.id)


def _user(entry: Written) -> str | None:
    said = json.loads(entry.payload) if entry.payload else {}
    user = said["asked"].get("user") if "asked" in said else said.get("user")
    return str(user) if user is not None else None
