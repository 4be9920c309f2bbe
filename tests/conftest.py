"""The one option the suite adds (a run that may not skip), and the contracts and data that many tests share."""

import copy
import datetime
import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.contract import Contract
from models.contract_reading import parse_contract

ROOT = Path(__file__).parents[1]
Document = dict[str, Any]


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
    Make a small contract's document from the columns of its one source, `visits`; keywords change the source.

    Visits carry their ages in the columns `age` and `known`; the landmark is at 365 days, the outcome's window 600 to 700.
    """
    return _one_source


def _one_source(columns: list[Document], features: list[Document] | None = None, **source: Any) -> Document:
    document: Document = copy.deepcopy(tomllib.loads(_ONE_SOURCE))
    document["source"][0] |= {"column": columns} | source
    if features is not None:
        document["feature"] = [_WORDS | feature for feature in features]
    return document


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
