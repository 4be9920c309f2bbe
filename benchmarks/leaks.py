"""Puts known leaks into extracts that have been read: the same person twice, copies of outcomes, facts known too soon."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.contract import Contract
from models.feature import Landmark
from training.extract_sql import quoted
from training.ingest import ingest
from training.snapshots import Matrix, in_scope, take_matrix

COPIED = "again "
Floats = NDArray[np.float64]


def enter_twice(
    con: duckdb.DuckDBPyConnection, contract: Contract, children: Sequence[str], missing: float, seed: int
) -> None:
    """Enter some children a second time under other ids, without a random share of their rows."""
    con.execute("SELECT setseed(?)", [seed / 1000])
    for source in contract.sources:
        table = quoted(f"events_{source.name}")
        con.execute(
            f"""INSERT INTO {table} SELECT * REPLACE ('{COPIED}' || child AS child) FROM {table}
            WHERE child IN (SELECT unnest(?)) AND random() >= {missing}""",
            [list(children)],
        )
    con.execute(f"INSERT INTO children SELECT '{COPIED}' || unnest(?)", [list(children)])


def some_children(con: duckdb.DuckDBPyConnection, count: int, seed: int) -> list[str]:
    """Return the ids of some children, drawn from a seed."""
    children = [child for (child,) in con.execute("SELECT child FROM children ORDER BY child").fetchall()]
    return [children[i] for i in np.random.default_rng(seed).permutation(len(children))[:count].tolist()]


def noisy_copy(y: Floats, flipped: float, known: float, seed: int) -> Floats:
    """Return a copy of an outcome with a share of it turned round, known of a share of the children."""
    chance = np.random.default_rng(seed)
    copy = np.where(chance.random(len(y)) < flipped, 1 - y, y)
    return np.where(chance.random(len(y)) < known, copy, np.nan)


def known_at_once(contract: Contract, name: str) -> Contract:
    """Return the contract with one source's rows taken as known on the day they happened, whatever the extract says."""
    document = contract.model_dump(by_alias=True, exclude_none=True)
    for source in document["source"]:
        if source["name"] == name:
            source["known"] = source["happened"]
    return Contract.model_validate(document)


def too_soon(contract: Contract, name: str, folder: Path, landmark: Landmark) -> Matrix:
    """Return the matrix that would be learned from, were one source's rows taken as known on the day they happened."""
    wrong = known_at_once(contract, name)
    con, _ = ingest(wrong, folder)
    return take_matrix(con, wrong, landmark, in_scope(wrong, landmark))
