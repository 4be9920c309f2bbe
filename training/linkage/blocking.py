"""How many pairs each block would try, counted before any is: one placeholder must not stop the machine."""

import duckdb

from models.errors import DataError, Problem
from models.linkage import Block, Linkage
from training.extract_sql import quoted

# Pairs of one block for each person: usual blocks try one to three. Far above, something other than identity is shared.
MOST_PAIRS_A_PERSON = 50


def count_pairs(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> list[int]:
    """
    Return, for each block tried, how many pairs of `people` have its keys at the most.

    Raises DataError naming every block that would try too many.
    """
    people = con.execute("SELECT count(*) FROM people").fetchall()[0][0]
    counts = [_pairs(con, block) for block in linkage.tried]
    problems = tuple(
        Problem(
            f"linkage › block on {', '.join(block.on)}",
            f"would try {pairs:,} pairs of {people:,} records",
            "Add a key to it, or name as placeholders what an agency writes where it knows nothing.",
        )
        for block, pairs in zip(linkage.tried, counts, strict=True)
        if pairs > MOST_PAIRS_A_PERSON * people
    )
    if problems:
        raise DataError("too many pairs of records would be compared", problems)
    return counts


def _pairs(con: duckdb.DuckDBPyConnection, block: Block) -> int:
    """Count pairs with the same keys; of keys that cross, those on the left of one record and the right of the other."""
    left, right = ([quoted(key.column) for key in side] for side in zip(*block.keys, strict=True))
    if left == right:
        total = f"SELECT sum(n * (n - 1)) // 2 FROM ({_counted(left)})"
    else:
        same = " AND ".join(f"l.key_{i} = r.key_{i}" for i in range(len(left)))
        total = f"SELECT sum(l.n * r.n) // 2 FROM ({_counted(left)}) AS l JOIN ({_counted(right)}) AS r ON {same}"
    return int(con.execute(total).fetchall()[0][0] or 0)


def _counted(keys: list[str]) -> str:
    named = ", ".join(f"{key} AS key_{i}" for i, key in enumerate(keys))
    known = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    return f"SELECT count(*)::HUGEINT AS n, {named} FROM people WHERE {known} GROUP BY {', '.join(keys)}"
