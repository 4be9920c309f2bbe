"""
`outcome_filled_in` and `outcome_breaks_validity`: outcomes that nobody observed.

Each test sets one cohort beside the others, by bounds so wide that no honest change of practice passes them. Where a contract
has no calendar, or one cohort alone has outcomes, there is nothing to set it beside, and what was asked says so. Outcomes that are
missing of some children and filled in alike in every cohort and site ring nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from models.contract import Contract
from models.feature import Outcome
from training.alarms import outcome_rows
from training.alarms.alarm import Alarm
from training.alarms.odds_apart import too_few, too_many
from training.alarms.outcome_rows import Counted
from training.plan import Plan

# The odds of the national outcome moved by less than a tenth a year since its definition last changed.
HONEST_SHARE = 2.0
# Gaps in records come and go with the hands that keep them; that they all but vanish is another thing.
HONEST_GAPS = 4.0
# A whole row, the same in every column, is looked at where it makes up this share of a cohort.
COMMON = 0.2
# Children in special schools, nearly all of whom have the same outcome, are about 1 in 100.
IN_ONE_VALUED_SITES = 0.02
NEVER_VALID = 0.25
COHORTS, SITES = (
    "no cohort's outcomes further from the others' than practice explains",
    "no sites where all have the same",
)
NO_SITES = "no site was set beside others, as the contract declares none"
VALID = f"at most {NEVER_VALID:.0%} of outcomes set aside because what they rest on is not valid"
_MANY = (too_many, too_few)
_FEW = (too_few,)


@dataclass(frozen=True, slots=True)
class _Beside:
    """Counts of cohorts to be set beside one another, and the words for a cohort too far from the rest."""

    cohorts: Sequence[Counted]
    honest: float
    ways: tuple[Callable[[int, int, int, int, float], bool], ...]
    said: str


def outcome_values(con: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan) -> list[Alarm]:
    """Return an alarm for each way in which an outcome looks unobserved; of either kind, if none, one that says so."""
    filled, shares, alone = [], {}, []
    for outcome in contract.outcomes:
        outcome_rows.judge(con, contract, outcome)
        alone += [] if _beside_others(con, contract, plan) else [outcome.name]
        filled += list(_filled_in(con, contract, outcome, plan))
        shares[outcome.name] = outcome_rows.never_valid(con, contract, outcome)
    invalid = [_invalid(name, share) for name, share in shares.items() if share > NEVER_VALID]
    return [*(filled or [_none_filled_in(contract, alone)]), *(invalid or [_all_valid(max(shares.values()))])]


def _beside_others(con: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan) -> bool:
    """Whether there are two cohorts with outcomes, by the outcome in `judged`, to be set side by side."""
    return contract.cohort is not None and len(_kept(outcome_rows.by_cohort(con)[0], plan)) > 1


def _none_filled_in(contract: Contract, alone: Sequence[str]) -> Alarm:
    """Return the alarm that is quiet, with what was asked; `alone` are the outcomes with no cohorts to set side by side."""
    sites = any("site" in column.roles for source in contract.sources for column in source.columns)
    compared = len(alone) < len(contract.outcomes)
    asked = [COHORTS] * compared
    asked += [f"of {', '.join(alone)}, no cohort was set beside others: there are not two with outcomes"] * bool(alone)
    found = ["The outcomes of each cohort, and the gaps in them, are like those of the others."] * compared
    found += ["No site stands out."] * sites
    return Alarm(
        code="outcome_filled_in",
        rings=False,
        asked=compared or sites,
        threshold="; ".join([*asked, SITES if sites else NO_SITES]),
        found=" ".join(
            found or ["There is nothing to set outcomes beside, neither cohorts nor sites: this was not asked."]
        ),
    )


def _all_valid(most: float) -> Alarm:
    said = f"At most {most:.1%} of children with all that an outcome's rule asks for have none because it is not valid."
    return Alarm(code="outcome_breaks_validity", rings=False, threshold=VALID, found=said, value=most)


def _invalid(outcome: str, share: float) -> Alarm:
    return Alarm(
        code="outcome_breaks_validity",
        rings=True,
        threshold=VALID,
        found=f"{share:.0%} of the children with all that the rule asks for have no outcome because it is not valid.",
        advice="Ask what those rows are: the extract, or what the contract calls valid, is not what was agreed.",
        outcome=outcome,
        value=share,
    )


def _filled_in(con: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome, plan: Plan) -> Iterator[Alarm]:
    for (source, column), share in outcome_rows.in_one_valued_sites(con, contract).items():
        if share > IN_ONE_VALUED_SITES:
            said = f"{share:.0%} of the children are of sites (by {column}) where all have the same outcome."
            yield _alarm(outcome, f"{source} {column}", said)
    if contract.cohort is None:
        return
    told: set[int] = set()
    for each in _sets(con, contract, outcome):
        for cohort in sorted(set(_apart(_kept(each.cohorts, plan), each)) - told):
            told.add(cohort)
            yield _alarm(outcome, f"cohort {cohort}", f"Of cohort {cohort} {each.said}.")


def _kept(cohorts: Sequence[Counted], plan: Plan) -> list[Counted]:
    return [one for one in cohorts if plan.cohorts is None or one.cohort in plan.cohorts]


def _sets(con: duckdb.DuckDBPyConnection, contract: Contract, outcome: Outcome) -> Iterator[_Beside]:
    have, unknown = outcome_rows.by_cohort(con)
    yield _Beside(have, HONEST_SHARE, _MANY, "a far other share has the outcome than of the other cohorts")
    yield _Beside(unknown, HONEST_GAPS, _FEW, "hardly any outcome is unknown, unlike of the other cohorts")
    gaps = outcome_rows.gaps_by_cohort(con, contract, outcome)
    yield _Beside(gaps, HONEST_GAPS, _FEW, "hardly any row has a gap, unlike of the other cohorts")
    for rows in outcome_rows.whole_rows_by_cohort(con, contract, outcome, COMMON):
        yield _Beside(rows, HONEST_SHARE, (too_many,), "far more rows are the same in every column than of the others")


def _apart(cohorts: Sequence[Counted], asked: _Beside) -> Iterator[int]:
    """Yield the cohorts that stand apart from all the others together."""
    count, n = sum(each.count for each in cohorts), sum(each.n for each in cohorts)
    for each in cohorts:
        rest = (count - each.count, n - each.n)
        if rest[1] and any(way(each.count, each.n, *rest, asked.honest) for way in asked.ways):
            yield each.cohort


def _alarm(outcome: Outcome, about: str, said: str) -> Alarm:
    return Alarm(
        code="outcome_filled_in",
        rings=True,
        threshold=f"{COHORTS}; {SITES}",
        found=said,
        advice="Ask who made that part of the extract, and what stands there where nobody observed an outcome.",
        outcome=outcome.name,
        about=about,
    )
