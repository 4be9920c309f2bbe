"""
Which children are of one family: those whose records share a family's reference, or everything that families share.

An address with more children of one surname than a family has is a hostel or a street without numbers, and joins
nobody.
"""

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models.linkage import Linkage
from training.extract_sql import quoted

# Ours: children of one surname at one address, born within the years that agencies keep.
MOST_CHILDREN = 10


def family_of(con: duckdb.DuckDBPyConnection, linkage: Linkage, children: int) -> NDArray[np.int64]:
    """
    Return the number of each child's family (n,), from the tables `people` and `member` (uid, child from 0).

    A child none of whose records shares anything is a family alone.
    """
    ties = con.execute(f"""
        WITH named AS (SELECT DISTINCT child, key FROM ({_keys(linkage)}) WHERE key IS NOT NULL)
        SELECT child, min(child) OVER (PARTITION BY key) AS first FROM named
        QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND {MOST_CHILDREN}""").fetchnumpy()
    one, other = np.asarray(ties["child"]), np.asarray(ties["first"])
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(children, children))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _keys(linkage: Linkage) -> str:
    found = ["SELECT child, 'reference ' || family AS key FROM people JOIN member USING (uid)"]
    shared = [part.name for part in linkage.parts if part.shared == "family"]
    if shared:
        # A part that an agency does not hold makes the key unknown, so that less than all never joins.
        key = " || '|' || ".join(quoted(name) for name in shared)
        found.append(f"SELECT child, 'shared ' || {key} AS key FROM people JOIN member USING (uid)")
    return " UNION ALL ".join(found)
