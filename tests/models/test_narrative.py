"""The texts that people read: short and easy enough whatever is told, and never a sentence cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from models.feature import Outcome
from models.narrative import (
    BAND,
    FAMILY,
    HIGHER,
    LONGEST_LABEL,
    LOWER,
    PRACTITIONER,
    SUMMARY,
    UNKNOWN,
    Facts,
    Limits,
    Point,
    family,
    family_fixed,
    practitioner,
    practitioner_fixed,
    summary,
)
from models.readability import grade, measure

OUTCOME = Outcome(
    name="late",
    label="late",
    happens="were late",
    plainly="came late",
    source="visits",
    window=(1, 2),
    take="any",
    rule="age > 0",
    definition="1",
)
FACTS = Facts(OUTCOME, "about 31", "about 28", "between 24 and 37", ("Rely on it with care.",))

WORDS = st.lists(st.sampled_from(("a", "home", "visit", "family", "immunisation", "communication")), min_size=1)
POINTS = st.lists(st.tuples(st.sampled_from((HIGHER, LOWER, UNKNOWN)), WORDS.map(" ".join)), max_size=40)


def _kept(text: str, limits: Limits) -> bool:
    return len(text) <= limits.letters and grade(*measure(text)) <= limits.grade


def _lines(text: str) -> list[str]:
    return [line.removeprefix("- ").removesuffix(".") for line in text.split("\n") if line.startswith("- ")]


def test_practitioner() -> None:
    """A practitioner reads what it is for, counts of 100, the doubts, lists by direction in the order given, and a way to put right."""
    points = [(HIGHER, "Strong"), (LOWER, "Low"), (HIGHER, "Slight"), (UNKNOWN, "Unknown")]
    assert practitioner(FACTS, [*points, (BAND, "First: a visit")]) == (
        "This score suggests whom to offer support to. It can be wrong. It decides nothing. Your own judgement comes "
        "first. Of 100 children here with records like these, about 31 were late. The true number may be between 24 and "
        "37. With nothing known of a child, it is about 28. Rely on it with care.\n"
        "This is its band.\n- First: a visit.\n"
        "These go with a higher score.\n- Strong.\n- Slight.\n"
        "These go with a lower score.\n- Low.\n"
        "These are not known.\n- Unknown.\n"
        "A family can ask to have a record checked or put right."
    )


def test_family() -> None:
    """A family reads the plain words, what lowers before what raises, and how to have a record put right."""
    told = family(FACTS, [(HIGHER, "Up"), (LOWER, "Down"), (UNKNOWN, "Unknown")], untold=True)
    assert told == (
        "Of 100 children here with records like your child's, about 31 came late. Of all children here, it is about 28. "
        "It can be wrong, and you know your child best. It only helps us think about who may like some help. It decides "
        "nothing. Rely on it with care.\n"
        "These things on record make the number lower.\n- Down.\n"
        "These make it higher.\n- Up.\n"
        "We do not know these things.\n- Unknown.\n"
        "Some things are best told by a person: you can ask us. You can ask us to check or correct what is on record."
    )


def test_nothing_untold() -> None:
    """Where nothing private goes into a score, a family is not sent to a person for it."""
    assert "best told by a person" not in family(FACTS, [], untold=False)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(points=POINTS)
def test_within_the_limits(points: list[Point]) -> None:
    """Whatever is to be told, both texts keep their length and their grade, and each line of them is told whole."""
    for text, limits in ((practitioner(FACTS, points), PRACTITIONER), (family(FACTS, points, untold=True), FAMILY)):
        assert _kept(text, limits)
        assert set(_lines(text)) <= {words for _, words in points}
        assert text.endswith(".")


def test_length_alone() -> None:
    """Easy points fill a text until the next would be too long: then all that matter less are left out."""
    points = [(UNKNOWN, f"Point {i} was not told to us") for i in range(60)]
    told = _lines(practitioner(FACTS, points))
    assert told == [words for _, words in points[: len(told)]]
    assert 20 < len(told) < 30


def test_too_hard_is_left_out_alone() -> None:
    """A point that is too hard to read is left out, and those after it that are easy are told."""
    hard = " ".join(["communication"] * 60)
    assert _lines(practitioner(FACTS, [(HIGHER, hard), (HIGHER, "Easy")])) == ["Easy"]


def test_fixed_within_limits() -> None:
    """What is always said is within the limits for this outcome, and found too hard or too long for one that is not."""
    hard = FACTS._replace(
        outcome=OUTCOME.model_copy(update={"happens": "communication " * 40, "plainly": "communication " * 40})
    )
    assert practitioner_fixed(FACTS).within(PRACTITIONER)
    assert family_fixed(FACTS, untold=True).within(FAMILY)
    assert not practitioner_fixed(hard).within(PRACTITIONER)
    assert not family_fixed(hard, untold=False).within(FAMILY)
    long = FACTS._replace(doubts=("It is so.",) * 200)
    assert not practitioner_fixed(long).within(PRACTITIONER)


def test_summary() -> None:
    """A score is told in a line of fewer than 140 letters, however long the longest label is."""
    assert summary("late", 0.31) == "About 31 of 100 with records like these: late. Your judgement first."
    assert max(len(summary("x" * LONGEST_LABEL, p / 1000)) for p in range(1001)) == SUMMARY - 1
