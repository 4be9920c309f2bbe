"""The worst segment of every landmark and outcome of an audit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from fairness.disclosure.told import Told
from fairness.segment.search import worst_segment
from fairness.segment.told import told

Part = dict[str, Any]


def segments(
    scored: pd.DataFrame, attributes: Sequence[str], labels: Mapping[str, str], found: Told, seed: int
) -> Iterator[Part]:
    """Yield what is told of the worst segment of each landmark and outcome; of one that names a hidden group, nothing."""
    parts = dict(iter(scored.groupby(["landmark", "outcome"], sort=False)))
    for one in found.foresight:
        segment = worst_segment(parts[one["landmark"], one["outcome"]], attributes, seed)
        yield told(segment, labels, set(_hidden(one)))


def _hidden(one: Part) -> Iterator[tuple[str | None, str]]:
    for attribute in one["attributes"]:
        yield from ((attribute["attribute"], line["group"]) for line in attribute["groups"] if line["n"] is None)
