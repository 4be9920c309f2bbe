"""
Golden cases: invented children with their expected answers, inside the bundle.

A Scorer that does not reproduce every one of them is not the Scorer that was evaluated, and is never served.
"""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import IntegrityError
from models.record import ChildRecord, Event, Exact, Span
from models.scope import NotScored
from models.scorer import Scored, Scorer

# Equal to the bit on one CPU family; elsewhere `exp` may differ in its last place.
GOLDEN_TOLERANCE = 1e-12


class GoldenEvent(BaseModel):
    """One event of an invented child, its values exact: units of the step, or codes."""

    model_config = ConfigDict(extra="forbid")

    happened: int
    known: int
    values: dict[str, Exact]


class GoldenScore(BaseModel):
    """The expected score for one outcome."""

    model_config = ConfigDict(extra="forbid")

    outcome: str
    probability: float
    low: float
    high: float
    band: str
    reliability: str
    baseline: float
    contributions: list[float]


class GoldenCase(BaseModel):
    """An invented child, the age asked at, and what must be answered: scores, or the code of a refusal."""

    model_config = ConfigDict(extra="forbid")

    case: str
    age: int
    events: dict[str, list[GoldenEvent]]
    coverage: dict[str, list[tuple[int, int, int]]] = Field(default_factory=dict)
    links: dict[str, float] = Field(default_factory=dict)
    not_scored: str | None = None
    scores: list[GoldenScore] = Field(default_factory=list)

    def record(self) -> ChildRecord:
        """The invented child's record."""
        return ChildRecord(
            {s: tuple(Event(e.happened, e.known, e.values) for e in events) for s, events in self.events.items()},
            {s: tuple(Span(*span) for span in spans) for s, spans in self.coverage.items()},
            self.links,
        )


def answered(case: GoldenCase, scorer: Scorer) -> GoldenCase:
    """Return the case with the answer this Scorer gives."""
    answer = scorer.score(case.record(), case.age)
    if isinstance(answer, NotScored):
        return case.model_copy(update={"not_scored": answer.code, "scores": []})
    return case.model_copy(update={"not_scored": None, "scores": _scores(answer, scorer)})


def _scores(answer: Scored, scorer: Scorer) -> list[GoldenScore]:
    return [
        GoldenScore(
            outcome=score.outcome.name,
            probability=score.probability,
            low=score.interval.low,
            high=score.interval.high,
            band=scorer.policy.bands[score.banding.place].code,
            reliability=score.reliability.level,
            baseline=score.scored.baseline,
            contributions=score.scored.contributions,
        )
        for score in answer.scores
    ]


def read_cases(data: bytes) -> list[GoldenCase]:
    """Read `golden.jsonl`; raises IntegrityError when it holds none, or something else."""
    try:
        cases = [GoldenCase.model_validate_json(line) for line in data.splitlines()]
    except ValidationError:
        raise IntegrityError("golden.jsonl does not hold golden cases") from None
    if not cases:
        raise IntegrityError("golden.jsonl holds no case")
    return cases


def reproduce(cases: list[GoldenCase], scorer: Scorer) -> None:
    """Raise IntegrityError unless the Scorer gives every golden case its expected answer."""
    for case in cases:
        try:
            given = answered(case, scorer)
        except (ValueError, KeyError, TypeError, ArithmeticError):
            raise IntegrityError(f"golden case {case.case} cannot be scored") from None
        if not _same(case, given):
            raise IntegrityError(f"golden case {case.case} is not reproduced")


def _same(expected: GoldenCase, given: GoldenCase) -> bool:
    if (expected.not_scored, len(expected.scores)) != (given.not_scored, len(given.scores)):
        return False
    return all(_same_score(a, b) for a, b in zip(expected.scores, given.scores, strict=True))


def _same_score(expected: GoldenScore, given: GoldenScore) -> bool:
    a, b = _numbers(expected), _numbers(given)
    same_words = _words(expected) == _words(given) and len(a) == len(b)
    return same_words and all(abs(x - y) <= GOLDEN_TOLERANCE for x, y in zip(a, b, strict=True))


def _words(score: GoldenScore) -> tuple[str, str, str]:
    return score.outcome, score.band, score.reliability


def _numbers(score: GoldenScore) -> list[float]:
    return [score.probability, score.low, score.high, score.baseline, *score.contributions]
