"""Every leak alarm of a run: of all its rows before anything is learned, and of each landmark and outcome once it is judged."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from models.contract import Contract
from models.gates import Gate
from training.alarms.alarm import signed_off, unneeded
from training.alarms.ceiling import above_ceiling
from training.alarms.codes import WITHIN
from training.alarms.filled_in import outcome_values
from training.alarms.later_rows import later_rows
from training.alarms.lone_features import lone_features
from training.alarms.order import order_of_rows, order_of_scores
from training.alarms.outcome_parts import outcome_parts
from training.alarms.passed_over import passed_over
from training.alarms.same_person import same_person
from training.cohort import CohortTable
from training.linked_folder import is_linked
from training.plan import Plan
from training.plan_parts import SignOff
from training.study import AllJudged, Study


def alarms_of_run(
    con: duckdb.DuckDBPyConnection, contract: Contract, cohorts: Mapping[str, CohortTable], folder: Path, plan: Plan
) -> list[Gate]:
    """
    Return the build gates of all that is read, whatever is learned of it; `cohorts` are by the name of their landmark.

    Sign-offs of the plan are in: a gate is passed, signed off or blocked, and one that was signed off for nothing says so.
    `folder` holds the extracts.
    """
    matrices = {name: cohort.matrix for name, cohort in cohorts.items()}
    alarms = [
        *passed_over(contract, folder),
        *later_rows(con, contract, matrices, plan, linked=is_linked(folder)),
        *outcome_parts(contract),
        *outcome_values(con, contract, plan),
        same_person(con, contract, plan),
        *order_of_rows(con, contract, cohorts, plan),
    ]
    mine = [each for each in plan.sign_offs if not _of_a_study(each)]
    return [*signed_off(alarms, plan), *unneeded(alarms, mine)]


def alarms_of_study(study: Study, judged: AllJudged, plan: Plan) -> list[Gate]:
    """Return the build gates of one landmark and outcome, with the plan's sign-offs in."""
    alarms = [*lone_features(study, plan), above_ceiling(study, judged, plan), order_of_scores(study, judged, plan)]
    place = f"{study.landmark.name}{WITHIN}{study.outcome.name}"
    mine = [each for each in plan.sign_offs if _of_a_study(each) and f"{each.where}{WITHIN}".startswith(place + WITHIN)]
    return [*signed_off(alarms, plan), *unneeded(alarms, mine)]


def _of_a_study(sign_off: SignOff) -> bool:
    """Whether it signs off an alarm of a landmark and outcome; the order of rows, unlike that of scores, is of something."""
    of_scores = sign_off.alarm == "depends_on_order" and sign_off.where.count(WITHIN) == 1
    return of_scores or sign_off.alarm in {"feature_alone_implausible", "auc_above_ceiling"}
