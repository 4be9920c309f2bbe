"""The check: an authority passes by its own figures, and fails by name where they are not its own or were tampered with."""

import shutil
from pathlib import Path

import duckdb
import pytest

from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area, Figure, load_area
from training.synthetic.check import SPREADS, Checked, check, check_lines
from training.synthetic.fitted import Fitted
from training.synthetic.measured_tables import open_extracts
from training.synthetic.measures import Reached, measures
from training.synthetic.write import Asked, _write_batches

FIGURE = Figure(value=50.0, tolerance=2.0, year="2025", source="ours")


def _only(area: Area, *prefixes: str) -> Area:
    """Return an area with those of its figures that begin so, and are measured and not foreseen."""
    kept = {n: f for n, f in area.figures.items() if n in measures() and n.startswith(prefixes)}
    return area.model_copy(update={"figures": kept})


def _failed(checked: list[Checked]) -> set[str]:
    return {one.name for one in checked if not one.passed}


@pytest.mark.parametrize(
    ("reached", "passed"), [(50.0, True), (52.9, True), (47.1, True), (53.1, False), (46.9, False)]
)
def test_the_tolerance(reached: float, passed: bool) -> None:  # noqa: FBT001
    """A figure may be off by its tolerance and three sampling standard deviations, to either side, and no more."""
    one = Checked("any", FIGURE, Reached(reached, 1 / 3, 100))
    assert SPREADS == 3
    assert one.tolerance == pytest.approx(3.0)
    assert one.passed is passed


def test_what_cannot_be_measured() -> None:
    """What these cohorts have nobody to measure by has not failed, and is not reached either: it is said."""
    one = Checked("any", FIGURE, None)
    assert one.passed
    *_, last = check_lines(load_area("york"), [one])
    assert last == "York: 0 of 1 targets reached, 1 not measurable in these cohorts"


def test_by_its_own_figures(measured: duckdb.DuckDBPyConnection, invented: Path, england: Area) -> None:
    """By its own figures an invented England passes on every one that is measured."""
    area = _only(england, "")
    checked = check(area, invented, measured)
    assert [one.name for one in checked] == list(area.figures)
    assert len(checked) > 140
    assert _failed(checked) == set()
    lines = list(check_lines(area, checked))
    assert len(lines) == len(checked) + 2
    assert lines[-1] == f"England: {len(checked)} of {len(checked)} targets reached"


def test_by_another_area_s_figures(bradford: Path) -> None:
    """By York's figures Bradford fails, and what it misses is named."""
    york = load_area("york")
    with open_extracts(bradford) as con:
        checked = check(york, bradford, con)
    failed = _failed(checked)
    assert {"gld", "share_white", "share_asian", "share_eal", "share_fsm", "term_low_birthweight"} <= failed
    lines = list(check_lines(york, checked))
    assert lines[-2] == f"York: {len(checked) - len(failed)} of {len(checked)} targets reached"
    assert lines[-1].startswith("not reached: ")
    assert set(lines[-1].removeprefix("not reached: ").split(", ")) == failed
    assert {line.split()[1] for line in lines if line.startswith("FAIL")} == failed


DOCTORED = {
    "sex": ("register.csv", {",M,": ",F,", ",F,": ",M,"}, "gld_", {"gld_boys", "gld_girls"}),
    "profile": ("eyfsp.csv", {",1,2": ",2,2"}, "", {"all17"}),
    "reviews": ("health_visits.csv", {",two_year,": ",extra,"}, "review_", {"review_2_years"}),
    "weeks": ("births.csv", {",38,": ",36,"}, "preterm", {"preterm"}),
}


@pytest.mark.parametrize("what", DOCTORED)
def test_one_column_doctored(invented: Path, england: Area, tmp_path: Path, what: str) -> None:
    """Where one column was tampered with, the figures that rest on it fail."""
    file, changes, figures, expected = DOCTORED[what]
    for name in EXTRACTS:
        (tmp_path / f"{name}.csv").symlink_to(invented / f"{name}.csv")
    (tmp_path / file).unlink()
    shutil.copy(invented / file, tmp_path / file)
    header, *lines = (tmp_path / file).read_text(encoding="ascii").splitlines()
    (tmp_path / file).write_text("\n".join([header, *(_changed(line, changes) for line in lines)]), encoding="ascii")
    with open_extracts(tmp_path) as con:
        failed = _failed(check(_only(england, figures, "preterm"), tmp_path, con))
    assert expected <= failed
    assert ("preterm" in failed) == (what == "weeks")


def _changed(line: str, changes: dict[str, str]) -> str:
    """Return the line with the first of the changes that applies to it made once."""
    for given, wanted in changes.items():
        if given in line:
            return line.replace(given, wanted, 1)
    return line


def test_cohorts_without_results(england: Area, fitted: Fitted, tmp_path: Path) -> None:
    """Of cohorts too young for a profile everything else is measured, and what rests on it is not."""
    (tmp_path / "truth").mkdir()
    _write_batches(england, fitted, Asked("england", 300, (2022, 2023), 1), tmp_path, lambda _step: None)
    with open_extracts(tmp_path) as con:
        checked = check(england, tmp_path, con)
    unmeasured = {one.name for one in checked if one.reached is None}
    assert {"gld", "auc_truth", "asq_odds_ratio", "review_2_years_born_2019_20"} <= unmeasured
    assert not unmeasured & {"preterm", "visit_14_days", "review_2_years", "asq_all"}
    assert _failed(checked) == set()
