"""
Draws bands from what a bundle keeps of the twenty capacities: shares of a list, children a month, thresholds.

A team says how large its whole list is. The first band offered is a quarter of it, the first two a half.
"""

from collections.abc import Mapping

from models.bands import Bands, Policy, Thresholds
from models.capacities import CAPACITIES, AtCapacities, Capacities, changes_on_refit
from models.errors import BadInput

# A quarter of anything smaller is less than the smallest of the capacities.
LEAST_SHARE = 0.04
# A quarter of 0.04 is 0.01, whatever floating point says.
_ROUNDING = 1e-9


def capacities_of(share: float) -> tuple[float, ...]:
    """
    Return the capacities that a team's whole list, a share of children, is drawn at: its quarter, its half and all of it.

    Each is taken down to one of the twenty, so that no list is longer than was asked. Raises BadInput below LEAST_SHARE,
    and above the largest of the twenty: bands so wide were never audited.
    """
    if not LEAST_SHARE - _ROUNDING <= share <= CAPACITIES[-1] + _ROUNDING:
        raise BadInput(
            f"bands are drawn for a list of {LEAST_SHARE:g} to {CAPACITIES[-1]:g} of children: give a share such as 0.10, "
            "which is 10 %"
        )
    return tuple(_taken_down(part) for part in (share / 4, share / 2, share))


def share_of(children_a_month: int, capacities: Capacities) -> float:
    """
    Return the share of children that so many a month are, of all who reach any of the landmarks in a month.

    It is one share for all landmarks, and for each outcome: a team that goes by several outcomes has a list for each.
    Raises BadInput as `share_of_all` does.
    """
    return share_of_all(children_a_month, {at.landmark: at.children_a_month for at in capacities.outcomes})


def share_of_all(children_a_month: int, reaching: Mapping[str, int | None]) -> float:
    """
    Return the same from how many children reach each landmark in a month (None: not known).

    Raises BadInput without a calendar, and where the team could see more than the largest list there is.
    """
    known = [count for count in reaching.values() if count is not None]
    if len(known) < len(reaching):
        raise BadInput(
            "how many children reach a landmark in a month is not known here; give a share of children instead"
        )
    if children_a_month > CAPACITIES[-1] * sum(known):
        raise BadInput(
            f"about {sum(known)} children reach a landmark in a month, all landmarks together, and bands are drawn for a "
            f"list of at most {CAPACITIES[-1]:g} of them"
        )
    return children_a_month / sum(known)


def bands_of(policy: Policy, capacities: Capacities) -> Bands:
    """Return the bands that a policy makes of the thresholds kept; raises BadInput when it has a capacity not kept."""
    if not set(policy.capacities) <= set(CAPACITIES):
        raise BadInput(f"bands are drawn at these capacities and no others: {', '.join(map(str, CAPACITIES))}")
    return Bands(policy=policy, thresholds=tuple(_thresholds(policy, one) for one in capacities.outcomes))


def _thresholds(policy: Policy, one: AtCapacities) -> Thresholds:
    return Thresholds(
        landmark=one.landmark,
        outcome=one.outcome,
        at=tuple(at for at in one.at if at.capacity in policy.capacities),
        changes_on_refit=changes_on_refit(one.moves, policy.capacities),
    )


def _taken_down(share: float) -> float:
    return max(capacity for capacity in CAPACITIES if capacity <= share + _ROUNDING)
