"""
Intervals of shares and of their gaps, of all groups at all lists together (M8).

A gap with few hits or misses on either side has the Newcombe-Wilson interval, at the number of independent rows that the
family bootstrap finds; any other the plain family bootstrap. So has a group's own share: Wilson's, or the bootstrap's.
"""

import numpy as np
from numpy.typing import NDArray

from fairness.draws import p_beyond, percentiles
from fairness.engine.families import InFamilies
from fairness.engine.found import Found
from fairness.engine.measures import Part
from fairness.intervals import BOOTSTRAP_CELL
from fairness.proportions import Z95, newcombe_wilson, wilson
from fairness.sides import Side

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def side_of(exact: Part, drawn: Part, come: InFamilies) -> Side:
    """Return one side of a share, from its exact counts (lists or 1, groups), those of each resample, and its families."""
    shape = np.broadcast_shapes(exact.hits.shape, exact.n.shape)
    hits, n, families, squares = (
        np.broadcast_to(each, shape).astype(np.float64) for each in (*exact, come.families, come.squares)
    )
    return Side(hits, n, families, squares, drawn.share)


def shares_found(group: Side, rest: Side, correlation: Floats, margin: float | None, enough: Flags) -> Found:
    """Return a share with its intervals and gaps; `correlation` (lists, 1) is everyone's."""
    effect, rest_effect = group.effect(correlation), rest.effect(correlation)
    worth, rest_worth = group.n / effect, rest.n / rest_effect
    low, high = wilson(group.value, worth, Z95)
    gap_low, gap_high = newcombe_wilson(group.value, worth, rest.value, rest_worth, Z95)
    p = np.full(low.shape, np.nan)
    # Of everyone there is no rest, and the one side decides.
    many = group.smaller_cell(effect) >= BOOTSTRAP_CELL
    many &= (rest.smaller_cell(rest_effect) >= BOOTSTRAP_CELL) | (rest.n == 0)
    if many.any():
        low[many], high[many] = percentiles(np.sort(group.drawn[many], axis=-1))
        ordered = np.sort(group.drawn[many] - rest.drawn[many], axis=-1)
        gap_low[many], gap_high[many] = percentiles(ordered)
        if margin is not None:
            p[many] = p_beyond((group.value - rest.value)[many], ordered, margin)
    return Found(
        value=group.value,
        rest=rest.value,
        low=low,
        high=high,
        gap_low=gap_low,
        gap_high=gap_high,
        bootstrap=many,
        effect=effect,
        rest_effect=rest_effect,
        worth=worth,
        rest_worth=rest_worth,
        p_bootstrap=p,
        enough=enough,
    )
