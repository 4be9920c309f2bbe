"""
The scored table as a file: what `train --scores` writes and `audit` reads, with what the contract calls its parts.

Parquet, with the columns of `fairness.scored`; its metadata `earlyid` is JSON: the labels of landmarks, outcomes and attributes,
the groups each attribute declares, and the capacity of the list that `flagged` is. A table of another tool may leave it out:
names are then their own labels, no group is declared, and the capacity is the share of rows that is flagged.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fairness.characteristics import check_groups, check_names
from fairness.scored import COLUMNS, audit_column
from fairness.table_file import Faults, numbers_of, read_table, text_of, yes_or_no
from models.errors import DataError, Problem

METADATA = b"earlyid"
_WHOLE = ("repeat", "fold", "observed", "flagged")
_ONCE = ("landmark", "outcome", "repeat", "child")


class Described(BaseModel):
    """
    What the contract calls the parts of a scored table; `groups` are those that each attribute declares.

    `own_fold` is the fold of the rows that the model itself was judged by, where others are of earlier models of its kind (an
    audit over several cohorts); None where all rows are its own. `contract` is the digest of the contract that scored them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    landmarks: dict[str, str]
    outcomes: dict[str, str]
    attributes: dict[str, str]
    groups: dict[str, list[str]]
    capacity: float = Field(gt=0, lt=1)
    own_fold: int | None = None
    contract: str | None = None


def own(table: pd.DataFrame, words: Described) -> pd.DataFrame:
    """Return the rows that the model itself was judged by."""
    return table if words.own_fold is None else table[table["fold"] == words.own_fold]


def described(table: pd.DataFrame, words: Described) -> bytes:
    """Return the table as Parquet with its words; the same bytes for the same table."""
    found = pa.Table.from_pandas(table, preserve_index=False)
    found = found.replace_schema_metadata({METADATA: words.model_dump_json().encode()})
    data = io.BytesIO()
    pq.write_table(found, data)
    return data.getvalue()


def read_scored(path: Path) -> tuple[pd.DataFrame, Described]:
    """
    Return a scored table and its words, every attribute and landmark named in them.

    Raises DataError with all that is wrong: a column that is not there, a cell that is not what it must be, a child twice in one
    repeat, or in some repeats only, no rows.
    """
    rows = read_table(path)
    if isinstance(rows, Problem):
        raise DataError("the scored table cannot be read", (rows,))
    faults = Faults(path)
    attributes = [name.removeprefix(audit_column("")) for name in rows.columns if name.startswith(audit_column(""))]
    words = _words(path, faults)
    checked = _checked(rows, attributes, {} if words is None else words.groups, faults)
    if faults.problems:
        raise DataError("the scored table is not what an audit reads", tuple(faults.problems))
    return checked, _filled(checked, attributes, words)


def _checked(
    rows: pd.DataFrame, attributes: list[str], declared: Mapping[str, Sequence[str]], faults: Faults
) -> pd.DataFrame:
    """Return the rows, each column that is there of its type."""
    if not attributes:
        faults.say('has no column "audit_..."', "Add one for each characteristic that is audited.")
    check_names(attributes, faults)
    if rows.empty:
        faults.say("has no rows", "Give the held-out children.")
    there = [*faults.missing(rows, COLUMNS), *map(audit_column, attributes)]
    found = pd.DataFrame({name: _column(rows, name, faults) for name in there}, index=rows.index)
    if faults.problems:
        return found
    check_groups(found, {name: declared.get(name, ()) for name in attributes}, faults)
    _check_children(found, faults)
    _check_lists(found, faults)
    return found.astype(dict.fromkeys(_WHOLE, np.int64)).reset_index(drop=True)


def _column(rows: pd.DataFrame, name: str, faults: Faults) -> NDArray[np.str_] | NDArray[np.float64]:
    match name:
        case "probability":
            return numbers_of(rows, name, faults, (0, 1))
        case "repeat" | "fold" | "weight":
            return numbers_of(rows, name, faults, (0, math.inf))
        case "observed" | "flagged":
            return yes_or_no(rows, name, faults)
        case _:
            return text_of(rows, name, faults)


def _check_children(rows: pd.DataFrame, faults: Faults) -> None:
    """Keep what is wrong between rows: each child has one row in each repeat of a landmark and outcome, and one outcome in all."""
    twice = rows.duplicated(list(_ONCE)).to_numpy()
    what = "are of a child who has another row at that landmark, outcome and repeat"
    faults.rows(rows, twice, "child", what, "Leave one row of each child in each repeat.")
    heads = rows.groupby(["landmark", "outcome"], sort=False)
    repeats = heads["repeat"].transform("nunique")
    children = rows.groupby(["landmark", "outcome", "child"], sort=False)
    some = (children["repeat"].transform("nunique") < repeats).to_numpy()
    faults.rows(
        rows, some, "repeat", "are of a child who is not in every repeat", "Score each child once in every repeat."
    )
    for name in ("observed", "family", *(c for c in rows.columns if c.startswith(audit_column("")))):
        differs = (children[name].transform("nunique") > 1).to_numpy()
        faults.rows(rows, differs, name, "differ from another row of the same child", "Give each child one.")


def _check_lists(rows: pd.DataFrame, faults: Faults) -> None:
    """Keep what is wrong with the lists: each holds the highest scores of its children, and some of them."""
    for name, what in (("flagged", "on the list"), ("observed", "with the outcome")):
        share = rows.groupby(["landmark", "outcome"], sort=False)[name].transform("mean").to_numpy()
        said = f"are of a landmark and outcome where everybody is {what}, or nobody"
        faults.rows(rows, (share == 0) | (share == 1), name, said, "Leave out what there is nothing to audit of.")
    on = rows["flagged"].to_numpy() == 1
    lists = rows.assign(on=rows["probability"].where(on), off=rows["probability"].where(~on)).groupby(
        ["landmark", "outcome", "repeat", "fold"], sort=False
    )
    wrong = on & (rows["probability"] < lists["off"].transform("max")).to_numpy()
    faults.rows(rows, wrong, "flagged", "are on the list though a higher score is not", "List the highest scores.")


def _words(path: Path, faults: Faults) -> Described | None:
    """Return what the file says of itself; None where it says nothing."""
    if path.suffix == ".csv":
        return None
    said = (pq.read_schema(path).metadata or {}).get(METADATA)
    try:
        return None if said is None else Described.model_validate_json(said)
    except ValidationError:
        faults.say(
            "the metadata `earlyid` does not hold what it must", "Write the table again with `earlyid train --scores`."
        )
        return None


def _filled(rows: pd.DataFrame, attributes: list[str], words: Described | None) -> Described:
    """Return the words with a label of everything that stands in the table, and declared groups of every attribute."""
    said = {} if words is None else words.model_dump()
    capacity = said.get("capacity", min(max(round(float(rows["flagged"].mean()), 3), 0.001), 0.999))
    return Described(
        landmarks=_labels(rows["landmark"].unique().tolist(), said.get("landmarks", {})),
        outcomes=_labels(rows["outcome"].unique().tolist(), said.get("outcomes", {})),
        attributes=_labels(attributes, said.get("attributes", {})),
        groups={name: said.get("groups", {}).get(name, []) for name in attributes},
        capacity=capacity,
        own_fold=said.get("own_fold"),
        contract=said.get("contract"),
    )


def _labels(names: Iterable[str], said: dict[str, str]) -> dict[str, str]:
    return {name: said.get(name, name) for name in names}
