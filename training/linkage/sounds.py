"""How names sound, so that spellings of one name meet: Metaphone, by the jellyfish library."""

import duckdb
import jellyfish
import pyarrow as pa

from training.extract_sql import quoted


def sounds_of(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> None:
    """Write `sounds` (spelled, sound): of every distinct name in these columns of a table of standard names."""
    spelled = [f"SELECT {quoted(column)} AS spelled FROM {quoted(table)}" for column in columns]
    every = " UNION ".join([*spelled, "SELECT NULL AS spelled"])
    names = [name for (name,) in con.execute(f"SELECT spelled FROM ({every}) WHERE spelled IS NOT NULL").fetchall()]
    con.register(
        "found", pa.table({"spelled": pa.array(names, pa.string()), "sound": pa.array(map(sound, names), pa.string())})
    )
    con.execute("CREATE OR REPLACE TEMP TABLE sounds AS SELECT * FROM found")
    con.unregister("found")


def sound(name: str) -> str:
    """Return how a name sounds; a name of letters that Metaphone does not know sounds as it is written."""
    return jellyfish.metaphone(name) or name
