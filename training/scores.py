"""The scored table that an audit reads, from held-out scores; child-level, so it is written only where asked for."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fairness.scored import COLUMNS, audit_column
from fairness.scored_file import Described, described
from models.canonical import digest
from models.capacities import CAPACITIES
from models.contract import Contract
from models.estimator import expit
from models.feature import AuditAttribute
from training.capacities import places, thresholds
from training.cohort import CohortTable
from training.findings import Run
from training.judging import HeldOut
from training.private_files import write_private

PLACE = "place"


def scored_table(cohort: CohortTable, outcome: str, known: NDArray[np.int64], held_out: HeldOut) -> pd.DataFrame:
    """
    Return the held-out rows of one outcome; `known` says which of the cohort's children have an outcome.

    Instead of `flagged` a row has its `place`: the first of the lists of the twenty capacities that it is on.
    """
    who = known[held_out.rows]
    place = places(held_out.log_odds, thresholds(held_out.log_odds, cohort.weights[who])[0])
    parts = [
        pd.DataFrame(
            {
                "child": cohort.matrix.children[who],
                "landmark": cohort.matrix.landmark.name,
                "outcome": outcome,
                "probability": [expit(x) for x in log_odds.tolist()],
                "observed": cohort.outcomes[outcome][who].astype(np.int8),
                "repeat": repeat,
                "fold": held_out.folds[repeat],
                PLACE: place[repeat],
                "weight": cohort.weights[who],
                "family": cohort.families[who],
                **{audit_column(name): groups[who] for name, groups in cohort.groups.items()},
            }
        )
        for repeat, log_odds in enumerate(held_out.log_odds)
    ]
    return pd.concat(parts, ignore_index=True)


def flagged_at(scored: pd.DataFrame, capacity: float) -> pd.DataFrame:
    """Return the table with `flagged` for the list of one of the twenty capacities, and without `place`."""
    flagged = scored.assign(flagged=scored[PLACE] <= CAPACITIES.index(capacity))
    return flagged[[*COLUMNS, *(name for name in scored.columns if name not in {*COLUMNS, PLACE})]]


def once_each(scored: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each child of one outcome's rows: those of the first repeat."""
    return scored[scored["repeat"] == 0]


def declared_groups(contract: Contract, attribute: AuditAttribute) -> list[str]:
    """Return the groups an attribute declares, each once, so that each appears in the audit whatever its size."""
    column = contract.source(attribute.source).column(attribute.column)
    values = list(dict.fromkeys(column.code_map.values())) if column is not None and column.code_map else []
    named = [attribute.labels.get(str(value), str(value)) for value in values] or list(attribute.labels.values())
    return list(dict.fromkeys([*named, *([attribute.absent] if attribute.absent is not None else [])]))


def groups_of_audit(contract: Contract) -> dict[str, list[str]]:
    """Return the groups that each audit attribute declares; none where they are whatever is found."""
    return {attribute.name: declared_groups(contract, attribute) for attribute in contract.audit}


def write_scores(path: Path, run: Run) -> None:
    """Write the rows that a run was audited by as Parquet that only its owner can read; an existing file is replaced whole."""
    contract = run.contract
    words = Described(
        landmarks={landmark.name: landmark.label for landmark in contract.landmarks},
        outcomes={outcome.name: outcome.label for outcome in contract.outcomes},
        attributes={attribute.name: attribute.label for attribute in contract.audit},
        groups=groups_of_audit(contract),
        capacity=run.bands.policy.capacity,
        own_fold=None if contract.cohort is None else 0,
        contract=digest(run.contract_text.encode()),
    )
    write_private(path, described(run.audited, words))
