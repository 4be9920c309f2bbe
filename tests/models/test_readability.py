"""The Flesch-Kincaid grade: syllables counted as a person would, numbers as they are read aloud."""

import pytest

from models.readability import Measure, count_syllables, grade, measure

# As dictionaries divide them, with words of every rule and of every exception.
COUNTED = {
    1: """a the child school year years born weeks birth milk skills hands asked helped liked makes hope rates states
        notes please pulled filled passed walks whole quick guess guide built fruit juice blue used voice large bridge
        wished watched hear course horse sense else through earned eyes tried friend breathes clothes aged comes breast
        named queen house's""",
    2: """children record offer support suggests decides reaches language social knowing about between younger babies
        single mother mental within extra contact review talking moving doing latest funded places income council
        brother sister milestones visits table little people wanted needed started changes boxes churches wishes houses
        noises voices larger village message create reading going seeing being trying studies carried player lawyer
        lovely safely useful careful careless statement movement building ruin fluid cruel fuel value rescue handles
        settled travelled label certain unknown nation patient ancient client giant diet lion someone sometimes
        elsewhere nineteen judgement business flower higher layer poem every themselves moment wellness million noted""",
    3: """family families expected average visitor recorded registered premium addresses referral protection recently
        example behaviour various serious previous opinion video area agreement management improvement government
        different quietly audience alliance usual actual gradual continue museum theory earlier easier happier carrier
        seventeen uncertain decision agencies interval efficient evidence confidence difference sentences processes
        happiness potential essential initial radio reception emotion theatre society's""",
    4: """development information registration deprivation education population practitioner maternity category
        understanding usually generally interesting comfortable vegetable experience variety society biology evaluate
        situation geography reliable material appreciate emotional enjoyable possible's""",
    5: "communication association disability educational evaluation individual university opportunity possibility",
    6: "reliability",
}


def test_syllables_of_known_words() -> None:
    """Nineteen in twenty words of a list have the syllables that a dictionary gives them, and no other errs by two."""
    known = {word: count for count, words in COUNTED.items() for word in words.split()}
    off = {word: count_syllables(word) - count for word, count in known.items()}
    assert len(known) > 250
    assert sum(error != 0 for error in off.values()) <= len(known) / 20, {w: e for w, e in off.items() if e}
    assert {abs(error) for error in off.values()} <= {0, 1}


@pytest.mark.parametrize(
    ("written", "syllables"),
    [
        ("0", 2),  # zero
        ("7", 2),
        ("11", 3),
        ("31", 3),  # thirty-one
        ("77", 5),
        ("100", 3),  # one hundred
        ("217", 7),  # two hundred and seventeen
        ("3,250", 9),  # three thousand two hundred and fifty
        ("7.25", 5),  # seven point two five
        ("ASQ", 3),
        ("EW", 4),
    ],
)
def test_what_is_read_aloud(written: str, syllables: int) -> None:
    """A number counts as it is read aloud, and capitals letter by letter."""
    assert count_syllables(written) == syllables


def test_sentences() -> None:
    """A sentence ends at a full stop before a space, a line or the end; a point within a number ends none."""
    assert measure("It is so. Is it? At 2.5 it is\n- One thing.\n- Another!") == Measure(4, 12, 16)
    assert measure("") == Measure(0, 0, 0)


def test_grade() -> None:
    """The grade is the published one: 0.39 words a sentence and 11.8 syllables a word, less 15.59."""
    assert grade(1, 10, 15) == pytest.approx(0.39 * 10 + 11.8 * 1.5 - 15.59)
    assert grade(4, 40, 60) == grade(1, 10, 15)
    assert grade(0, 10, 15) == grade(1, 10, 15)
    assert grade(0, 0, 0) == 0.0


def test_harder_is_higher() -> None:
    """A text of long words and long sentences has a higher grade than the same said simply."""
    hard = (
        "Practitioners' determinations concerning eligibility necessitate communication with the responsible authority."
    )
    easy = "Ask the team. They will say who can have help."
    assert grade(*measure(hard)) > 20
    assert grade(*measure(easy)) < 2
