"""Names children and their families by pseudonyms, and settles each child's date of birth from what its records say."""

import duckdb
import numpy as np

from models.contract import Contract
from models.linkage import Linkage
from models.secret import Secret
from training.extract_sql import quoted
from training.linkage.clusters import Ints
from training.linkage.families import family_of
from training.linkage.pseudonyms import Change, Known, Record, name_children
from training.linkage.tables import write_table
from training.linked_folder import cohort_sql


def write_children(
    con: duckdb.DuckDBPyConnection, contract: Contract, linkage: Linkage, earlier: Known, secret: Secret
) -> tuple[Known, list[Change]]:
    """Write `children` (child, name, family, born, cohort); returns the new map and what changed."""
    records: dict[int, list[Record]] = {}
    for child, agency, own in con.execute(
        "SELECT child, agency, id FROM people JOIN member USING (uid) ORDER BY uid"
    ).fetchall():
        records.setdefault(child, []).append((agency, own))
    names, changes = name_children([records[child] for child in range(len(records))], earlier, secret)
    family = family_of(con, linkage, len(names))
    write_table(
        con, "named", {"child": np.arange(len(names)), "name": names, "family": _family_names(names, family, secret)}
    )
    cohort = cohort_sql(contract.cohort) if contract.cohort is not None else "NULL"
    con.execute(f"""
        CREATE TABLE children AS SELECT named.*, born, {cohort} AS cohort
        FROM named LEFT JOIN ({_births(linkage)}) USING (child)""")
    return earlier.renamed({record: names[child] for child, own in records.items() for record in own}), changes


def _family_names(names: list[str], family: Ints, secret: Secret) -> list[str]:
    first: dict[int, str] = {}
    for name, number in sorted(zip(names, family.tolist(), strict=True)):
        first.setdefault(number, name)
    return [secret.pseudonym("family", first[number]) for number in family.tolist()]


def _births(linkage: Linkage) -> str:
    """Return the SQL of each child's date of birth: what most records say, among equals the agency named first."""
    date = quoted(next(part.name for part in linkage.parts if part.kind == "date"))
    return f"""
        SELECT child, CAST({date} AS DATE) AS born FROM (
            SELECT child, {date}, count(*) AS votes, min(uid) AS first FROM people JOIN member USING (uid)
            WHERE {date} IS NOT NULL GROUP BY child, {date})
        QUALIFY row_number() OVER (PARTITION BY child ORDER BY votes DESC, first) = 1"""
