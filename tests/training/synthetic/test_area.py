"""The area files: eight areas, every figure with its year, source, tolerance and a way to measure it."""

import re

import numpy as np
import pytest
from pydantic import ValidationError

from models.errors import BadInput
from training.synthetic.area import NATION, Area, Figure, area_names, load_area
from training.synthetic.household import DECILES, ETHNIC, MAINS
from training.synthetic.measures import measures

AREAS = ("blackpool", "bradford", "england", "leeds", "richmond", "stockport", "tower-hamlets", "york")
FORESEEN = {
    *("auc_sex_fsm", "auc_idaci", "auc_demographics", "auc_demographics_asq", "auc_two_year"),
    *("auc_two_year_with_audit", "auc_truth", "top10_lift", "top10_ppv", "top10_recall"),
}


def test_the_eight_areas() -> None:
    """There are eight areas, by name."""
    assert tuple(area_names()) == AREAS


@pytest.mark.parametrize("name", AREAS)
def test_every_figure_says_where_it_is_from(name: str) -> None:
    """An area's size and each of its figures have a source, and each figure a year and a tolerance above 0."""
    area = load_area(name)
    assert area.name == name
    assert area.size > 0
    assert area.size_source
    assert area.label
    for figure in area.figures.values():
        assert re.fullmatch(r"20\d\d([/-]\d\d)?", figure.year)
        assert len(figure.source) > 3
        assert figure.tolerance > 0
        assert figure.derived is None or figure.derived


@pytest.mark.parametrize("name", AREAS)
def test_every_figure_is_measured(name: str) -> None:
    """Every figure of an area has a measure, or is foreseen; what is foreseen is England's alone."""
    unmeasured = set(load_area(name).figures) - set(measures())
    assert unmeasured == (FORESEEN if name == NATION else set())


@pytest.mark.parametrize("name", sorted(set(AREAS) - {NATION}))
def test_a_council_falls_back_to_the_nation(name: str) -> None:
    """A council's own figure comes first; for what it does not publish, or does not have, the nation's stands in."""
    nation, council = load_area(NATION), load_area(name)
    assert set(council.figures) < set(nation.figures)
    for figure in nation.figures:
        assert council.own(figure) == (figure in council.figures)
        expected = council.figures[figure] if council.own(figure) else nation.figures[figure]
        assert council[figure] == expected.value
        assert council.share(figure) == expected.value / 100
    assert not council.own("preterm")
    assert council["gld"] != nation["gld"]


def test_a_figure_that_nobody_publishes() -> None:
    """A figure that neither an area nor the nation has is an error and not a 0."""
    with pytest.raises(KeyError):
        load_area("york")["gld_left_handed"]


@pytest.mark.parametrize("name", ["atlantis", "England", "", "../england", "england.toml"])
def test_an_area_that_is_not_there(name: str) -> None:
    """An area that is not there is refused, naming those there are."""
    with pytest.raises(BadInput, match=", ".join(AREAS)):
        load_area(name)


@pytest.mark.parametrize(
    "wrong", [{"tolerance": 0}, {"tolerance": -1}, {"source": None}, {"value": "many"}, {"unit": "per cent"}]
)
def test_a_figure_that_cannot_be(wrong: dict[str, object]) -> None:
    """A figure without a tolerance, a source or a number, or with a word that means nothing, is refused."""
    right = {"value": 68.3, "tolerance": 1, "year": "2024/25", "source": "DfE"}
    Figure.model_validate(right)
    with pytest.raises(ValidationError):
        Figure.model_validate(right | wrong)


def _sum(area: Area, names: list[str]) -> float:
    return sum(area[name] for name in names)


@pytest.mark.parametrize("name", AREAS)
def test_ethnic_groups_add_up(name: str) -> None:
    """The main ethnic groups and the children of no recorded group are everyone, as published, within rounding."""
    area = load_area(name)
    assert abs(_sum(area, [f"share_{main}" for main in MAINS] + ["share_ethnicity_unknown"]) - 100) <= 0.6


def test_groups_within_a_main_group_add_up(england: Area) -> None:
    """The groups within each of England's main ethnic groups add up to it."""
    for main in MAINS[:-1]:
        parts = [f"share_{ethnic.code.lower()}" for ethnic in ETHNIC if ethnic.main == main]
        assert abs(_sum(england, parts) - england[f"share_{main}"]) <= 0.1


def test_deciles_add_up(england: Area) -> None:
    """The ten tenths of areas hold everyone, and their good levels average to the whole."""
    shares = np.array([england[f"share_idaci_{d}"] for d in DECILES])
    levels = np.array([england[f"gld_idaci_{d}"] for d in DECILES])
    assert abs(shares.sum() - 100) <= 0.05
    assert abs(shares @ levels / 100 - england["gld"]) <= 0.5


def test_partitions_average_to_the_whole(england: Area) -> None:
    """Girls and boys, and children with and without free school meals, average to the published whole."""
    for first, second, share in (("boys", "girls", "share_boys"), ("fsm", "not_fsm", "share_fsm")):
        mean = england.share(share) * england[f"gld_{first}"] + (1 - england.share(share)) * england[f"gld_{second}"]
        assert abs(mean - england["gld"]) <= 0.5
