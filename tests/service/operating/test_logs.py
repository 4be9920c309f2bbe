"""The log: one line a request, fields that are listed, and nothing that a caller sent."""

import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from service.call import Passed
from service.operating.logs import FIELDS, Log, to_stderr
from service.operating.passing import told_to
from service.operating.watched import Watched

CANARY = "canary-9434765919"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def lines() -> list[str]:
    """What was logged."""
    return []


@pytest.fixture
def log(lines: list[str]) -> Log:
    """A log that is kept in those lines."""
    return Log(lines.append)


def _passed(**said: object) -> Passed:
    usual = {"method": "POST", "route": "/v1/scores", "status": 201, "seconds": 0.0021, "trace": TRACE, "size": 512}
    return Passed(**usual | said)  # type: ignore[arg-type]


def test_one_line_a_request(log: Log, lines: list[str]) -> None:
    """A request is one line of JSON, with what is known of it."""
    told_to(Watched(log))(_passed(client="case-system", bundle="ab" * 32, outcomes=("scored",)))
    (line,) = map(json.loads, lines)
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "POST",
        "route": "/v1/scores",
        "status": 201,
        "ms": 2.1,
        "client": "case-system",
        "trace": TRACE,
        "bundle": "abababababab",
        "bytes": 512,
    }


def test_an_error_nobody_foresaw(log: Log, lines: list[str]) -> None:
    """An error is told by its type and place, beside the request; its message is not."""
    try:
        int(CANARY)
    except ValueError as error:
        told_to(Watched(log))(_passed(status=500, code="not-answered", error=error))
    request, failed = map(json.loads, lines)
    assert (request["level"], request["code"]) == ("warning", "not-answered")
    assert (failed["error"], failed["trace"]) == ("ValueError", TRACE)
    assert failed["place"].startswith("test_an_error_nobody_foresaw, line ")
    assert CANARY not in "".join(lines)


def test_only_what_is_listed(log: Log, lines: list[str]) -> None:
    """A field that is not listed, or holds more than a word or a number, is left out; a long text is cut."""
    log.told("failed", subject=CANARY, why="x" * 1000, code=[CANARY])  # type: ignore[arg-type]
    (line,) = map(json.loads, lines)
    assert set(line) == {"time", "level", "event", "why"}
    assert list(line) == [name for name in FIELDS if name in line]
    assert len(line["why"]) == 200


def test_a_line_stays_a_line(log: Log, lines: list[str]) -> None:
    """Line breaks and control characters cannot begin a line of their own."""
    log.told("failed", why='a\n{"event": "forged"}\r\x1b[31m\u2028')
    assert len(lines[0].splitlines()) == 1
    assert json.loads(lines[0])["event"] == "failed"


def test_told_alike(log: Log, lines: list[str]) -> None:
    """Every line begins with when, how bad and what, and names a bundle by its first 12 digits."""
    told_to(Watched(log))(_passed(client="case-system", bundle="ab" * 32))
    log.told("swapped", bundle="ab" * 32, why="why")
    for line in map(json.loads, lines):
        assert list(line)[:3] == ["time", "level", "event"]
        assert line["bundle"] == "abababababab"


def test_probes(lines: list[str]) -> None:
    """A probe that hears again and again that nothing is live warns nobody each time."""
    told_to(Watched(Log(lines.append, "warning")))(_passed(route="/readyz", method="GET", status=503))
    assert lines == []


def test_quieter(lines: list[str]) -> None:
    """At a higher level only what needs somebody is told."""
    passed = told_to(Watched(Log(lines.append, "warning")))
    passed(_passed())
    passed(_passed(status=503, code="not-recorded"))
    assert [json.loads(line)["status"] for line in lines] == [503]


@pytest.fixture
def restored() -> Iterator[None]:
    """Put the logging of the tests back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("restored")
def test_what_libraries_tell(capsys: pytest.CaptureFixture[str]) -> None:
    """A library's line and a warning are told by who wrote them and where, without their message."""
    to_stderr("info")
    logging.getLogger("some.library").error("could not insert %s", CANARY)
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("asyncio").exception(CANARY)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(capture=True)
        warnings.warn(CANARY, stacklevel=1)
    told = capsys.readouterr().err
    assert [(line["source"], line.get("error")) for line in map(json.loads, told.splitlines())] == [
        ("some.library", None),
        ("asyncio", "ValueError"),
        ("py.warnings", None),
    ]
    assert CANARY not in told
