"""How long the team's list is, as soon as it is known who reaches each landmark: before anything is learned."""

from collections.abc import Mapping

from models.band_policy import capacities_of, share_of_all
from training.capacities import children_a_month
from training.cohort import CohortTable
from training.plan import Plan


def sized(plan: Plan, cohorts: Mapping[str, CohortTable]) -> Plan:
    """
    Return the plan with the share of children that its children a month come to, as bands will be drawn by it.

    `cohorts` are those of every landmark by which an outcome is foreseen. Raises BadInput where no list is that long or that short.
    """
    asked = plan.bands.children_a_month
    if asked is None:
        return plan
    reaching = {name: children_a_month(cohort) for name, cohort in cohorts.items() if cohort.outcomes}
    share = share_of_all(asked, reaching)
    capacities_of(share)
    return plan.model_copy(update={"bands": plan.bands.model_copy(update={"capacity": share})})
