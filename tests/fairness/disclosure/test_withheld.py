"""What is withheld so that no small count comes out, and what comes out where nothing is."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fairness.audited import Grouped, HeadAudit, Kind
from fairness.disclosure.rates import counted
from fairness.disclosure.recovered import Bounds, Equations, every_tally
from fairness.disclosure.tallies import Nested, Tallies, tallies
from fairness.disclosure.telling import Telling
from fairness.disclosure.withheld import telling
from fairness.policy.policy import Policy

Invented = tuple[list[HeadAudit], Policy, Nested]


def _known(how: Telling) -> tuple[Bounds, NDArray[np.float64]]:
    of = how.tallies
    bounds = how.bounds()
    bounds.narrow(Equations.of(of.sums, len(of.n)))
    return bounds, every_tally(of.n, of.events, of.flagged, of.found)


def _pinned(how: Telling) -> int:
    bounds, exact = _known(how)
    single = np.array([line for block in how.tallies.blocks for line in block.lines])
    return int(bounds.pinned(exact, single).sum())


@pytest.mark.parametrize(("seed", "repeats"), [(1, 1), (2, 1), (3, 1), (4, 2)])
def test_nothing_comes_out(invented: Callable[..., Invented], seed: int, repeats: int) -> None:
    """Told all that can be, small counts come out; told what is, none does, and what a reader knows is always true."""
    (head,), policy, within = invented(seed, repeats)
    of = tallies(head, policy, within)
    assert _pinned(Telling(of)) > 0
    how = telling(of)
    assert _pinned(how) == 0
    bounds, exact = _known(how)
    assert (bounds.low <= exact + 1e-6).all()
    assert (exact <= bounds.high + 1e-6).all()


def test_most_is_told(invented: Callable[..., Invented]) -> None:
    """What is withheld is little: of the lines that are told at all, nine in ten lists have their counts."""
    (head,), policy, within = invented(1)
    how = telling(tallies(head, policy, within))
    shown = [line for block in how.tallies.blocks for line in how.shown(block)]
    assert np.isnan(how.counts()[2][shown]).mean() < 0.1


def test_told_twice_is_told_alike(invented: Callable[..., Invented]) -> None:
    """What gives way follows from the counts alone."""
    (head,), policy, within = invented(2)
    first, second = (telling(tallies(head, policy, within)).counts() for _ in range(2))
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(first, second, strict=True))


def _four(found: list[float]) -> Tallies:
    """Return four groups of fifty with twenty with the outcome each, and so many of them on one list of forty."""
    n, nobody = np.full(4, 50.0), np.zeros(4)
    counts = np.array([n, n - 30, nobody, np.array(found) + 2, found])
    whole = counts.sum(axis=1, keepdims=True)
    head = HeadAudit("", "", counted("everyone", ("everyone",), whole), (counted("side", tuple("abcd"), counts),))
    return tallies(head, Policy(), {})


def test_what_rounding_alone_lets_out() -> None:
    """Four of three each are told as 5 and make 12: of everyone one knows, and so each is three; told so they are not."""
    of = _four([3.0, 3.0, 3.0, 3.0])
    bounds, _ = _known(Telling(of))
    assert (bounds.low[1, 1:, 0] == bounds.high[1, 1:, 0]).all()
    how = telling(of)
    assert _pinned(how) == 0
    assert np.isnan(how.counts()[3]).sum() < 4


def _crowded(seed: int) -> Tallies:
    """Return two attributes and both together of 30 to 400 children, on one to eight lists."""
    chance = np.random.default_rng(seed)
    n, lists = int(chance.choice([30, 60, 150, 400])), int(chance.choice([1, 4, 8]))
    wide, narrow = int(chance.integers(2, 7)), int(chance.integers(2, 4))
    a, b = chance.choice(wide, n, p=chance.dirichlet(np.full(wide, 0.7))), chance.integers(0, narrow, n)
    having, place = chance.random(n) < chance.uniform(0.1, 0.6), chance.integers(0, lists + 1, n)

    def grouped(name: str, kind: Kind, of: NDArray[np.int64], groups: list[str]) -> Grouped:
        cells = np.zeros((2, len(groups), lists + 1))
        np.add.at(cells, (having.astype(int), of, place), 1.0)
        on, found = cells.sum(axis=0).cumsum(axis=1), cells[1].cumsum(axis=1)
        each = counted(name, groups, np.stack([on[:, -1], found[:, -1], found[:, -1], on[:, 0], found[:, 0]]))
        return replace(each, kind=kind, flagged=on[:, :-1], found=found[:, :-1])

    pairs = [f"{i}, {j}" for i in range(wide) for j in range(narrow)]
    head = HeadAudit(
        "",
        "",
        grouped("everyone", "everyone", np.zeros(n, dtype=np.int64), ["everyone"]),
        (
            grouped("a", "attribute", a, [str(i) for i in range(wide)]),
            grouped("b", "attribute", b, [str(i) for i in range(narrow)]),
            grouped("a × b", "intersection", a * narrow + b, pairs),
        ),
    )
    return tallies(head, Policy.model_validate({"intersection": [{"attributes": ["a", "b"]}]}), {})


def test_however_few_children() -> None:
    """Of tables that are nearly all small counts none comes out; where nothing else helps, nothing is told of any group."""
    told = [telling(_crowded(seed)) for seed in range(40)]
    assert [_pinned(how) for how in told] == [0] * 40
    nothing = [bool(np.isnan(how.counts()[0][1:]).all()) for how in told]
    assert nothing[37]
    assert sum(nothing) < 20
