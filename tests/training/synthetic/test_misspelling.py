"""How a hand slips."""

import datetime
import re

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from models.identifiers import is_nhs_number, is_upn
from training.synthetic.calendar import AS_AT_DAY, day
from training.synthetic.identity_numbers import nhs_numbers, upns
from training.synthetic.misspelling import (
    misdialled,
    mistyped_postcode,
    swapped_day_and_month,
    typo,
    wrong_birth_digit,
)
from training.synthetic.postcodes import invent_postcodes

SEEDS = st.integers(0, 2**32)
WORDS = st.from_regex(r"[A-Z][a-z]{1,12}(?:[-' ][A-Z][a-z]{1,8})?", fullmatch=True)
BORN = st.dates(datetime.date(2014, 9, 1), datetime.date(2026, 8, 31)).map(day)
POSTCODES = invent_postcodes(2500).code.tolist()


@given(WORDS, SEEDS)
def test_typos(word: str, seed: int) -> None:
    """A word with a typo is another word, in any case; its first letter stands, and its length is off by one at most."""
    found = typo(word, np.random.default_rng(seed))
    assert found.lower() != word.lower()
    assert found[0] == word[0]
    assert abs(len(found) - len(word)) <= 1


@given(st.integers(0, 10**6), SEEDS)
def test_wrong_numbers_break_their_check(index: int, seed: int) -> None:
    """A number with a digit changed, or two swapped, is no valid number: nobody else's."""
    rng = np.random.default_rng(seed)
    nhs_number, upn = (str(numbers(np.array([index]), 3)[0]) for numbers in (nhs_numbers, upns))
    assert len(wrong := misdialled(nhs_number, rng)) == 10
    assert not is_nhs_number(wrong)
    assert len(wrong := misdialled(upn, rng)) == 13
    assert not is_upn(wrong)


@given(st.sampled_from(POSTCODES), SEEDS)
def test_mistyped_postcodes(postcode: str, seed: int) -> None:
    """A mistyped postcode looks like one and is another."""
    found = mistyped_postcode(postcode, np.random.default_rng(seed))
    assert found != postcode
    assert re.fullmatch(r"[A-Z]{1,2}[0-9][0-9]? [0-9][A-Z]{2}", found)


@given(BORN)
def test_day_and_month(born: int) -> None:
    """Day and month swapped twice are as they were; where there is no such date, they stay."""
    swapped = swapped_day_and_month(born)
    assert swapped_day_and_month(swapped) == born
    date, other = (datetime.date(1970, 1, 1) + datetime.timedelta(days=days) for days in (born, swapped))
    assert (other.year, other.month, other.day) == (
        (date.year, date.day, date.month) if date.day <= 12 else (date.year, date.month, date.day)
    )


@given(BORN, SEEDS)
def test_a_digit_of_the_birth(born: int, seed: int) -> None:
    """A date of birth with a digit wrong is another, near in day, month or year, and not in the future."""
    assume(born < AS_AT_DAY)
    found = wrong_birth_digit(born, np.random.default_rng(seed))
    assert found != born
    assert found <= AS_AT_DAY
    assert abs(found - born) <= 366
