"""Every figure of the audit that may be told, as one tidy table."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from fairness.audited import COMPLEMENTS
from fairness.pack.reading import Line, Part, Shown, shown
from fairness.pack.words import HIDDEN, NOBODY, UNRELIABLE, VERDICTS

COLUMNS = (
    "landmark",
    "outcome",
    "capacity",
    "attribute",
    "kind",
    "group",
    "measure",
    "value",
    "low",
    "high",
    "gap",
    "gap_low",
    "gap_high",
    "smallest_gap",
    "verdict",
    "n",
    "events",
    "symbol",
)


def tidy(audit: Mapping[str, Any]) -> str:
    """
    Return an `audit.json` as CSV, a row for each score, group and measure.

    Of a group that is hidden (`c`), or has nobody (`z`), there is one row, with that symbol in place of every figure; `symbol` says so too,
    and marks a small group (`u`). A figure that is not told is `c`; what does not apply is empty. What does not go by a list has no
    capacity.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for part in audit["audits"]:
        writer.writerows(_of_head(part, f"{audit['capacity']:g}"))
    for part in audit["foresight"]:
        writer.writerows(_of_head(part, ""))
    return written.getvalue()


def _of_head(part: Part, capacity: str) -> Iterator[list[str]]:
    head = [part["landmark"], part["outcome"], capacity]
    yield from _of_line([*head, "", "everyone"], part["overall"])
    for attribute in part["attributes"]:
        for line in attribute["groups"]:
            yield from _of_line([*head, attribute["attribute"], attribute["kind"]], line)


def _of_line(of: list[str], line: Line) -> Iterator[list[str]]:
    named = [*of, line["group"]]
    if not line["figures"]:
        symbol = NOBODY if line["n"] == 0 else HIDDEN
        yield [*named, "", *[symbol] * 7, "", symbol, symbol, symbol]
        return
    measures = [*line["figures"], *(name for name, other in COMPLEMENTS.items() if other in line["figures"])]
    counts = [_count(line["n"]), _count(line["events"]), UNRELIABLE if line["small"] else ""]
    for name in measures:
        yield [*named, name, *_figures(shown(line, name), everyone=of[-1] == "everyone"), *counts]


def _figures(told: Shown, *, everyone: bool) -> Iterator[str]:
    """Yield the seven numbers and the verdict; everyone together has no gap."""
    for at, number in enumerate(told[:7]):
        yield "" if everyone and at > 2 else HIDDEN if number is None else f"{round(number, 6):g}"
    hidden = "" if everyone or told.gap is not None else HIDDEN
    yield hidden if told.verdict is None else VERDICTS[told.verdict]


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
