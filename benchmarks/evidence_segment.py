"""
Evidence that the search for the worst segment finds one that is there, and seldom confirms one that is not.

An England is invented, its children, families and groups as they come. What happens to them is drawn anew for each seed from
what a booster made of their features, so that until a segment is planted nothing rests on what a model cannot see; children
of one family are alike beyond it. The glass box is learned on one cohort and calibrated on the next, and three later ones are
searched by what the Scorer would have said of them: once as they are, and once with 15 points added in a segment of about 4 %.
"""

import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from fairness.scored import COLUMNS, audit_column
from fairness.segment.reach import EXCESS, SHARE
from fairness.segment.search import Segment, members, worst_segment
from models.contract import Contract
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.judging import Rows, fit
from training.learning import Task, learn
from training.plan import Plan
from training.synthetic.foresight import england
from training.synthetic.write import Asked, synthesise

LANDMARK, OUTCOME = "two_year", "not_gld"
BIRTHS, COHORTS, INVENTED = 10_000, (2016, 2017, 2018, 2019, 2020), 7
LEARNED, CALIBRATED = 2016, 2017
# Of what children of one family do not owe to their features, so much is shared.
ALIKE = 0.1
NEAR = 0.005
SEEDS = range(1, 21)
FOUND_IN, FALSELY_IN, IN_COMMON = 18, 1, 0.5
SIZES, SEARCHES_A_SEED = (3_200, 6_400, 12_800, 25_600), 5

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Part = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Authority:
    """
    Children with an outcome at one landmark; `truth` (n,) is the probability of it that their features make.

    `planted` are the segments of about 4 % of the audited children, by attributes that are no features: each a mask (n,).
    """

    task: Task
    plan: Plan
    cohort: CohortTable
    known: Integers
    truth: Floats
    planted: Sequence[Flags]

    @property
    def rows(self) -> Rows:
        """The children, with the outcomes that were invented with them."""
        return self.with_outcomes(self.cohort.outcomes[OUTCOME][self.known])

    def with_outcomes(self, y: Floats) -> Rows:
        """Return the children with other outcomes (n,)."""
        return Rows(self.cohort.matrix.numbers[self.known], y, self.cohort.families[self.known], np.ones(len(y)))

    def of(self, *cohorts: int) -> Integers:
        """Return the children of some cohorts."""
        years = self.cohort.years
        if years is None:
            raise AssertionError("an invented England has a calendar")
        return np.flatnonzero(np.isin(years[self.known], cohorts))

    @property
    def audited(self) -> Integers:
        """The children who are searched."""
        return self.of(*(year for year in COHORTS if year not in {LEARNED, CALIBRATED}))


def segment(folder: Path) -> Part:
    """Gather what is found and confirmed, over seeds: planted and not, and of fewer children."""
    authority = invented(folder)
    runs, searches = [], []
    for seed in SEEDS:
        print(f"· the worst segment, seed {seed}", file=sys.stderr, flush=True)
        scored, alike = relearned(authority, seed)
        runs.append(_both(authority, scored, alike, seed))
        searches += list(_smaller(authority, scored, alike, seed))
    found, falsely = (sum(run[name] for run in runs) for name in ("found", "falsely_confirmed"))
    return {
        "part": "worst segment",
        "passed": found >= FOUND_IN and falsely <= FALSELY_IN,
        "seeds": len(runs),
        "audited_children": len(authority.audited),
        "plantable_segments": len(authority.planted),
        "found": found,
        "falsely_confirmed": falsely,
        "power": [_power(searches, size) for size in SIZES],
        "as_invented": _as_invented(authority),
        "runs": runs,
    }


def invented(folder: Path) -> Authority:
    """Invent an England, and learn from its outcomes what its children's features make of them."""
    out = folder / "england-segments"
    synthesise(Asked("england", BIRTHS, COHORTS, INVENTED), out, lambda _: None)
    contract, plan = england(), Plan()
    con, _ = ingest(contract, out)
    landmark = next(each for each in contract.landmarks if each.name == LANDMARK)
    cohort = assemble(con, contract, landmark)
    known = np.flatnonzero(~np.isnan(cohort.outcomes[OUTCOME]))
    task = Task(LANDMARK, OUTCOME, contract.features_at(landmark))
    x, y = cohort.matrix.numbers[known], cohort.outcomes[OUTCOME][known]
    truth = expit(learn("full booster", task, x, y, plan).log_odds(x))
    whole = Authority(task, plan, cohort, known, truth, ())
    return Authority(task, plan, cohort, known, truth, list(_plantable(contract, whole)))


def _plantable(contract: Contract, authority: Authority) -> Iterator[Flags]:
    unseen = [
        each.name
        for each in contract.audit
        if (column := contract.source(each.source).column(each.column)) is not None and "feature" not in column.roles
    ]
    groups = {name: authority.cohort.groups[name][authority.known] for name in unseen}
    for count in (1, 2, 3):
        for names in itertools.combinations(unseen, count):
            cells, cell = np.unique(np.stack([groups[name] for name in names], axis=1), axis=0, return_inverse=True)
            share = np.bincount(cell[authority.audited], minlength=len(cells)) / len(authority.audited)
            yield from (np.asarray(cell == which) for which in np.flatnonzero(abs(share - SHARE) <= NEAR))


def relearned(authority: Authority, seed: int) -> tuple[Floats, Floats]:
    """
    Draw outcomes of the earlier cohorts and learn from them.

    Returns the probabilities (audited,) that the later ones would have been told, and the even draws (n,) that, below a child's
    true probability, give it the outcome.
    """
    alike = _alike(authority, np.random.default_rng([INVENTED, seed]))
    rows = authority.with_outcomes((alike < authority.truth).astype(np.float64))
    return _scored(authority, rows), alike


def _scored(authority: Authority, rows: Rows) -> Floats:
    learned_on, calibrated_on = (rows.take(authority.of(year)) for year in (LEARNED, CALIBRATED))
    fitted = fit("glass box", authority.task, learned_on, calibrated_on, authority.plan)
    return np.asarray(expit(fitted.log_odds(rows.x[authority.audited])))


def _alike(authority: Authority, chance: np.random.Generator) -> Floats:
    """Draw a number evenly from 0 to 1 for each child, alike in children of one family."""
    _, family = np.unique(authority.cohort.families[authority.known], return_inverse=True)
    shared, own = chance.standard_normal(int(family.max()) + 1)[family], chance.standard_normal(len(family))
    return np.asarray(ndtr(np.sqrt(ALIKE) * shared + np.sqrt(1 - ALIKE) * own))


def _both(authority: Authority, scored: Floats, alike: Floats, seed: int) -> Part:
    """Search the audited children with a segment planted, and as they are."""
    planted = _drawn(authority, np.random.default_rng([INVENTED, 1, seed]))
    with_it, common = _searched(authority, scored, alike, planted, np.arange(len(scored)), seed)
    without, _ = _searched(authority, scored, alike, np.zeros_like(planted), np.arange(len(scored)), seed)
    return {
        "seed": seed,
        "planted_share": round(float(planted[authority.audited].mean()), 4),
        "found": with_it.confirmed and common >= IN_COMMON,
        "in_common": round(common, 3),
        "p": None if with_it.judged is None else round(with_it.judged.p, 6),
        "falsely_confirmed": without.confirmed,
        "p_without": None if without.judged is None else round(without.judged.p, 6),
    }


def _smaller(authority: Authority, scored: Floats, alike: Floats, seed: int) -> Iterator[Part]:
    """Search some of the audited children, each time others and with another segment planted."""
    for size, again in itertools.product(SIZES, range(SEARCHES_A_SEED)):
        chance = np.random.default_rng([INVENTED, 2, seed, size, again])
        who, planted = np.sort(chance.permutation(len(scored))[:size]), _drawn(authority, chance)
        with_it, common = _searched(authority, scored, alike, planted, who, again)
        without, _ = _searched(authority, scored, alike, np.zeros_like(planted), who, again)
        yield {
            "size": size,
            "found": with_it.confirmed and common >= IN_COMMON,
            "confirmed": with_it.confirmed,
            "worked_out": with_it.reach.chance,
            "falsely_confirmed": without.confirmed,
        }


def _drawn(authority: Authority, chance: np.random.Generator) -> Flags:
    return authority.planted[int(chance.integers(len(authority.planted)))]


def _searched(
    authority: Authority, scored: Floats, alike: Floats, planted: Flags, who: Integers, seed: int
) -> tuple[Segment, float]:
    """Search some (places) of the audited children, and say how much the segment found has in common with the planted."""
    audited = authority.audited[who]
    happened = alike[audited] < authority.truth[audited] + EXCESS * planted[audited]
    table, attributes = _table(authority, audited, scored[who], happened), list(authority.cohort.groups)
    found = worst_segment(table, attributes, seed)
    inside = members(table, attributes, found.definition)
    either = int((inside | planted[audited]).sum())
    return found, int((inside & planted[audited]).sum()) / either if either else 0.0


def _table(authority: Authority, audited: Integers, scored: Floats, happened: Flags) -> pd.DataFrame:
    who = authority.known[audited]
    plain = dict.fromkeys(COLUMNS, 0) | {"landmark": LANDMARK, "outcome": OUTCOME}
    groups = {audit_column(name): each[who] for name, each in authority.cohort.groups.items()}
    table = {"family": authority.cohort.families[who], "probability": scored, "observed": happened.astype(np.int64)}
    return pd.DataFrame(plain | table | groups, index=np.arange(len(who)))


def _power(searches: Sequence[Part], size: int) -> Part:
    """Return how often searches of so many children found what was planted, and as it is worked out."""
    of_size = [each for each in searches if each["size"] == size]
    shares = ("found", "confirmed", "worked_out", "falsely_confirmed")
    return {
        "children": size,
        "searches": len(of_size),
        **{name: round(float(np.mean([each[name] for each in of_size])), 3) for name in shares},
    }


def _as_invented(authority: Authority) -> Part:
    """Search the children with the outcomes that were invented with them, where much rests on what the model cannot see."""
    rows = authority.rows
    table = _table(authority, authority.audited, _scored(authority, rows), rows.y[authority.audited] == 1)
    found = worst_segment(table, list(authority.cohort.groups), INVENTED)
    definition = [f"{each.attribute or 'score'}: {each.group}" for each in found.definition]
    return {"confirmed": found.confirmed, "definition": definition}
