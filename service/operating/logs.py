"""
The log: JSON lines, one a request, and only fields that are listed here.

What a caller sent, what was answered and where a path led are not among them, so they cannot be logged by mistake. An error is told
by its type and place: its message could hold a child's value. What libraries log is told in the same way.
"""

import datetime
import json
import logging
import sys
import traceback
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any, Literal, TextIO

import structlog

Event = Literal[
    "request",
    "started",
    "nothing-live",
    "stopped",
    "swapped",
    "access-trouble",
    "trouble",
    "trouble-over",
    "failed",
    "library",
]
Level = Literal["debug", "info", "warning", "error"]

# What a line may hold: times and counts are numbers, everything else is a word of ours or a name from the settings.
# In the order in which every line has them.
FIELDS = (
    "time",
    "level",
    "event",
    "method",
    "route",
    "status",
    "client",
    "bundle",
    "code",
    "trace",
    "ms",
    "bytes",
    "error",
    "place",
    "source",
    "why",
)
# What is asked every few seconds, and told in full by its own events.
_PROBE = "/readyz"
_BUNDLE_DIGITS = 12
_LONGEST = 200
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Log:
    """Writes lines; safe to call from any thread."""

    def __init__(self, write: Callable[[str], object], level: Level = "info") -> None:
        self._least = _number(level)
        self._write = write
        self._logger: Any = structlog.wrap_logger(
            _Lines(write),
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
                structlog.processors.add_log_level,
                only_listed,
                structlog.processors.JSONRenderer(),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(self._least),
            context_class=dict,
            cache_logger_on_first_use=True,
        ).bind()

    def request(
        self,
        method: str,
        route: str | None,
        status: int,
        seconds: float,
        *,
        client: str | None,
        trace: str,
        bundle: str | None = None,
        code: str | None = None,
        size: int = 0,
    ) -> None:
        """Tell one request: `route` is the template of the path, `code` the kind of its problem, `size` the bytes answered."""
        said: Level = "info" if status < 500 or route == _PROBE else "warning"
        if _number(said) >= self._least:
            # Of all lines only this one is written often: what repeats in it was put together before.
            known = _request(method if method in _METHODS else "OTHER", route, status, client, bundle, code, said)
            now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
            own = f'"trace":"{trace}","ms":{round(seconds * 1000, 2)},"bytes":{size}'
            self._write(f'{{"time":"{now.isoformat()}Z",{known},{own}}}')

    def told(self, event: Event, level: Level = "info", **fields: str | float | None) -> None:
        """Tell something else that happened; fields that are not listed are left out."""
        self._logger.log(_number(level), event, **fields)

    def failed(self, error: BaseException, event: Event = "failed", trace: str | None = None) -> None:
        """Tell an error by its type and by where it was raised."""
        self._logger.error(event, error=type(error).__name__, place=place_of(error), trace=trace)


@lru_cache(maxsize=4096)
def _request(
    method: str, route: str | None, status: int, client: str | None, bundle: str | None, code: str | None, level: Level
) -> str:
    """Return what lines of requests have in common, as JSON without its braces: every part is of a closed set."""
    line = {
        "level": level,
        "event": "request",
        "method": method,
        "route": route,
        "status": status,
        "client": client,
        "bundle": bundle,
        "code": code,
    }
    return json.dumps(only_listed(None, "", line), separators=(",", ":"))[1:-1]


def place_of(error: BaseException) -> str | None:
    """Return where an error was raised: function, line and file."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}, line {frames[-1].lineno} of {frames[-1].filename}" if frames else None


def only_listed(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the fields of a line that are listed and said, texts cut to a length that no record of a child fits in."""
    return {name: _cut(name, line[name]) for name in FIELDS if isinstance(line.get(name), str | int | float)}


def _cut(name: str, value: str | float) -> str | float:
    return value[: _BUNDLE_DIGITS if name == "bundle" else _LONGEST] if isinstance(value, str) else value


class LibraryLines(logging.Handler):
    """Tells of a library's log line who wrote it and where; its message could hold what was sent."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one line."""
        error = record.exc_info[0] if record.exc_info else None
        self._log.told(
            "library",
            "error" if record.levelno >= logging.ERROR else "warning",
            source=record.name,
            place=f"{record.funcName}, line {record.lineno} of {record.filename}",
            error=error.__name__ if error else None,
        )


def to_stderr(level: Level) -> Log:
    """Return the log of a process, on its standard error, and bring there what libraries and threads would have told of themselves."""
    log = Log(_writer(sys.stderr), level)
    logging.basicConfig(level=logging.WARNING, handlers=[LibraryLines(log)], force=True)
    logging.captureWarnings(capture=True)
    return log


def _writer(stream: TextIO) -> Callable[[str], object]:
    def write(line: str) -> None:
        # One write for each line, so that lines of two threads do not mix.
        stream.write(line + "\n")
        stream.flush()

    return write


class _Lines:
    """What structlog writes to."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self.debug = self.info = self.warning = self.error = self.log = write


def _number(level: Level) -> int:
    return {"debug": 10, "info": 20, "warning": 30, "error": 40}[level]
