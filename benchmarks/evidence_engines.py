"""Evidence that the two engines are one: random children of three contracts, every cell of every matrix compared."""

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from benchmarks import borough, generated
from models.contract import Contract
from models.contract_reading import load_contract
from models.features import FeatureSet
from models.record import ChildRecord, Event, Span
from models.snapshot import take_snapshot
from training.extract_sql import quoted
from training.ingest import ingest
from training.snapshots import take_matrix

ROOT = Path(__file__).parents[1]
SMOCC, BOROUGH = ROOT / "examples/smocc/contract.toml", ROOT / "tests/contracts/borough.toml"
SMOCC_CHILDREN, GENERATED_CHILDREN, BOROUGH_CHILDREN = 50_000, 40_000, 20_000
CHILDREN = 100_000

Part = dict[str, Any]


def engines(folder: Path) -> Part:
    """Both engines give the same matrix, to the bit, for random children of three contracts."""
    invented: dict[str, Callable[[Path], Contract]] = {
        "smocc": _smocc_children,
        "generated": _generated_children,
        "borough": _borough_children,
    }
    contracts = {}
    for name, write in invented.items():
        print(f"· comparing the engines: {name}", file=sys.stderr, flush=True)
        extracts = folder / name
        extracts.mkdir()
        contracts[name] = _compared(write(extracts), extracts)
    differing = sum(each["differing_cells"] for each in contracts.values())
    children = sum(each["children"] for each in contracts.values())
    return {"part": "engines", "passed": differing == 0 and children >= CHILDREN, "children": children, **contracts}


def _compared(contract: Contract, extracts: Path) -> Part:
    con, _ = ingest(contract, extracts)
    records = _records(con, contract)
    cells = known = differing = 0
    for landmark in contract.landmarks:
        questions = FeatureSet(contract, landmark)
        matrix = take_matrix(con, contract, landmark, "SELECT child FROM children")
        one = np.array([questions.row(take_snapshot(records[c], landmark.age)) for c in matrix.children.tolist()])
        apart = one.view(np.uint64) != matrix.numbers.view(np.uint64)
        differing += int((apart & ~(np.isnan(one) & np.isnan(matrix.numbers))).sum())
        cells, known = cells + one.size, known + int((~np.isnan(one)).sum())
    return {"children": len(records), "cells": cells, "known_cells": known, "differing_cells": differing}


def _records(con: duckdb.DuckDBPyConnection, contract: Contract) -> dict[str, ChildRecord]:
    """Return every child's record, as `training.records` reads them one by one."""
    events: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    spans: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for source in contract.feature_sources:
        columns = sorted(contract.feature_columns[source.name])
        wanted = "".join(f", {quoted(column)}" for column in columns)
        con.execute(f"SELECT child, happened, known{wanted} FROM {quoted('events_' + source.name)}")
        for child, happened, known, *values in con.fetchall():
            events[child][source.name].append(Event(happened, known, dict(zip(columns, values, strict=True))))
    for child, name, start, end, known in con.execute(
        'SELECT child, source, start, "end", known FROM coverage'
    ).fetchall():
        for covered in (covered for covered, proof in contract.proven_by.items() if proof == name):
            spans[child][covered].append(Span(start, end, known))
    return {
        child: ChildRecord(
            {name: tuple(held) for name, held in events[child].items()},
            {name: tuple(held) for name, held in spans[child].items()},
        )
        for (child,) in con.execute("SELECT child FROM children").fetchall()
    }


def _smocc_children(extracts: Path) -> Contract:
    """Write random children with visits on few enough days that many fall on one, or on a landmark's very day."""
    contract, _ = load_contract(SMOCC)
    chance = np.random.default_rng(1)
    child = np.repeat(np.arange(SMOCC_CHILDREN), chance.integers(1, 6, SMOCC_CHILDREN))
    ages = chance.choice([0, 30, 99, 100, 200, 300, 399, 400, 401, 479, 480, 599, 600, 601, 700], len(child))
    asked = {
        column.name: np.where(chance.random(len(child)) < 0.8, "", chance.choice(["0", "1"], len(child)))
        for column in contract.source("visits").columns
    }
    pd.DataFrame({"child_id": child, "age_days": ages, **asked}).to_csv(extracts / "visits.csv", index=False)
    births = {"child_id": np.arange(SMOCC_CHILDREN), "sex": "Male", "gestation_days": 280}
    pd.DataFrame(births).to_csv(extracts / "births.csv", index=False)
    return contract


def _generated_children(extracts: Path) -> Contract:
    """Write random children of the generated contract: hundredths of any size, ties that disagree, and gaps."""
    chance = np.random.default_rng(2)
    child = np.repeat(np.arange(GENERATED_CHILDREN), chance.integers(1, 5, GENERATED_CHILDREN))
    numbers = chance.integers(-(10**9), 10**9, (len(child), generated.FEATURES)) // 10 ** chance.integers(
        0, 9, (len(child), 1)
    )
    columns = {f"x{i}": np.round(numbers[:, i] / 100, 2) for i in range(generated.FEATURES)}
    table = pd.DataFrame({"child": child, "age_days": chance.choice([10, 10, 300, 700, 701], len(child)), **columns})
    table.mask(chance.random(table.shape) < np.array([0, 0] + [0.2] * generated.FEATURES)).to_csv(
        extracts / "records.csv", index=False, float_format="%.2f"
    )
    return generated.contract()


def _borough_children(extracts: Path) -> Contract:
    """Write invented children of the borough: dates, late rows, coverage by feed and by residence."""
    borough.write_extracts(extracts, borough.invent_children(BOROUGH_CHILDREN, seed=3), seed=4)
    return load_contract(BOROUGH)[0]
