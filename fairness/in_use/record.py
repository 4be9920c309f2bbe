"""
The record of a score in use, as a case system exports it: what was answered, and what people did.

CSV or Parquet, one row for each answer:

- `subject`: the child's pseudonym, the same as in the groups (`fairness.in_use.groups`)
- `landmark`, `outcome`: which score
- `on`: the date of the answer, with its time where there are several in a day
- `probability`: the score, empty where there was none
- `not_scored`: the code of the refusal, empty where there was a score
- `flagged`: 1 where the child was on the team's list, else 0
- `viewed`: 1 where somebody looked at the answer, else 0
- `offered`: 1 where help was offered, else 0
- `accepted`: 1 where the family took it up, 0 where not, empty where it is not known or nothing was offered
- `bundle`: the id of the bundle that answered
- `override_reason` (may be left out): the code of why people did otherwise than the list
"""

from pathlib import Path

import numpy as np
import pandas as pd

from fairness.table_file import Faults, moments_of, numbers_of, pseudonyms_of, read_table, text_of, yes_or_no
from models.errors import Problem
from models.scope import WORDS

# What the service answers of a child who was excluded; nothing says why.
_EXCLUDED = "not-available"

HEAD = ["landmark", "outcome"]
ONE = ["subject", *HEAD]
REASON = "override_reason"
_TEXTS = ("landmark", "outcome", "bundle")
_COLUMNS = (*ONE, "on", "probability", "not_scored", "flagged", "viewed", "offered", "accepted", "bundle")


def read_record(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Return every answer of a record, each column of its type, and all that is wrong with it."""
    rows = read_table(path)
    if isinstance(rows, Problem):
        return pd.DataFrame(), [rows]
    faults = Faults(path)
    if rows.empty:
        faults.say("has no rows", "Give the answers of the time that is looked at.")
    if len(faults.missing(rows, _COLUMNS)) < len(_COLUMNS):
        return pd.DataFrame(), faults.problems
    record = pd.DataFrame({name: text_of(rows, name, faults) for name in _TEXTS}, index=rows.index)
    record["subject"] = pseudonyms_of(rows, "subject", faults)
    record["on"] = moments_of(rows, "on", faults)
    record["probability"] = numbers_of(rows, "probability", faults, (0, 1), empty=True)
    for name in ("flagged", "viewed", "offered"):
        record[name] = yes_or_no(rows, name, faults)
    record["accepted"] = yes_or_no(rows, "accepted", faults, empty=True)
    for name in ("not_scored", REASON):
        record[name] = text_of(rows, name, faults, empty=True) if name in rows.columns else ""
    _check(record, faults)
    return record, faults.problems


def _check(record: pd.DataFrame, faults: Faults) -> None:
    """Keep what is wrong between the columns of a row, and between rows."""
    code, scored = record["not_scored"].to_numpy(dtype=np.str_), record["probability"].notna().to_numpy()
    refused = code != ""
    known = np.isin(code, [*WORDS, _EXCLUDED, ""])
    faults.rows(
        record, ~known, "not_scored", "hold no code of a refusal", f"Write one of {', '.join([*WORDS, _EXCLUDED])}."
    )
    both = "have a score and the code of a refusal, or neither"
    faults.rows(record, scored == refused, "not_scored", both, "Give each answer one of the two.")
    listed, offered = ((record[name] == 1).to_numpy() for name in ("flagged", "offered"))
    faults.rows(record, listed & refused, "flagged", "are on the list without a score", "Write 0.")
    taken = record["accepted"].notna().to_numpy() & ~offered
    faults.rows(record, taken, "accepted", "say what came of an offer that was not made", "Leave it empty there.")
    twice = record.duplicated([*ONE, "on"]).to_numpy()
    faults.rows(
        record, twice, "on", "are of the same child, score and moment as another", "Give the time of each, or one row."
    )
