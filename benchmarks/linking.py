"""
Linking two registers of 100,000 invented people who share no number: names, date of birth, sex and postcode.

A process of its own links them, from reading the two files to who is one person. Prints its seconds, step by step, its
peak memory (which Linux alone tells), precision over linked pairs, recall over true pairs, and whether each bound is kept;
and, as a measure of how hard it was, the share of true pairs whose names, date of birth and postcode are the same.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.registers import COLUMNS, PERSON, REGISTERS, write_registers
from models.linkage import Linkage
from training.extract_sql import literal
from training.linkage.backends import SCORED, registered, write_scored
from training.linkage.joining import join_records
from training.linkage.learning import learn
from training.linkage.pairs import relatives_a_child, write_pairs
from training.linkage.people import private_database, read_people
from training.linkage.review import Decisions

PEOPLE, SEED = 100_000, 3
SECONDS, MEGABYTES, PRECISION, RECALL = 10, 1_000, 0.99, 0.97
PARTS: tuple[dict[str, str], ...] = (
    {"name": "forename", "kind": "name", "swaps_with": "surname"},
    {"name": "surname", "kind": "name", "shared": "family"},
    {"name": "date_of_birth", "kind": "date", "shared": "twins"},
    {"name": "sex", "kind": "code"},
    {"name": "postcode", "kind": "postcode", "shared": "family"},
)


def main() -> None:
    """Print the line."""
    with tempfile.TemporaryDirectory() as folder:
        write_registers(Path(folder), PEOPLE, SEED)
        # The seconds and memory of inventing are not those of linking.
        command = [sys.executable, "-c", f"from benchmarks.linking import measure; measure({folder!r})"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    reached = {
        "seconds": found["seconds"] <= SECONDS,
        "memory": found["peak_memory_mb"] < MEGABYTES,
        "precision": found["precision"] >= PRECISION,
        "recall": found["recall"] >= RECALL,
    }
    print(json.dumps({"benchmark": "linking", "people": [PEOPLE, PEOPLE], **found, "reached": reached}))


def measure(folder: str) -> None:
    """Link the registers of a folder, and print what it took and how well it did."""
    linkage = declared()
    with private_database() as con:
        start = time.perf_counter()
        read_people(con, linkage, Path(folder))
        read = time.perf_counter()
        people = registered(con, linkage)
        model = learn(linkage, people)
        learned = time.perf_counter()
        write_scored(con, linkage, people, model)
        write_pairs(con, linkage, SCORED, relatives_a_child(con, linkage))
        scored = time.perf_counter()
        join_records(con, linkage, Decisions([], [], []), Path("decided.csv"))
        joined = time.perf_counter()
        took = {
            "seconds": joined - start,
            "read_seconds": read - start,
            "learn_seconds": learned - read,
            "score_seconds": scored - learned,
            "join_seconds": joined - scored,
        }
        rounded = {step: round(seconds, 2) for step, seconds in took.items()}
        print(json.dumps({**rounded, "peak_memory_mb": _peak_megabytes(), **_against_truth(con, Path(folder))}))


def declared() -> Linkage:
    """Return what is said of linking the two registers."""
    agencies = [
        {
            "name": name,
            "label": name,
            "file": f"{name}.csv",
            "id": "id",
            "holds": {column: column for column in COLUMNS},
        }
        for name in REGISTERS
    ]
    return Linkage.model_validate({"part": PARTS, "agency": agencies})


def _peak_megabytes() -> int:
    """Return the peak of this process; what `resource` tells may be that of the process that began it."""
    told = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return round(int(told[1]) / 2**10) if told else 0


def _against_truth(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, float]:
    told = " UNION ALL ".join(
        f"SELECT {literal(name)} AS agency, id, {PERSON} FROM read_csv({literal(str(folder / f'{name}.csv'))}, all_varchar = true)"
        for name in REGISTERS
    )
    con.execute(f"CREATE TABLE truth AS SELECT * FROM people JOIN member USING (uid) JOIN ({told}) USING (agency, id)")
    # Each register holds each person once, so that each person is one true pair.
    alike = " AND ".join(f"l.{name} = r.{name}" for name in COLUMNS)
    pairs = "FROM truth AS l JOIN truth AS r ON l.agency < r.agency AND"
    linked, true = con.execute(
        f"SELECT count(*), count(*) FILTER (l.{PERSON} = r.{PERSON}) {pairs} l.child = r.child"
    ).fetchall()[0]
    exact = con.execute(f"SELECT count(*) FILTER ({alike}) {pairs} l.{PERSON} = r.{PERSON}").fetchall()[0][0]
    return {
        "precision": round(true / linked, 5),
        "recall": round(true / PEOPLE, 5),
        "written_the_same": round(exact / PEOPLE, 4),
    }


if __name__ == "__main__":
    main()
