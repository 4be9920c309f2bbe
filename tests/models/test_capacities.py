"""Capacities: what stands in `capacities.json`, and how often a band would change on learning again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from benchmarks.small_bundle import POLICY, thresholds
from models.capacities import CAPACITIES, AtCapacities, Capacities, Moves, changes_on_refit

SLOTS = len(CAPACITIES) + 1
WANTED = (0.05, 0.10, 0.20)


def moves(shares: dict[tuple[int, int], float]) -> Moves:
    """A table of moves with these shares, by slots now and then, and 0 elsewhere."""
    return tuple(tuple(shares.get((now, then), 0.0) for then in range(SLOTS)) for now in range(SLOTS))


def test_twenty_capacities() -> None:
    """There are twenty, they ascend, and a policy may choose among them."""
    assert len(CAPACITIES) == 20
    assert list(CAPACITIES) == sorted(set(CAPACITIES))
    assert set(POLICY.capacities) <= set(CAPACITIES)


def test_nobody_moves() -> None:
    """Where every child keeps its slot no band changes."""
    assert changes_on_refit(moves({(slot, slot): 1 / SLOTS for slot in range(SLOTS)}), WANTED) == (0.0,) * 4


def test_by_hand() -> None:
    """Moves within a band count for nothing; those out of it count by the share of the band's own children."""
    five, ten = CAPACITIES.index(0.05), CAPACITIES.index(0.10)
    found = changes_on_refit(
        moves({(0, five): 0.03, (five, five + 1): 0.01, (ten, 0): 0.06, (SLOTS - 1, SLOTS - 2): 0.9}), WANTED
    )
    assert found == (0.25, 1.0, None, 0.0)


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(
    drawn=st.dictionaries(
        st.tuples(st.integers(0, SLOTS - 1), st.integers(0, SLOTS - 1)), st.floats(0.001, 1), min_size=1, max_size=40
    ),
    wanted=st.sets(st.sampled_from(CAPACITIES), min_size=1, max_size=5).map(lambda some: tuple(sorted(some))),
)
def test_every_choice_of_capacities(drawn: dict[tuple[int, int], float], wanted: tuple[float, ...]) -> None:
    """For any bands that can be drawn, the figure is the share of a band's children who would be in another."""
    found = changes_on_refit(moves(drawn), wanted)

    def band(slot: int) -> int:
        return sum(slot > CAPACITIES.index(capacity) for capacity in wanted)

    for place in range(len(wanted) + 1):
        inside = sum(share for (now, _), share in drawn.items() if band(now) == place)
        moved = sum(share for (now, then), share in drawn.items() if band(now) == place != band(then))
        assert found[place] == (pytest.approx(moved / inside, abs=1e-6) if inside else None)


def test_another_capacity() -> None:
    """A capacity that is none of the twenty has no answer."""
    with pytest.raises(KeyError):
        changes_on_refit(moves({}), (0.11,))


def _at_capacities(capacities: tuple[float, ...] = CAPACITIES, table: Moves | None = None) -> AtCapacities:
    at = thresholds("at", "outcome").at[0]
    return AtCapacities(
        landmark="at",
        outcome="outcome",
        children_a_month=None,
        at=tuple(at.model_copy(update={"capacity": capacity}) for capacity in capacities),
        moves=table if table is not None else moves({(0, 0): 1.0}),
    )


def test_its_shape() -> None:
    """There is one list for each of the twenty, one line of moves for each slot between them, and twenty audits."""
    one = _at_capacities()
    Capacities(outcomes=(one,), audits=({},) * 20, gates=((),) * 20)
    for broken in (CAPACITIES[:-1], CAPACITIES[::-1]):
        with pytest.raises(ValidationError, match="each of the capacities"):
            _at_capacities(broken)
    for table in (moves({})[:-1], (*moves({})[:-1], (0.0,))):
        with pytest.raises(ValidationError, match="slots"):
            _at_capacities(table=table)
    with pytest.raises(ValidationError, match="audits"):
        Capacities(outcomes=(one,), audits=({},) * 19, gates=((),) * 20)
