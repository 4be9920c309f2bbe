"""Checks an invented authority against what is published: every target, what was reached, the tolerance, pass or fail."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from training.synthetic.area import Area, Figure
from training.synthetic.foresight import foresight
from training.synthetic.measures import Reached, measure, measures

# A sample of the very children that are published would differ by this many of its standard deviations at the most.
SPREADS = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """One target: the published figure, and what was reached (None: these cohorts have nobody to measure it by)."""

    name: str
    figure: Figure
    reached: Reached | None

    @property
    def tolerance(self) -> float:
        """How far off it may be: the target's own tolerance and three sampling standard deviations."""
        return self.figure.tolerance + (SPREADS * self.reached.spread if self.reached is not None else 0.0)

    @property
    def passed(self) -> bool:
        """Whether it was reached; what cannot be measured has not failed."""
        return self.reached is None or abs(self.reached.value - self.figure.value) <= self.tolerance


def check(area: Area, folder: Path, con: duckdb.DuckDBPyConnection) -> list[Checked]:
    """Measure each of an area's own figures on the extracts in `folder`, opened as `con`."""
    how = measures()
    has_profile = con.execute("SELECT count(*) FROM at_school").fetchall()[0][0] > 0
    foreseen = foresight(con, folder) if has_profile and any(name not in how for name in area.figures) else {}
    return [
        Checked(name, figure, measure(con, how[name]) if name in how else foreseen.get(name))
        for name, figure in area.figures.items()
    ]


def check_lines(area: Area, checked: list[Checked]) -> Iterator[str]:
    """Say of every target what was published and what was reached."""
    yield f"{'':4}  {'target':<28}{'published':>10}{'reached':>10}{'tolerance':>11}{'children':>10}  source"
    for one in checked:
        yield _line(one)
    failed = [one.name for one in checked if not one.passed]
    unmeasured = sum(one.reached is None for one in checked)
    yield f"{area.label}: {len(checked) - len(failed) - unmeasured} of {len(checked)} targets reached" + (
        f", {unmeasured} not measurable in these cohorts" if unmeasured else ""
    )
    if failed:
        yield f"not reached: {', '.join(failed)}"


def places(name: str) -> int:
    """Return how many places a figure is told to: shares and AUCs from 0 to 1 need three."""
    return 3 if name.startswith(("auc", "top10")) else 2


def _line(one: Checked) -> str:
    figure, digits = one.figure, places(one.name)
    source = f"{figure.source} ({figure.year})"
    if one.reached is None:
        return f"{'-':<4}  {one.name:<28}{figure.value:>10.{digits}f}{'':>10}{'':>11}{0:>10}  {source}"
    verdict = "ok" if one.passed else "FAIL"
    return (
        f"{verdict:<4}  {one.name:<28}{figure.value:>10.{digits}f}{one.reached.value:>10.{digits}f}{one.tolerance:>11.{digits}f}"
        f"{one.reached.children:>10,}  {source}"
    )
