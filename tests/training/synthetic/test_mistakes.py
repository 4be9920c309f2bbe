"""How often which mistakes are made, and about whom."""

import re
from pathlib import Path

import numpy as np
import pytest

from models.errors import BadInput
from training.synthetic.batch import Batch
from training.synthetic.clerk import groups
from training.synthetic.mistakes import GROUPS, MISTAKES, Mistakes, can_make, load_mistakes, mistakes_names
from training.synthetic.registers import AGENCIES, BY_NAME


def test_those_that_are_shipped() -> None:
    """The shipped mistakes are the default, and as many made about all alike."""
    assert mistakes_names() == ["default", "equal"]
    assert load_mistakes("equal").multipliers == {}
    worse = load_mistakes("default").multipliers
    assert {"black", "mixed", "other", "asian", "fifth_1", "other_language", "looked_after"} <= set(worse)
    assert set(worse) <= set(GROUPS)
    assert all(1 <= by <= 2.2 for kinds in worse.values() for by in kinds.values())


@pytest.mark.parametrize("name", ["default", "equal"])
def test_every_mistake_is_made(name: str) -> None:
    """Both name a rate for every mistake that an agency can make, and every mistake is made somewhere."""
    rates = load_mistakes(name).rates
    for agency in AGENCIES:
        possible = {kind for kind in MISTAKES if can_make(agency, kind)}
        assert set(rates[agency.name]) <= possible
        assert {"name_variant", "forename_typo", "surname_typo", "postcode_typo"} <= set(rates[agency.name])
    assert {kind for kinds in rates.values() for kind in kinds} == set(MISTAKES)


def test_equal_is_the_same_level(batch: Batch) -> None:
    """Over all children of England both make as many mistakes of each kind, within a tenth."""
    child = np.arange(len(batch.children.key))
    who = groups(batch, child, np.zeros(len(child), dtype=np.int64))
    default, equal = load_mistakes("default"), load_mistakes("equal")
    for agency in AGENCIES:
        if agency.name in {"benefits", "early_help", "social_care"}:
            continue  # these hold more children of some groups than live in England
        for kind in default.rates[agency.name]:
            expected = float(default.chance(agency, kind, who).mean())
            assert equal.rates[agency.name][kind] == pytest.approx(expected, rel=0.13), (agency.name, kind)


def test_chances() -> None:
    """A rate is multiplied for each group a child belongs to, by its own multiplier or else by that of every mistake."""
    mistakes = Mistakes(
        rates={"schools": {"sex_wrong": 0.1, "name_variant": 0.4}},
        multipliers={"black": {"every": 2, "name_variant": 3}, "fifth_1": {"every": 1.5}},
    )
    who = {"black": np.array([True, True, False]), "fifth_1": np.array([True, False, False])}
    schools = BY_NAME["schools"]
    assert mistakes.chance(schools, "sex_wrong", who) == pytest.approx([0.3, 0.2, 0.1])
    assert mistakes.chance(schools, "name_variant", who) == pytest.approx([1, 1, 0.4])
    assert mistakes.chance(schools, "birth_missing", who) == pytest.approx([0, 0, 0])


def test_a_file(tmp_path: Path) -> None:
    """A file of one's own is read by its path."""
    path = tmp_path / "mine.toml"
    path.write_text("[rates.schools]\nsex_wrong = 0.5\n", encoding="utf-8")
    assert load_mistakes(str(path)).rates == {"schools": {"sex_wrong": 0.5}}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[rates.library]\nsex_wrong = 0.1\n", ["library", "there are child_health"]),
        ("[rates.schools]\nbored = 0.1\nsex_wrong = 2\n", ["bored", "sex_wrong: input should be less"]),
        ("[rates.schools]\nupn_wrong = 0.1\n", ["schools › upn_wrong"]),
        ("[rates.benefits]\nsex_wrong = 0.1\nplaceholder = 0.1\n", ["benefits › sex_wrong, benefits › placeholder"]),
        ("[rates.child_health]\nstale_address = 0.1\n", ["child_health › stale_address"]),
        ("[rates]\n[multipliers.green]\nevery = 2\n", ["green", "there are white"]),
        ("[rates]\n[multipliers.white]\nevery = -1\n", ["white › every"]),
        ("", ["rates: field required"]),
        ("[rates", ["not TOML"]),
    ],
)
def test_what_is_no_mistake(text: str, named: list[str], tmp_path: Path) -> None:
    """A file that asks for what cannot be made is refused, with every problem and its place."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape("mine.toml")) as refused:
        load_mistakes(str(path))
    for words in named:
        assert words in str(refused.value)


@pytest.mark.parametrize("name", ["worse", "", "/nowhere/at-all.toml", "/"])
def test_no_such_mistakes(name: str) -> None:
    """A name that is neither shipped nor a file is refused with those there are."""
    with pytest.raises(BadInput, match="choose default, equal, or a file"):
        load_mistakes(name)
