"""What a draft asks of its sources: a landmark, an outcome, features, and whom it audits by."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.draft.column import Guess
from training.draft.hints import OutcomeHint, hint_of, shipped_hints
from training.draft.source import SourceGuess

# Two years, and the days after it in which a score may be asked for; and what is shortly before.
_TWO_YEARS, _WINDOW, _SHORTLY = 730, 180, 100
_LONGEST = 63


@dataclass(frozen=True, slots=True)
class OutcomeGuess:
    """The outcome as drafted; `known` is what of it is written down in the list of hints, None where nothing fits."""

    source: SourceGuess
    window: tuple[int, int]
    known: OutcomeHint | None
    definition_column: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureGuess:
    """One feature as drafted."""

    name: str
    source: str
    take: str
    column: str | None
    units: str | None


def outcome_of(sources: Sequence[SourceGuess]) -> OutcomeGuess:
    """Return the outcome that an extract has the columns of; else a stand-in, of the source whose rows come last."""
    for hint in shipped_hints().outcomes:
        for source in sources:
            if set(hint.columns) <= {column.name for column in source.columns} and source.timed.ages is not None:
                return OutcomeGuess(source, _window(source), hint, _defined(source, hint))
    last = max(sources, key=lambda source: source.timed.ages[2] if source.timed.ages is not None else -1)
    opens, end = _window(last)
    return OutcomeGuess(
        last, (opens, end) if opens >= _TWO_YEARS + _WINDOW else (end + _SHORTLY, end + _SHORTLY + _WINDOW), None
    )


def _defined(source: SourceGuess, hint: OutcomeHint) -> str | None:
    columns = [c for c in source.with_role("outcome") if hint_of(c.name).says == "definition"]
    return next((column.name for column in columns if hint.definition in column.codes), None)


def _window(source: SourceGuess) -> tuple[int, int]:
    """Return round ages around those at which most of a source's rows happened."""
    low, _, high = source.timed.ages or (2 * _TWO_YEARS,) * 3
    return max(100, 100 * ((low - 50) // 100)), 100 * (-(-(high + 50) // 100))


def landmark_of(outcome: OutcomeGuess) -> tuple[int, int]:
    """Return the age of the one landmark, and its end: two years, or shortly before the outcome where that comes sooner."""
    opens = outcome.window[0]
    return (_TWO_YEARS, _TWO_YEARS + _WINDOW) if opens >= _TWO_YEARS + _WINDOW else (opens - _SHORTLY, opens)


def features_of(sources: Sequence[SourceGuess], outcome: OutcomeGuess) -> list[FeatureGuess]:
    """Return one simple question of each source and column that may be asked before the landmark."""
    age, _ = landmark_of(outcome)
    asked: list[FeatureGuess] = []
    for source in sources:
        late = source.timed.ages is not None and source.timed.ages[0] > age
        if late or source.with_role("intervention") or (outcome.known is not None and source is outcome.source):
            continue
        asked += _features(source)
    return asked


def _features(source: SourceGuess) -> list[FeatureGuess]:
    found = []
    telling = not source.columns or any(column.characteristic is None for column in source.columns)
    if source.rows == "many" and telling:
        found.append(FeatureGuess(f"{source.name}_count", source.name, "count", None, "rows"))
    for column in source.columns:
        name = f"{source.name}_{column.name}"[:_LONGEST]
        if column.asked and column.type in {"integer", "number", "flag"}:
            found.append(FeatureGuess(name, source.name, "latest", column.name, column.units))
        elif column.asked and column.type == "code":
            found.append(FeatureGuess(name, source.name, "distinct", column.name, None))
    return found


def audited(sources: Sequence[SourceGuess]) -> list[tuple[str, SourceGuess, Guess]]:
    """Return the attributes to audit by, each with a name of its own: the columns of protected characteristics."""
    found = [(s, c) for s in sources for c in s.columns if c.characteristic is not None and c.type in {"code", "flag"}]
    first = {c.characteristic: (s.name, c.name) for s, c in reversed(found)}
    return [
        (c.characteristic if first[c.characteristic] == (s.name, c.name) else f"{s.name}_{c.name}"[:_LONGEST], s, c)
        for s, c in found
        if c.characteristic is not None
    ]
