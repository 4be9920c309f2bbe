"""
What is known of the children outside the service: their groups, their families, and the outcome where it has come.

CSV or Parquet, one row for each child:

- `subject`: the pseudonym of the record
- `family`: the pseudonym of the family; children of one family are drawn together
- `observed`: 1 where the outcome has happened, 0 where it has not, empty where it is not known yet; where the record has several
  outcomes, one column for each, `observed_<outcome>`. May be left out.
- `audit_<attribute>`: the child's group of each characteristic that is audited; empty is *not recorded*
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from fairness.characteristics import check_groups, check_names
from fairness.scored import NOT_RECORDED, audit_column
from fairness.table_file import Faults, pseudonyms_of, read_table, text_of, yes_or_no
from models.errors import Problem

OBSERVED = "observed"


def observed_column(outcome: str) -> str:
    """Return the column of one of several outcomes."""
    return f"{OBSERVED}_{outcome}"


def attributes_of(groups: pd.DataFrame) -> list[str]:
    """Return the attributes that the groups are of."""
    prefix = audit_column("")
    return [name.removeprefix(prefix) for name in groups.columns if name.startswith(prefix)]


def read_groups(path: Path, outcomes: Sequence[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the children, each with one `observed_<outcome>` for each outcome of the record, and all that is wrong."""
    rows = read_table(path)
    if isinstance(rows, Problem):
        return pd.DataFrame(), [rows]
    faults, audited = Faults(path), [name for name in rows.columns if name.startswith(audit_column(""))]
    if not audited:
        faults.say('has no column "audit_..."', "Add one for each characteristic that is audited.")
    check_names(attributes_of(rows), faults)
    if rows.empty:
        faults.say("has no rows", "Give the children of the record.")
    if len(faults.missing(rows, ("subject", "family"))) < len(("subject", "family")):
        return pd.DataFrame(), faults.problems
    groups = pd.DataFrame({name: pseudonyms_of(rows, name, faults) for name in ("subject", "family")}, index=rows.index)
    for name in audited:
        found = text_of(rows, name, faults, empty=True)
        groups[name] = pd.Series(found, index=rows.index).replace("", NOT_RECORDED)
    check_groups(groups, dict.fromkeys(attributes_of(groups), ()), faults)
    for outcome in outcomes:
        groups[observed_column(outcome)] = _observed(rows, outcome, outcomes, faults)
    twice = groups.duplicated("subject").to_numpy()
    faults.rows(groups, twice, "subject", "are of a child who has another row", "Leave one row of each child.")
    return groups, faults.problems


def _observed(rows: pd.DataFrame, outcome: str, outcomes: Sequence[str], faults: Faults) -> "pd.Series[float]":
    """Return an outcome, NaN where it is not known."""
    named = observed_column(outcome)
    column = named if named in rows.columns else OBSERVED
    if column not in rows.columns:
        return pd.Series(float("nan"), index=rows.index)
    if column == OBSERVED and len(outcomes) > 1:
        remedy = f"Name it after the outcome it is of: {', '.join(map(observed_column, outcomes))}."
        if outcome == outcomes[0]:
            faults.say("the record has several outcomes, and this column is of one", remedy, OBSERVED)
        return pd.Series(float("nan"), index=rows.index)
    return pd.Series(yes_or_no(rows, column, faults, empty=True), index=rows.index)
