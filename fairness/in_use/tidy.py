"""The audit of a score in use as one tidy table: a row for each score, group and measure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fairness.pack.words import HIDDEN, NOBODY, UNRELIABLE, VERDICTS
from fairness.report import FIELDS

Part = dict[str, Any]
COLUMNS = ("landmark", "outcome", "attribute", "group", "measure", *FIELDS, "n", "symbol")


def tidy(audit: Mapping[str, Any]) -> str:
    """
    Return an audit of a score in use (`fairness.in_use.in_use`) as CSV.

    A measure's difference, people minus the score alone, is a row of its own, `<measure>_difference`. Of a group that is hidden (`c`), or
    has nobody (`z`), there is one row, with that symbol in place of every figure. A figure that is not told is `c`; what does not apply is empty.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for head in audit["heads"]:
        of = [head["landmark"], head["outcome"]]
        everyone = {"n": head["n"], "small": False, "figures": head["figures"], "differences": head["differences"]}
        writer.writerows(_of_line([*of, "", "everyone"], everyone))
        for attribute in head["attributes"]:
            for line in attribute["groups"]:
                writer.writerows(_of_line([*of, attribute["attribute"], line["group"]], line))
    return written.getvalue()


def _of_line(of: list[str], line: Part) -> Iterator[list[str]]:
    if not line["figures"]:
        symbol = NOBODY if line["n"] == 0 else HIDDEN
        yield [*of, "", *[symbol] * (len(FIELDS) - 1), "", symbol, symbol]
        return
    last = [HIDDEN if line["n"] is None else str(line["n"]), UNRELIABLE if line["small"] else ""]
    gaps = of[-1] != "everyone" or bool(of[-2])
    for name, figure in line["figures"].items():
        yield [
            *of,
            name,
            *_numbers(figure[:3]),
            *(_numbers(figure[3:7]) if gaps else [""] * 4),
            _verdict(figure[7]),
            *last,
        ]
    for name, figure in line["differences"].items():
        yield [*of, f"{name}_difference", *_numbers(figure), *[""] * 5, *last]


def _numbers(figure: Sequence[float | None]) -> list[str]:
    return [HIDDEN if number is None else f"{number:g}" for number in figure]


def _verdict(place: float | None) -> str:
    return "" if place is None else VERDICTS[int(place)]
