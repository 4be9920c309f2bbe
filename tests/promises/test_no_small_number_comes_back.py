"""
No number of children under ten can be recovered from what an audit tells, all lists, groups, pools and pairs together.

The attack knows how the audit is told (which counts are coarse, and which are what the others leave), everyone's exact counts, and
which group is part of which. It sets up every equation there is and asks a solver for the least and the most that each small
count could be, in whole children. A count of one to nine must be left three numbers.
"""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from fairness.audited import COMPLEMENTS, Figures, HeadAudit
from fairness.disclosure.exactly import tell_exactly
from fairness.disclosure.nested import nested
from fairness.disclosure.tallies import tallies
from fairness.disclosure.telling import COARSE, Telling
from fairness.disclosure.told import told
from fairness.disclosure.withheld import telling
from fairness.engine.audit import audited
from fairness.pack.csv import tidy
from fairness.pack.page import pack
from fairness.policy.policy import Policy
from fairness.proportions import Z95, newcombe_wilson, wilson
from training.findings import Run

AT = (0.03, 0.1, 0.2, 0.4)
SIDES = {"A": 240, "B": 60, "C": 30, "D": 14, "E": 8, "F": 3}
WIDER = {"A": "big", "B": "big", "C": "other", "D": "other", "E": "other", "F": "big"}
DECLARED: dict[str, list[str]] = {"side": [*SIDES], "wide": ["big", "other"], "sex": ["Girls", "Boys"]}
POLICY = Policy.model_validate(
    {
        "attribute": [{"name": "side", "pools": {"C to F": ["C", "D", "E", "F"]}}],
        "intersection": [{"attributes": ["sex", "wide"]}],
    }
)
COUNTS = ("n", "events", "flagged", "found")
# What a reader would want to know of a group: the told counts, and what is left of them.
WANTED = {
    "found": (0, 1),
    "needless": (0, 0),
    "missed": (1, 1),
    "passed": (1, 0),
    "flagged": (0, None),
    "unflagged": (1, None),
}
# Hits and misses of the shares that may be told exactly, of which a reader is taken to know both.
SHARES = (
    ("flagged", "unflagged"),
    ("found", "missed"),
    ("needless", "passed"),
    ("found", "needless"),
    ("missed", "passed"),
)
Line = dict[str, Any]
Floats = NDArray[np.float64]


def _table(seed: int, times: int = 1) -> pd.DataFrame:
    chance = np.random.default_rng([7, seed])
    side = np.repeat([*SIDES], [times * size for size in SIDES.values()])
    p = chance.beta(2, 5, len(side))
    place = np.searchsorted(AT, pd.Series(-p - chance.normal(0, 0.02, len(p))).rank(pct=True).to_numpy())
    return pd.DataFrame(
        {
            "child": [f"k{i}" for i in range(len(p))],
            "family": [f"f{i}" for i in range(len(p))],
            "landmark": "then",
            "outcome": "later",
            "probability": p,
            "observed": (chance.random(len(p)) < p).astype(np.int8),
            "repeat": 0,
            "place": place,
            "audit_side": side,
            "audit_wide": [WIDER[each] for each in side],
            "audit_sex": np.where(chance.random(len(p)) < 0.5, "Boys", "Girls"),
        }
    )


class Attack:
    """Unknown children of every line by place and outcome, and every equation that what is told makes of them."""

    def __init__(self, head: HeadAudit, policy: Policy, within: Any) -> None:
        self.of = tallies(head, policy, within)
        self.lists = self.of.flagged.shape[1]
        self.lines = 1 + sum(len(block.lines) for block in self.of.blocks)
        self.parts = {whole: parts for whole, parts in self.of.sums if whole >= self.lines}
        self._rows: list[tuple[list[int], list[int]]] = []
        self._ends: list[tuple[float, float]] = []
        for whole, parts in self.of.sums:
            for place, outcome in itertools.product(range(self.lists + 1), (0, 1)):
                ones = [self._at(line, place, outcome) for part in parts for line in self._alone(part)]
                others = [self._at(line, place, outcome) for line in self._alone(whole)]
                if ones != others:
                    self._rows.append((ones, others))
                    self._ends.append((0.0, 0.0))
        self._everyone()

    def _alone(self, line: int) -> tuple[int, ...]:
        """Return the groups that a line tells of."""
        return self.parts.get(line, (line,))

    def _at(self, line: int, place: int, outcome: int) -> int:
        return int((line * (self.lists + 1) + place) * 2 + outcome)

    def cells(self, line: int, count: str, at: int) -> list[int]:
        """Return the unknowns that make up a count of a line."""
        after, outcome = {"n": (0, None), "events": (0, 1), **WANTED}[count]
        places = range(at + 1, self.lists + 1) if after else range(at + 1)
        if count in {"n", "events"}:
            places = range(self.lists + 1)
        outcomes = (0, 1) if outcome is None else (outcome,)
        return [self._at(each, place, o) for each in self._alone(line) for place in places for o in outcomes]

    def _everyone(self) -> None:
        """Know what the evaluation and the lists tell: no figures of a list with fewer than ten of either kind."""
        of = self.of
        self._know(self.cells(0, "n", 0), of.n[0], of.n[0])
        self._know(self.cells(0, "events", 0), of.events[0], of.events[0])
        for at in range(self.lists):
            flagged, found = of.flagged[0, at], of.found[0, at]
            self._know(self.cells(0, "flagged", at), flagged, flagged)
            if min(found, flagged - found) >= 10:
                self._know(self.cells(0, "found", at), found, found)

    def _know(self, cells: list[int], low: float, high: float) -> None:
        self._rows.append((cells, []))
        self._ends.append((low, high))

    def read(self, audits: list[Line], how: Telling) -> None:
        """Take in every count that is told: `how` betrays which are coarse, and which say nothing of their own."""
        for at, audit in enumerate(audits):
            lines = [(0, audit["overall"])]
            for block, attribute in zip(self.of.blocks, audit["attributes"], strict=True):
                lines.extend(zip(block.line, attribute["groups"], strict=True))
            for line, given in lines:
                for count, column in zip(COUNTS, (-1, -2, at, at), strict=True):
                    if given[count] is not None and not how.left[line, column]:
                        low, high = _could_be(given[count], coarse=how.level[line, column] == COARSE)
                        self._know(self.cells(line, count, at), low, high)
                if given["n"] is None and line < self.lines:
                    self._know(self.cells(line, "n", at), 1, np.inf)

        for share, line, at in np.argwhere(how.exact).tolist():
            for count in SHARES[share]:
                exact = float(self.true()[self.cells(line, count, at)].sum())
                self._know(self.cells(line, count, at), exact, exact)

    def read_exactly(self) -> None:
        """Take in the exact counts of all that is told: what comes out where only the small groups are hidden."""
        shown = [line for block in self.of.blocks for line in Telling(self.of).shown(block)]
        for line, at in itertools.product(shown, range(self.lists)):
            for count in COUNTS:
                exact = getattr(self.of, count)[line]
                value = float(exact if count in {"n", "events"} else exact[at])
                self._know(self.cells(line, count, at), value, value)

    def true(self) -> Floats:
        """Return the children there are."""
        truth = np.zeros(self.lines * (self.lists + 1) * 2)
        of = self.of
        for line in range(self.lines):
            all_of = np.diff(np.append(of.flagged[line], of.n[line]), prepend=0.0)
            having = np.diff(np.append(of.found[line], of.events[line]), prepend=0.0)
            for place in range(self.lists + 1):
                truth[self._at(line, place, 1)], truth[self._at(line, place, 0)] = (
                    having[place],
                    (all_of - having)[place],
                )
        return truth

    def small(self) -> Iterator[tuple[str, list[int]]]:
        """Yield each count of one to nine children in a group, where everyone has ten or more."""
        truth = self.true()
        for line, at in itertools.product(range(1, self.lines), range(self.lists)):
            for count in (*WANTED, *(("n", "events") if at == 0 else ())):
                cells = self.cells(line, count, at)
                if 1 <= truth[cells].sum() <= 9 and truth[self.cells(0, count, at)].sum() >= 10:
                    yield f"{count} of line {line} at {at}", cells

    def could_be(self, cells: list[int]) -> int:
        """Return how many numbers a count could be."""
        entries = [
            (i, c, sign) for i, row in enumerate(self._rows) for sign, cs in zip((1, -1), row, strict=True) for c in cs
        ]
        at, unknown, signs = (np.array(each) for each in zip(*entries, strict=True))
        size = self.lines * (self.lists + 1) * 2
        matrix = csr_array((signs.astype(float), (at, unknown)), shape=(len(self._rows), size))
        low, high = np.array(self._ends).T
        truth = matrix @ self.true()
        assert ((low <= truth) & (truth <= high)).all(), "what is told is not true"
        wanted = np.zeros(size)
        wanted[cells] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            solved = milp(
                sign * wanted,
                constraints=LinearConstraint(matrix, low, high),
                integrality=np.ones(size),
                bounds=Bounds(0, np.inf),
            )
            assert solved.status == 0, solved.message
            ends.append(round(sign * solved.fun))
        return int(ends[1] - ends[0] + 1)


def _could_be(given: int, *, coarse: bool) -> tuple[float, float]:
    if given < 10:
        return (0.0, 9.0) if coarse else ((0.0, 2.0) if given == 0 else (3.0, 9.0))
    return max(10.0, given - 2.0), given + 2.0


def _audit(seed: int, times: int = 1) -> tuple[HeadAudit, Any]:
    scored = _table(seed, times)
    (head,) = audited(scored, scored["place"].to_numpy(), DECLARED, AT, POLICY)
    return head, nested(scored, list(DECLARED))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_solver_finds_none(seed: int) -> None:
    """Of the small counts of an invented audit, as many as time allows, each could be three numbers or more."""
    head, within = _audit(seed)
    attack = Attack(head, POLICY, within)
    how = telling(attack.of)
    tell_exactly(how)
    attack.read([one[0] for one in told([head], POLICY, {}, within).audits], how)
    small = list(attack.small())
    assert len(small) > 100
    for which in np.random.default_rng(seed).permutation(len(small))[:25]:
        name, cells = small[which]
        assert attack.could_be(cells) >= 3, name


def test_the_attack_can_find() -> None:
    """Given exact counts of all but the hidden groups, it finds hidden ones: the promise is not kept by a weak attack."""
    head, within = _audit(1)
    attack = Attack(head, POLICY, within)
    attack.read_exactly()
    hidden = [(name, cells) for name, cells in attack.small() if name.startswith("n of line")]
    assert hidden
    assert any(attack.could_be(cells) < 3 for _, cells in hidden)


def _lines(audit: Line) -> Iterator[Line]:
    yield audit["overall"]
    for attribute in audit["attributes"]:
        yield from attribute["groups"]


def _share(measure: str, line: Line) -> tuple[float, float]:
    n, events, flagged, found = (np.nan if line[count] is None else line[count] for count in COUNTS)
    return {
        "selection_rate": (flagged, n),
        "recall": (found, events),
        "ppv": (found, flagged),
        "fpr": (flagged - found, n - events),
        "false_omission": (events - found, n - flagged),
    }[measure]


def _tells_nothing_more(audit: Line) -> int:
    """Check that every share of a line, and its interval, is a whole point or made of the counts told; return how many there were."""
    checked = 0
    for line in _lines(audit):
        for measure, figure in line["figures"].items():
            if measure == "net_benefit" or figure[0] is None:
                continue
            part, whole = _share(measure, line)
            checked += 1
            # Everyone's are known exactly, and so are those of a group whose gap is told: to a whole point, and no further.
            if figure[3] is not None or line is audit["overall"]:
                points = [100 * number for number in figure[:7] if number is not None]
                if all(abs(point - round(point)) < 1e-6 for point in points):
                    assert abs(figure[0] - part / whole) < 12.5 / whole
                    continue
            assert figure[3:6] == [None] * 3
            assert figure[6] is None or abs(20 * figure[6] - round(20 * figure[6])) < 1e-6
            assert figure[0] == round(min(part, whole) / whole, 3)
            # A whole point, or Wilson's at a design effect to one decimal.
            share = np.array(min(part, whole) / whole)
            ends = [wilson(share, np.array(whole / effect), Z95) for effect in np.arange(1.0, 12.0, 0.1)]
            wilsons = any(abs(low - figure[1]) < 6e-4 and abs(high - figure[2]) < 6e-4 for low, high in ends)
            points = [100 * (end - float(share)) for end in figure[1:3] if 0 < end < 1]
            assert wilsons or all(abs(point - round(point)) < 0.06 for point in points)
    return checked


def test_figures_tell_no_more_than_counts() -> None:
    """Every share and interval of an invented audit is told to a whole point, or can be worked out from the told counts beside it."""
    head, within = _audit(1)
    assert sum(_tells_nothing_more(one[0]) for one in told([head], POLICY, {}, within).audits) > 200


def test_of_a_real_run(borough_run: Run) -> None:
    """So of every list of a bundle; nothing is told of a group of one to nine, and no count is told but in fives."""
    capacities = json.loads((borough_run.bundle / "capacities.json").read_text(encoding="utf-8"))
    checked = 0
    for at in capacities["audits"]:
        for audit in at["audits"]:
            checked += _tells_nothing_more(audit)
            for line in _lines(audit):
                given = [line[count] for count in COUNTS if line[count] is not None]
                assert all(count % 5 == 0 for count in given)
                assert line["n"] is None or line["n"] == 0 or line["n"] >= 10
                assert line["n"] or not line["figures"]
    assert checked > 500


def test_pack_and_table_say_no_more_than_the_audit(borough_run: Run) -> None:
    """
    The pack, pictures and all, is drawn from files that hold told numbers alone: drawn from these again, it is the same.

    Of the table every number is one of the audit's, or one less a share of it.
    """
    files = {path.name: path.read_bytes() for path in borough_run.bundle.iterdir() if path.name != "pack.html"}
    assert pack(files).encode() == (borough_run.bundle / "pack.html").read_bytes()
    audit = json.loads(files["audit.json"])
    numbers = {round(number, 6) for number in _numbers(audit)}
    numbers |= {round(1 - number, 6) for number in numbers} | {-number for number in numbers}
    cells = [cell for row in csv.DictReader(io.StringIO(tidy(audit))) for cell in row.values()]
    shown = [float(cell) for cell in cells if re.fullmatch(r"-?[0-9.]+", cell)]
    assert len(shown) > 500
    assert {round(number, 6) for number in shown} <= numbers


def _numbers(part: Any) -> Iterator[float]:
    if isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _numbers(each)
    elif isinstance(part, int | float):
        yield float(part)


def test_verdicts_tell_ten_from_nine_no_more_than_counts() -> None:
    """Whatever is told as ten is ten or more, so that a verdict that needs ten says nothing that the count does not."""
    (head,), within = [_audit(2)[0]], _audit(2)[1]
    measure = COMPLEMENTS.get(POLICY.primary.measure, POLICY.primary.measure)
    for at, audit in enumerate(told([head], POLICY, {}, within).audits):
        for grouped, attribute in zip(head.grouped, audit[0]["attributes"], strict=True):
            for place, line in enumerate(attribute["groups"]):
                if line["events"] == 10 and attribute["hidden_in"] != line["group"] and grouped.kind == "attribute":
                    assert grouped.events[place] >= 10
                given = line["figures"][measure][7] if line["figures"] else None
                assert given is None or given == grouped.figures[measure].verdict[place, at]


def _numbers_left(line: Line, every: Line, figures: Figures, where: tuple[int, int]) -> int:
    """Return how many numbers a small `found` could be by the verdict of recall, worked out anew for each."""
    could, margin = set(), POLICY.margins.recall
    off = itertools.product(range(-2, 3), (-0.05, 0.0, 0.05), (-0.05, 0.0, 0.05))
    for more, *decimals in off:
        effect, rest = (
            max(1.0, round(float(each[where]), 1) + by)
            for each, by in zip((figures.effect, figures.rest_effect), decimals, strict=True)
        )
        events = max(10.0, line["events"] + more)
        others = every["events"] - events
        for found in range(10) if line["found"] is None else range(*_could(line["found"])):
            shares = np.array(found / events), np.array(min(1.0, (every["found"] - found) / others))
            ends = newcombe_wilson(shares[0], np.array(events / effect), shares[1], np.array(others / rest), Z95)
            low, high = (float(end) for end in ends)
            if -margin < low and high < margin:
                said = {0}
            elif low > margin or high < -margin:
                said = {1, 2}
            else:
                said = {2} if low > 0 or high < 0 else {3}
            could |= {found} if line["figures"]["recall"][7] in said else set()
    return len(could)


def _could(given: int) -> tuple[int, int]:
    return (0, 3) if given == 0 else (0, 10)


def test_verdicts_leave_three_numbers() -> None:
    """Whoever works a verdict out again for each number that a small count could be is left three of them."""
    checked = withheld = 0
    for seed in (1, 2, 3):
        head, within = _audit(seed, 5)
        for at, (audit,) in enumerate(told([head], POLICY, {}, within).audits):
            for grouped, attribute in zip(head.grouped, audit["attributes"], strict=True):
                figures = grouped.figures["recall"]
                for place, line in enumerate(attribute["groups"]):
                    small = 0 < grouped.found[place, at] < 10 and line["group"] != attribute["hidden_in"]
                    if not (small and line["figures"] and line["events"] and figures.enough[place, at]):
                        continue
                    if line["figures"]["recall"][7] is None:
                        withheld += 1
                    elif audit["overall"]["found"] >= 10 and head.everyone.found[0, at] >= 10:
                        checked += 1
                        assert _numbers_left(line, audit["overall"], figures, (place, at)) >= 3
    assert checked > 5
    assert withheld > 0


def _england(seed: int) -> tuple[HeadAudit, Any]:
    """Return an audit of 900 children by eleven attributes of two to eight groups, and who is within whom."""
    chance = np.random.default_rng([8, seed])
    n, p = 900, chance.beta(2, 4, 900)
    groups = {
        f"audit_a{i}": chance.choice(
            [f"g{j}" for j in range(2 + i % 7)], n, p=chance.dirichlet(np.full(2 + i % 7, 2.0))
        )
        for i in range(11)
    }
    place = np.searchsorted(AT, pd.Series(-p - 0.1 * (groups["audit_a0"] == "g0")).rank(pct=True).to_numpy())
    rows = pd.DataFrame({"child": [f"k{i}" for i in range(n)], "family": [f"f{i % 870}" for i in range(n)], **groups})
    rows = rows.assign(landmark="then", outcome="later", probability=p, repeat=0, place=place)
    rows["observed"] = (chance.random(n) < p).astype(np.int8)
    declared = {f"a{i}": [f"g{j}" for j in range(2 + i % 7)] for i in range(11)}
    (head,) = audited(rows, place, declared, AT, Policy())
    return head, nested(rows, list(declared))


def test_told_gaps_are_right() -> None:
    """A told gap is the exact one to two points, nine in ten to one; its ends are to three; and it says what its verdict says."""
    most, off = {"value": 0.0251, "gap": 0.0251}, []
    for seed in (1, 2, 3):
        head, within = _england(seed)
        for at, (audit,) in enumerate(told([head], Policy(), {}, within).audits):
            for grouped, attribute in zip(head.grouped, audit["attributes"], strict=True):
                for (place, line), measure in itertools.product(
                    enumerate(attribute["groups"]), ("recall", "ppv", "fpr")
                ):
                    figure = line["figures"].get(measure)
                    # One told with hidden groups is of other children than the group alone.
                    if not figure or figure[3] is None or line["group"] == attribute["hidden_in"]:
                        continue
                    exact = grouped.figures[measure]
                    for number, name in zip(
                        figure, ("value", "low", "high", "gap", "gap_low", "gap_high"), strict=False
                    ):
                        assert abs(number - getattr(exact, name)[place, at]) < most.get(name, 0.0301), name
                    assert figure[4] <= figure[3] <= figure[5]
                    if exact.enough[place, at] and figure[7] is not None:
                        assert _agrees(figure[7], figure[4], figure[5])
                    off.append(abs(figure[3] - exact.gap[place, at]))
    assert len(off) > 60
    assert np.quantile(off, 0.9) < 0.0101


def _agrees(verdict: int, low: float, high: float) -> bool:
    """Return whether a verdict is one of this interval, by the margin of five points; two points more or less."""
    point = 0.0251
    within, beyond = -0.05 - point < low and high < 0.05 + point, low > 0.05 - point or high < -0.05 + point
    without, through = low > -point or high < point, low < point and high > -point
    return (within, beyond, without, through)[verdict]
