"""The one option the suite adds (a run that may not skip), and the contracts and data that many tests share."""

import contextlib
import copy
import datetime
import fcntl
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from benchmarks.borough import Invented, invent_children, write_extracts
from benchmarks.serving.databases import Cluster
from models.contract import Contract
from models.contract_reading import parse_contract
from service.access.evaluation import EvaluationAccess
from service.app import app_of
from service.call import Service
from service.current import Current, Held
from service.live import load_live
from service.record.references import References
from training.findings import Run
from training.pipeline import train

ROOT = Path(__file__).parents[1]
# No test of the suite is timed: a machine that is busy breaks no promise.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
Document = dict[str, Any]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def evaluating() -> Callable[..., TestClient]:
    """Make a client on this machine of a service that evaluates a bundle, by a calendar, and records nothing."""
    return _evaluating


def _evaluating(bundle: Path, today: Callable[[], datetime.date] = datetime.date.today) -> TestClient:
    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        held = Held(load_live(bundle, today()))
        yield Service(Current(held), EvaluationAccess(), References(os.urandom(32)), evaluation=True, today=today)

    return TestClient(app_of(opened), base_url="http://127.0.0.1", client=("127.0.0.1", 50000))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--forbid-skips`."""
    parser.addoption("--forbid-skips", action="store_true", help="fail the run if any test was skipped")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that would have passed, when skips are forbidden and there was one."""
    if session.exitstatus == pytest.ExitCode.OK and forbidden_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each forbidden skip with its reason."""
    skips = forbidden_skips(terminalreporter.config)
    if skips:
        terminalreporter.section("skipped, and skips are forbidden here", red=True)
    for skip in skips:
        terminalreporter.line(skip)


def forbidden_skips(config: pytest.Config) -> list[str]:
    """Return a line for each skip, if skips are forbidden; none on an xdist worker."""
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not config.getoption("--forbid-skips"):
        return []
    # A skip's longrepr is (file, line, reason).
    return [f"{skip.nodeid}: {skip.longrepr[2]}" for skip in reporter.stats.get("skipped", [])]


@pytest.fixture(scope="session")
def borough_text() -> str:
    """The contract of an invented borough, which says every kind of thing a contract can say."""
    return (ROOT / "tests/contracts/borough.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def borough(borough_text: str) -> Contract:
    """The borough's contract, parsed."""
    return parse_contract(borough_text)


@pytest.fixture(scope="session")
def smocc_data() -> Path:
    """The folder of the SMOCC extracts; a test that asks for it skips where they are not."""
    folder = Path(os.environ.get("EARLYID_TEST_DATA", ROOT / "../shared/data")) / "smocc"
    if not folder.is_dir():
        pytest.skip(f"there is no folder {folder}; put the SMOCC extracts there or set EARLYID_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def earlyid() -> Command:
    """Run the real command in a process of its own, with an environment that says nothing of earlyid; never raises."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EARLYID_")}
    return lambda *words: subprocess.run(
        [sys.executable, "-c", "import earlyid; earlyid.main()", *map(str, words)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Cluster]:
    """A real PostgreSQL on loopback; whoever stops it starts it again. A test that asks for it skips where there is none."""
    # Not among pytest's folders: each new run of pytest closes those to the user whom PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="earlyid-postgres-") as folder:
        try:
            cluster = Cluster(Path(folder) / "cluster")
        except RuntimeError as error:
            pytest.skip(str(error))
        # What is tested outlives its processes; the power never fails here, and a busy disk takes its time.
        with (Path(folder) / "cluster/data/postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("fsync = off\n")
        cluster.start()
        yield cluster
        cluster.stop()


@pytest.fixture(scope="session")
def postgres(postgres_server: Cluster) -> Callable[[], str]:
    """Make the URL of a new, empty database on a real PostgreSQL."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    numbers = itertools.count()

    def make() -> str:
        name = f"fresh{next(numbers)}"
        with psycopg.connect(postgres_server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgres_server.url.removesuffix("postgres") + name

    return make


@pytest.fixture(scope="session")
def borough_children() -> list[Invented]:
    """The children of the borough's extracts, none of whom lives or has lived."""
    return invent_children(1500, seed=11)


@pytest.fixture(scope="session")
def borough_extracts(tmp_path_factory: pytest.TempPathFactory, borough_children: list[Invented]) -> Path:
    """The folder of the borough's extracts."""
    folder = tmp_path_factory.mktemp("borough-extracts")
    write_extracts(folder, borough_children, seed=12)
    return folder


@pytest.fixture(scope="session")
def borough_contract(tmp_path_factory: pytest.TempPathFactory, borough_text: str) -> Path:
    """The borough's contract with every gateway renewed, the expired one too, as a file."""
    path = tmp_path_factory.mktemp("contract") / "borough.toml"
    path.write_text(re.sub(r"expires = [0-9-]+", "expires = 2099-12-31", borough_text), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def quick_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that takes seconds: one repeat, few resamples, few trees."""
    path = tmp_path_factory.mktemp("plan") / "quick.toml"
    path.write_text(_QUICK_PLAN, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def signing_key() -> Ed25519PrivateKey:
    """A key that signs the bundles of tests."""
    return Ed25519PrivateKey.generate()


@pytest.fixture(scope="session")
def borough_run(
    tmp_path_factory: pytest.TempPathFactory,
    borough_contract: Path,
    borough_extracts: Path,
    quick_plan: Path,
    signing_key: Ed25519PrivateKey,
) -> Run:
    """A real training run on the borough's extracts, by time, its bundle signed; nothing in it may be changed."""
    return train(
        borough_contract,
        borough_extracts,
        tmp_path_factory.mktemp("borough-run") / "releases",
        plan_path=quick_plan,
        key=signing_key,
        today=datetime.date(2026, 9, 1),
        progress=lambda _step: None,
    )


@pytest.fixture(scope="session")
def canaries(borough_children: list[Invented], borough_text: str) -> tuple[str, ...]:
    """What must never leave the extracts: every key, family and date of birth (less the dates the contract names)."""
    told = {text for child in borough_children for text in (child.key, child.family, child.on(0))} - {""}
    return tuple(sorted(text for text in told if text not in borough_text))


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: its home, its exit status and what it printed."""

    home: Path
    status: int
    out: str
    err: str

    @property
    def bundle(self) -> Path:
        """The one bundle it wrote."""
        (bundle,) = (self.home / "releases").iterdir()
        return bundle


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, earlyid: Command) -> Callable[..., Done]:
    """Run a command, by a name, once for all workers of a session; `HOME` in its words becomes a home of its own."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def run(name: str, *words: object) -> Done:
        home, said = shared / name, shared / f"{name}.json"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not said.exists():
                home.mkdir()
                done = earlyid(*(str(word).replace("HOME", str(home)) for word in words))
                said.write_text(json.dumps([done.returncode, done.stdout, done.stderr]), encoding="utf-8")
        return Done(home, *json.loads(said.read_text(encoding="utf-8")))

    return run


@pytest.fixture(scope="session")
def smocc_demo(smocc_data: Path, once: Callable[..., Done]) -> Done:
    """The demo on real children with the default plan; it takes most of a minute."""
    return once("smocc-demo", "demo", "--no-serve", "--data", smocc_data, "--home", "HOME")


@pytest.fixture(scope="session")
def england_demo(once: Callable[..., Done]) -> Done:
    """The demo as a newcomer runs it: on an England that it invents; it takes a minute or so."""
    return once("england-demo", "demo", "--no-serve", "--home", "HOME")


@pytest.fixture(scope="session")
def borough_command(
    once: Callable[..., Done], borough_contract: Path, borough_extracts: Path, quick_plan: Path
) -> Done:
    """The run of `borough_run` by the real command, with an MLflow run and the held-out scores in its home."""
    return once(
        "borough-train",
        *("train", "--contract", borough_contract, "--data", borough_extracts, "--plan", quick_plan),
        *("--out", "HOME/releases", "--home", "HOME", "--scores", "HOME/scores.parquet"),
    )


@pytest.fixture(scope="session")
def as_toml() -> Callable[[Document], str]:
    """Write a document of plain values as TOML, so that a test can change one thing in a contract and read it back."""
    return lambda document: "".join(f"{key} = {_toml(value)}\n" for key, value in document.items())


def _toml(value: Any) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case datetime.date():
            return value.isoformat()
        case _:
            return json.dumps(value)


@pytest.fixture(scope="session")
def one_source() -> Callable[..., Document]:
    """
    Make a small contract's document from the columns of its one source, `visits`; keywords change it (None: left out).

    Visits carry their ages in the columns `age` and `known`; the landmark is at 365 days, the outcome's window 600 to 700.
    """
    return _one_source


def _one_source(columns: list[Document], features: list[Document] | None = None, **source: Any) -> Document:
    document: Document = copy.deepcopy(tomllib.loads(_ONE_SOURCE))
    changed = document["source"][0] | {"column": columns} | source
    document["source"] = [{key: value for key, value in changed.items() if value is not None}]
    if features is not None:
        document["feature"] = [_WORDS | feature for feature in features]
    return document


_QUICK_PLAN = """
format = 1
seed = 7
folds = 3
inner_folds = 3
repeats = 1
bootstrap = 100
refits = 2

[glass_box]
trees = 20
pairs = 3

[full_booster]
trees = 20
"""


_WORDS = {
    "name": "asked",
    "label": "asked",
    "source": "visits",
    "raises": "more",
    "lowers": "less",
    "not_known": "not known",
    "correctable": True,
}
_ONE_SOURCE = """
format = 1
name = "small"
label = "Small"
description = "One source."
landmark = [{ name = "at_one", label = "one year", age = 365, until = 500 }]
feature = [{ name = "visits", label = "visits", source = "visits", take = "count", raises = "more", lowers = "less", not_known = "not known", correctable = true }]

[[outcome]]
name = "outcome"
label = "outcome"
happens = "had the outcome"
source = "visits"
window = [600, 700]
take = "latest"
rule = "age > 0"
definition = "1"

[[source]]
name = "visits"
label = "Visits"
agency = "Clinic"
file = "visits.csv"
child = "child"
rows = "many"
happened = { age = "age" }
known = { age = "known" }
absence = "not_known"
gateway = { name = "Agreement", purposes = ["research"], expires = 2099-12-31 }
"""
