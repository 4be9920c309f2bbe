"""The drawings of a run, and their tables."""

import csv
import io
from typing import Any

import pytest

from models.bundle import load_bundle
from training.pipeline import Run
from training.tracking.plots import DRAWN, plots, table_of

PLACE = "two_year.not_gld"


@pytest.fixture(scope="module")
def drawn(borough_run: Run) -> dict[str, bytes]:
    """Every drawing of the borough's run."""
    return plots(borough_run, load_bundle(borough_run.bundle))


def rows(data: bytes) -> list[dict[str, Any]]:
    """Read a table."""
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_the_same_run_draws_the_same(borough_run: Run, drawn: dict[str, bytes]) -> None:
    """Drawings and tables depend on nothing but the run."""
    assert plots(borough_run, load_bundle(borough_run.bundle)) == drawn


def test_the_decision_curve_is_the_evaluation_s(borough_run: Run, drawn: dict[str, bytes]) -> None:
    """Beside the decision curve stands the net benefit of every strategy, and the gain, as the evaluation has them."""
    part = next(each for each in borough_run.evaluation["evaluations"] if each["landmark"] == "two_year")
    found = rows(drawn[f"{PLACE}/decision_curve.csv"])
    assert len(found) == len(part["worth"]["net_benefit"]) > 5
    for line, at in zip(found, part["worth"]["net_benefit"], strict=True):
        for column in ("threshold", "what_ships", "everyone", "nobody"):
            assert line[column] == ("" if at[column] is None else str(at[column]))
        assert line["gain_low"] == ("" if at["gain"]["low"] is None else str(at["gain"]["low"]))


def test_the_terms_that_move_most_are_drawn(drawn: dict[str, bytes]) -> None:
    """Of the terms, those that move scores most are drawn; the table has every one."""
    table = rows(drawn[f"{PLACE}/terms.csv"])
    reach = {
        name: max(values) - min(values)
        for name in {line["feature"] for line in table}
        if (values := [float(line["contribution"]) for line in table if line["feature"] == name])
    }
    seen = {name.rsplit("/", 1)[1][:-4] for name in drawn if name.startswith(f"{PLACE}/terms/")}
    assert len(seen) == min(DRAWN, len(reach))
    assert min(reach[name] for name in seen) >= max([reach[name] for name in reach if name not in seen], default=0)


def test_an_empty_table_is_empty() -> None:
    """Where there is nothing to tell, the table has no line, and no heading of columns that are not there."""
    assert table_of([]) == b""
