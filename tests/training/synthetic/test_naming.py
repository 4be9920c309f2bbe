"""Names as communities give them."""

import re

import numpy as np
import pytest

from training.synthetic.household import ETHNIC
from training.synthetic.naming import (
    Drawable,
    Stock,
    communities,
    draw_forenames,
    draw_surnames,
    drawable,
    shares,
    spellings,
    variants,
)

NAMES = list(communities())


def _stocks() -> list[Drawable]:
    return [
        drawable(listed) for names in communities().values() for listed in (names.boys, names.girls, names.surnames)
    ]


def test_every_ethnic_group_has_names() -> None:
    """Every ethnic group of the school census takes its names from communities that there are, a mixed one from two."""
    assert set(shares()) == {ethnic.code for ethnic in ETHNIC}
    for ethnic in ETHNIC:
        assert set(shares()[ethnic.code]) <= set(NAMES)
        assert sum(shares()[ethnic.code].values()) == pytest.approx(1)
        assert ethnic.main != "mixed" or len(shares()[ethnic.code]) > 1


def test_names_are_names() -> None:
    """Every name is of ASCII letters, with apostrophes, hyphens and spaces within, and begins with a capital."""
    for stock in _stocks():
        for name in {*stock.man, *stock.woman}:
            assert re.fullmatch(r"[A-Z][A-Za-z]*(?:[-' ][A-Za-z]+)*", name), name


def test_there_are_thousands() -> None:
    """There are thousands of surnames, and hundreds of forenames of each sex."""
    assert len({name for names in communities().values() for name in drawable(names.surnames).man}) > 5000
    for sex in ("boys", "girls"):
        assert len({name for names in communities().values() for name in drawable(getattr(names, sex)).first}) > 600


def test_some_names_are_commoner() -> None:
    """A stock's first names are its commonest; of some communities a surname is far commoner than any elsewhere."""
    largest = {}
    for name, community in communities().items():
        stock = drawable(community.surnames)
        assert stock.weight.sum() == pytest.approx(1)
        totals = [float(stock.weight[stock.first == first].sum()) for first in dict.fromkeys(stock.first)]
        assert totals[0] == max(totals)
        assert np.mean(totals[:10]) > 1.5 * np.mean(totals)
        largest[name] = totals[0]
    assert largest["traveller"] > largest["chinese"] > 0.03 > largest["british"]


def test_first_spellings() -> None:
    """The share that is said spells a name otherwise, each other way equally often; a name with one way has one."""
    stock = drawable(Stock(common="Ana/Anna/Hanna, Ole", skew=0, otherwise=0.2))
    assert list(stock.man) == ["Ana", "Anna", "Hanna", "Ole"]
    assert stock.weight == pytest.approx([0.4, 0.05, 0.05, 0.5])
    assert list(stock.first) == ["Ana", "Ana", "Ana", "Ole"]


def test_composed_names() -> None:
    """Roots and endings make every name of the two, in a man's form and a woman's, after the common ones."""
    stock = drawable(Stock(common="Nowak", skew=1, roots="Zab, Kal", endings="inski|inska, ek"))
    assert {*stock.man} == {"Nowak", "Zabinski", "Kalinski", "Zabek", "Kalek"}
    assert {*stock.woman} == {"Nowak", "Zabinska", "Kalinska", "Zabek", "Kalek"}
    assert stock.man[0] == "Nowak"


def _surnames(name: str, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    return draw_surnames(np.full(count, NAMES.index(name)), np.random.default_rng(1))


def test_sons_and_daughters() -> None:
    """Where that is the custom, sons and daughters bear names of their own: Singh and Kaur, Miah and Begum, -ski and -ska."""
    sons, daughters = _surnames("sikh")
    assert 0.5 < np.isin(sons, ["Singh", "Sing"]).mean() < 0.7
    assert 0.5 < np.isin(daughters, ["Kaur", "Kour"]).mean() < 0.7
    assert not np.isin(sons, ["Kaur", "Kour"]).any()
    sons, daughters = _surnames("bangladeshi")
    assert (sons != daughters).mean() > 0.4
    sons, daughters = _surnames("eastern_european")
    polish = [(his, hers) for his, hers in zip(sons, daughters, strict=True) if re.fullmatch("[A-Z][a-z]+ski", his)]
    assert len(polish) > 500
    assert all(hers == his[:-1] + "a" for his, hers in polish)
    sons, daughters = _surnames("british")
    assert (sons == daughters).all()


def test_double_names() -> None:
    """A few families join two different surnames."""
    sons, _ = _surnames("british")
    double = [name.split("-") for name in sons if "-" in name]
    assert 0.03 < len(double) / len(sons) < 0.07
    assert all(len(parts) == 2 and parts[0] != parts[1] for parts in double)


@pytest.mark.parametrize("name", NAMES)
def test_forenames_are_of_their_sex(name: str) -> None:
    """Boys and girls of a community have its forenames, each in a spelling of the name that is told beside it."""
    boy = np.arange(500) % 2 == 0
    spelled, first = draw_forenames(np.full(500, NAMES.index(name)), boy, np.random.default_rng(2))
    for sex, listed in ((boy, communities()[name].boys), (~boy, communities()[name].girls)):
        stock = drawable(listed)
        known = set(zip(stock.man, stock.first, strict=True))
        assert set(zip(spelled[sex], first[sex], strict=True)) <= known


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Mohammed", {"Muhammad", "Mohamed", "Mohammad"}),
        ("Katherine", {"Kate", "Katie", "Catherine"}),
        ("Kowalska", {"Kowalski"}),
        ("O'Brien", {"OBrien", "O Brien", "Brien"}),
        ("Lily-Mae", {"LilyMae", "Lily Mae", "Lily", "Mae"}),
        ("Abdi Hassan", {"Abdi", "Hassan", "AbdiHassan"}),
    ],
)
def test_variants(name: str, others: set[str]) -> None:
    """A name is written in its other spellings and forms, and a double one in part, or run together."""
    assert others <= set(variants(name))


def test_no_variant_is_the_name_itself() -> None:
    """What is written another way is written another way."""
    assert all(name not in variants(name) and all(variants(name)) for name in spellings())
    assert variants("Zabinski") == ()
