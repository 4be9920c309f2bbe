"""
Tells everything that the record holds about one child: each score, who saw it, what was made of it, and what is erased.

Other people are left out: whose opaque reference asked or looked is not told, only which system. To give an account is
recorded by whoever gives it.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from models.value_words import age_words
from service.ledger.trusted import TrustedKeys
from service.record.account_shape import Account, Challenged, Done, OnList, OutcomeTold, ScoreTold, moment
from service.record.account_words import challenge_words, exclusion_words, feedback_words, outcome_words
from service.record.entries import Record, Written
from service.record.listed import listed
from service.record.references import References
from service.record.telling import Known, at_length
from service.turns import in_turns

WORDS = (
    "This is everything that the decision record holds about the child.",
    "A score suggests whom to offer support to. It can be wrong, and it decides nothing.",
    "You can ask for what is on record to be checked or corrected, and you can challenge a score.",
    "What was recorded longer ago than the authority keeps it is erased, and is not told here.",
)
_HOLDS = {
    "legal-hold": "From here on all that is held about the child is kept, whatever its age.",
    "legal-hold-ended": "From here on what is held about the child is erased again once it is old enough.",
}
_NOBODY, _NOTHING = TrustedKeys(), Known()


async def account_of(
    record: Record,
    references: References,
    subject: str,
    now: datetime.datetime,
    trusted: TrustedKeys = _NOBODY,
    known: Known = _NOTHING,
) -> Account:
    """
    Return everything that is held about the child whom a reference stands for.

    `trusted` names those who allowed a model, `known` has the models and the systems. Raises RecordUnavailable.
    """
    entries = await record.of_subject(references.of(subject))
    about = _Entries(entries, await record.releases(), trusted, known)
    # In turns: a child may have hundreds of scores, and other callers are not to wait for all of them.
    scores = [await about.told(record, entry) async for entry in in_turns(about.kinds("score"))]
    told = {score.id for score in scores}
    beside = {entry.seq for entry in about.kinds("score", "exclusion", "exclusion-ended", "account", *_HOLDS)}
    loose = [entry for entry in entries if entry.seq not in beside and about.score(entry) not in told]
    gone = {about.score(entry) for entry in (*loose, *about.kinds("score"))} - told - {None}
    return Account(
        subject=subject,
        at=now,
        scores=scores,
        exclusions=[
            about.done(entry, exclusion_words(entry.kind, _said(entry)))
            for entry in about.kinds("exclusion", "exclusion-ended")
        ],
        holds=[about.done(entry, _HOLDS[entry.kind]) for entry in about.kinds(*_HOLDS)],
        accounts=[about.done(entry, "An account of the child was given.") for entry in about.kinds("account")],
        other=[about.done(entry, _words(entry)) for entry in loose],
        erased=sorted(map(str, gone)),
        words=list(WORDS),
    )


class _Entries:
    """Every entry about one child, and the ledger's."""

    def __init__(
        self, entries: Sequence[Written], releases: Sequence[Written], trusted: TrustedKeys, known: Known
    ) -> None:
        self._entries, self._releases, self._trusted, self._known = entries, releases, trusted, known
        self._challenged = {entry.id: entry.about for entry in entries if entry.kind == "challenge"}
        self._about: defaultdict[str | None, list[Written]] = defaultdict(list)
        for entry in entries:
            self._about[self.score(entry)].append(entry)

    def kinds(self, *kinds: str) -> list[Written]:
        """Return the entries of some kinds."""
        return [entry for entry in self._entries if entry.kind in kinds]

    def score(self, entry: Written) -> str | None:
        """Return the id of the score that an entry is about, be it by way of a challenge."""
        return self._challenged.get(entry.about, entry.about)

    def done(self, entry: Written, words: str) -> Done:
        """Tell what was done, and by which system."""
        return Done(at=moment(entry.at), system=self._known.system(entry.client), words=words)

    async def told(self, record: Record, entry: Written) -> ScoreTold:
        """Tell one score, with the list that it stands on and who read that."""
        held = _said(entry)
        answer, asked = held["answer"], held["asked"]
        long = await at_length(self._known, str(entry.bundle), held)
        lists, readings = await self._listed(record, entry)
        about = self._about[entry.id]
        seen = [self.done(other, _words(other)) for other in about if other.kind in {"read", "replay"}]
        return ScoreTold(
            id=str(entry.id),
            at=moment(entry.at),
            system=self._known.system(entry.client),
            purpose=asked["purpose"],
            age=age_words(asked["as_of"]),
            words=_answered(answer),
            note=long.note,
            outcomes=[_outcome(score) for score in long.scores],
            model=long.model or "a model that is not kept here",
            bundle=str(entry.bundle),
            allowed_by=self._allowed(entry, answer),
            until=moment(entry.expires) if entry.expires is not None else None,
            corrects=answer.get("supersedes"),
            corrected_by=next((other.id for other in about if other.kind == "score"), None),
            lists=lists,
            seen=[*readings, *seen],
            said=[self.done(other, _words(other)) for other in about if other.kind == "feedback"],
            challenges=[self._challenge(other) for other in about if other.kind == "challenge"],
            facts=sum(long.sources.values()),
            sources=long.sources,
            record=held["record"],
        )

    async def _listed(self, record: Record, score: Written) -> tuple[list[OnList], list[Done]]:
        """Return the place of a score on the list recorded last before it, if it stands on that, and who read the list."""
        on = await listed(record, score)
        if on is None:
            return [], []
        team = str(on.held["asked"]["team"])
        return (
            [OnList(at=moment(score.at), team=team, place=place) for place in on.places],
            [self.done(read, "The list that the score stands on was read.") for read in on.reads],
        )

    def _allowed(self, entry: Written, answer: dict[str, Any]) -> list[str]:
        """Return who had signed for the model by then; nobody had where a bundle was evaluated."""
        if answer.get("stamp") is not None:
            return []
        signed = [one for one in self._releases if one.kind == "release-signed" and one.bundle == entry.bundle]
        return sorted({self._name(one) for one in signed if one.seq < entry.seq})

    def _name(self, signed: Written) -> str:
        key_id = str((_said(signed).get("signature") or {}).get("key_id"))
        known = self._trusted.of(key_id)
        return known.name if known is not None else f"the holder of the key {key_id[:16]}"

    def _challenge(self, entry: Written) -> Challenged:
        settled = next((other for other in self.kinds("challenge-outcome") if other.about == entry.id), None)
        return Challenged(
            **dict(self.done(entry, challenge_words(_said(entry)))),
            outcome=outcome_words(_said(settled)) if settled is not None else None,
            settled_at=moment(settled.at) if settled is not None else None,
        )


def _said(entry: Written) -> dict[str, Any]:
    """Return the payload of an entry; nothing once it is erased."""
    found = json.loads(entry.payload) if entry.payload else {}
    return found if isinstance(found, dict) else {}


def _words(entry: Written) -> str:
    """Return what an entry about a score says."""
    match entry.kind:
        case "feedback":
            return feedback_words(_said(entry))
        case "challenge":
            return challenge_words(_said(entry))
        case "challenge-outcome":
            return outcome_words(_said(entry))
        case "read" if entry.about is None:
            return "Somebody looked up who saw the scores."
        case "replay":
            return "The score was worked out again, to check it."
        case _:
            return "The score was read."


def _answered(answer: dict[str, Any]) -> str:
    """Return in one sentence what was answered."""
    if answer["status"] != "scored":
        return str(answer["words"])
    return f"A score was given, on what was known {age_words(answer['landmark']['age'])}."


def _outcome(score: dict[str, Any]) -> OutcomeTold:
    return OutcomeTold(
        label=score["label"],
        probability=score["probability"],
        words=score["out_of_100"]["words"],
        band=score["band"]["label"],
        family=score.get("texts", {}).get("family"),
        raises=_reasons(score["raises"]),
        lowers=_reasons(score["lowers"]),
        not_known=_reasons(score["not_known"]),
    )


def _reasons(reasons: Iterable[Any]) -> list[str]:
    """Return reasons in words; a short answer has of those not known the names only."""
    return [reason["words"] if isinstance(reason, dict) else str(reason) for reason in reasons]
