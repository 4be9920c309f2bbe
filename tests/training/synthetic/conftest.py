"""An invented England: calibrated once for all workers, held in memory, and written by the real command."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area, load_area
from training.synthetic.batch import Batch, calibrated, invent_batch
from training.synthetic.chance import Chance
from training.synthetic.fitted import Fitted
from training.synthetic.measured_tables import open_extracts
from training.synthetic.write import Asked

COHORTS = tuple(range(2014, 2024))


@pytest.fixture(scope="session")
def england() -> Area:
    """The published figures of England."""
    return load_area("england")


@pytest.fixture(scope="session")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """England's constants, solved once for all workers; nothing in them may be changed."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path = shared / "england-constants.json"
    with (shared / "england-constants.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_text(json.dumps(calibrated("england")[1].constants), encoding="utf-8")
    found = Fitted()
    found.constants.update(json.loads(path.read_text(encoding="utf-8")))
    found.freeze()
    return found


@pytest.fixture(scope="session")
def batch(england: Area, fitted: Fitted) -> Batch:
    """All that is true of some 34,000 children of England, in memory; nothing in it may be changed."""
    return invent_batch(england, 3000, list(COHORTS), fitted, Chance(5, 0))


@pytest.fixture(scope="session")
def asked() -> Asked:
    """What `invented` was asked: enough children for two parts."""
    return Asked("england", 2100, COHORTS, 11)


@pytest.fixture(scope="session")
def invented(once: Callable[..., Any], asked: Asked) -> Path:
    """The folder of an England that the real command invented in a process of its own; nothing in it may be changed."""
    size = ("--births", asked.births, "--cohorts", f"{asked.cohorts[0]}-{asked.cohorts[-1]}", "--seed", asked.seed)
    done = once("england-invented", "synth", "HOME/england", *size)
    assert done.status == 0, done.err
    return Path(done.home / "england")


@pytest.fixture(scope="session")
def held_apart(once: Callable[..., Any], asked: Asked) -> Path:
    """The same England as its agencies hold it, by the real command; nothing in it may be changed."""
    size = ("--births", asked.births, "--cohorts", f"{asked.cohorts[0]}-{asked.cohorts[-1]}", "--seed", asked.seed)
    done = once("england-held-apart", "synth", "HOME/england", "--agencies", *size)
    assert done.status == 0, done.err
    return Path(done.home / "england")


@pytest.fixture(scope="session")
def read(invented: Path) -> Callable[[str], pd.DataFrame]:
    """Read a file of the invented England as text, by its name without `.csv`."""
    return lambda name: pd.read_csv(invented / f"{name}.csv", dtype=str)


@pytest.fixture(scope="session")
def rows(invented: Path) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Ask the invented England's files in SQL: every extract by its name, and the truth about children as `truth`."""
    with duckdb.connect() as con:
        views = {name: f"{name}.csv" for name in EXTRACTS} | {"truth": "truth/children.csv", "help": "truth/help.csv"}
        for name, file in views.items():
            con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_csv('{invented / file}', all_varchar = true)")
        yield lambda sql: con.execute(sql).fetchall()


@pytest.fixture(scope="session")
def measured(invented: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The invented England, with the tables that figures are measured on."""
    with open_extracts(invented) as con:
        yield con


@pytest.fixture(scope="session")
def bradford(once: Callable[..., Any]) -> Path:
    """Bradford at its own size, as `tests/promises/test_england_is_england.py` invents and checks it."""
    done = once(
        "bradford-as-published",
        *("synth", "HOME/bradford", "--area", "bradford", "--cohorts", "2016-2020", "--seed", 7, "--check"),
        *("--report", "HOME/page.html"),
    )
    assert done.status == 0, done.out
    return Path(done.home / "bradford")
