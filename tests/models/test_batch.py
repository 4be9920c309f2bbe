"""Batch scoring: each number and code is what the Scorer gives for the row alone, to the bit."""

import json
import math
import random
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.small_bundle import EDGES, bundle_files
from models.batch import LEVELS, REFUSALS, SCORED, BatchScorer, Scores, _check_sums
from models.bundle import scorer_of
from models.canonical import canonical
from models.errors import IntegrityError
from models.estimator import expit
from models.feature import Landmark
from models.head import Head, Score
from models.scope import NotScored
from models.scorer import Scorer
from models.withdrawal import Asked

NAN = math.nan
# The values at which cells end, what is just beyond them, the ends of the ranges and what is far outside them.
HELD = (
    *(x for edge in EDGES for x in (edge, math.nextafter(edge, math.inf))),
    *(0.0, -0.0, 2.0, 2.01, 60.0, 61.0, -50.0, -50.1, 5000.0, 5000.5, 1e300, -1e300, 1e-40),
    *(NAN,) * 12,
)
Row = tuple[list[float], list[bool]]


@dataclass(frozen=True, slots=True)
class Both:
    """One landmark, scored at once and row by row."""

    scorer: Scorer
    landmark: Landmark
    batch: BatchScorer

    def check(self, rows: list[Row]) -> None:
        """Assert that all rows at once have what each has alone."""
        width = len(self.scorer.contract.features_at(self.landmark))
        matrix = np.array([row for row, _ in rows]).reshape(len(rows), width)
        covered = np.array([proven for _, proven in rows], dtype=np.bool_).reshape(len(rows), len(self.batch.sources))
        at_once = self.batch.score(matrix, covered)
        place = 0
        for (row, proven), refused in zip(rows, at_once.refused.tolist(), strict=True):
            names = {name for name, is_proven in zip(self.batch.sources, proven, strict=True) if is_proven}
            alone = self.scorer.score_row(self.landmark, row, names)
            if isinstance(alone, NotScored):
                assert REFUSALS[refused] == alone.code
                continue
            assert refused == SCORED
            assert bool(at_once.widened[place]) == bool(alone.unknown_sources)
            for one, many in zip(alone.scores, at_once.scores, strict=True):
                assert _of(many, place) == _alone(one, many.head)
            place += 1
        assert place == len(at_once.widened)


def _of(many: Scores, i: int) -> list[object]:
    numbers = [_bits(numbers[i]) for numbers in (many.log_odds, many.probability, many.low, many.high)]
    places = [int(places[i]) for places in (many.place, many.first, many.last)]
    terms = [[k for k in shown[i].tolist() if k >= 0] for shown in (many.raises, many.lowers)]
    return [*numbers, *places, bool(many.near_threshold[i]), LEVELS[many.level[i]], *terms]


def _alone(one: Score, head: Head) -> list[object]:
    at, banding = one.interval, one.banding
    terms = {term.features: k for k, term in enumerate(head.estimator.spec.terms)}
    numbers = [_bits(x) for x in (one.scored.log_odds, one.probability, at.low, at.high)]
    places = [banding.place, banding.first, banding.last, banding.near_threshold, one.reliability.level]
    shown = [[terms[reason.features] for reason in way] for way in (one.explanation.raises, one.explanation.lowers)]
    return [*numbers, *places, *shown]


def _bits(x: float) -> bytes:
    return struct.pack("<d", x)


def _files(borough_text: str, kind: str) -> dict[str, bytes]:
    if kind == "strict":
        return bundle_files(borough_text.replace("[scope]", "[scope]\nleast_known_share = 0.5\nbeyond_range = 0.1"))
    files = bundle_files(borough_text)
    return _tied(files) if kind == "tied" else files


def _tied(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with few different pushes, and the threshold of a score that rows have, and one of none."""
    document = json.loads(files["model.json"])
    for estimator in document["estimators"]:
        estimator["terms"] = [_coarse(term) for term in estimator["terms"]]
    files = files | {"model.json": canonical(document)}
    scorer, bands = scorer_of(files), json.loads(files["bands.json"])
    for one in bands["thresholds"]:
        estimator = scorer.estimator(one["landmark"], one["outcome"])
        one["at"][0]["log_odds"] = None
        one["at"][1]["log_odds"] = estimator.score([0.0] * len(estimator.spec.inputs)).log_odds
    return files | {"bands.json": canonical(bands)}


def _coarse(term: dict[str, Any]) -> dict[str, Any]:
    if term["kind"] == "linear":
        return term
    pair = term["kind"] == "pair"
    values = [[round(x, 1) for x in line] for line in term["values"]] if pair else [round(x, 1) for x in term["values"]]
    return term | {"values": values}


@pytest.fixture(scope="module", params=["usual", "strict", "tied"])
def borough_boths(request: pytest.FixtureRequest, borough_text: str) -> list[Both]:
    """
    Every landmark of the borough: of the small bundle, of one whose scope refuses rows, and of one with many ties.

    That has few different pushes, the threshold of a score that rows have, and the threshold of a list that is empty.
    """
    scorer = scorer_of(_files(borough_text, request.param))
    return [Both(scorer, at, BatchScorer(scorer, at)) for at in scorer.contract.landmarks]


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(data=st.data())
def test_any_rows(borough_boths: list[Both], data: st.DataObject) -> None:
    """Any rows, whole sources of them not known, have one answer at once and alone: numbers, band, reliability, reasons."""
    both = data.draw(st.sampled_from(borough_boths))
    columns = list(Asked(both.scorer.contract, both.landmark).columns.values())
    width, sources = sum(map(len, columns)), len(columns)
    numbers = st.sampled_from(HELD) | st.floats(allow_infinity=False)
    row = st.lists(numbers, min_size=width, max_size=width)
    flags = st.lists(st.booleans(), min_size=sources, max_size=sources)
    rows = [
        (_without(given, columns, lost), proven)
        for given, lost, proven in data.draw(st.lists(st.tuples(row, flags, flags), max_size=8))
    ]
    both.check(rows)


def _without(row: list[float], columns: list[tuple[int, ...]], lost: list[bool]) -> list[float]:
    gone = {column for held, is_lost in zip(columns, lost, strict=True) if is_lost for column in held}
    return [NAN if column in gone else x for column, x in enumerate(row)]


def test_many_rows(borough_boths: list[Both]) -> None:
    """Two thousand rows at each landmark, many with whole sources not known, have one answer at once and alone."""
    chance = random.Random(5)  # noqa: S311 (no secret)
    for both in borough_boths:
        columns = list(Asked(both.scorer.contract, both.landmark).columns.values())
        width = sum(map(len, columns))
        both.check(
            [
                (
                    _without(
                        [chance.choice(HELD) for _ in range(width)], columns, [chance.random() < 0.3 for _ in columns]
                    ),
                    [chance.random() < 0.3 for _ in columns],
                )
                for _ in range(2000)
            ]
        )


def test_a_score_at_a_threshold(borough_boths: list[Both]) -> None:
    """A score that is exactly a threshold reaches it, at once and alone."""
    for both in borough_boths:
        width = len(both.scorer.contract.features_at(both.landmark))
        both.check([([0.0] * width, [True] * len(both.batch.sources))])


def test_no_rows(borough_boths: list[Both]) -> None:
    """No rows, or none that is scored, have no scores."""
    for both in borough_boths:
        both.check([])
        width = len(both.scorer.contract.features_at(both.landmark))
        both.check([([NAN] * width, [False] * len(both.batch.sources))] * 3)


def test_nothing_proven(borough_boths: list[Both]) -> None:
    """Where coverage is not told, none is proven."""
    both = borough_boths[0]
    matrix = np.full((1, len(both.scorer.contract.features_at(both.landmark))), 2.0)
    matrix[0, list(Asked(both.scorer.contract, both.landmark).columns[both.batch.sources[1]])] = NAN
    assert both.batch.score(matrix).widened.tolist() == [True]
    assert both.batch.score(matrix, np.ones((1, len(both.batch.sources)), dtype=np.bool_)).widened.tolist() == [False]


def test_a_sum_that_does_not_hold() -> None:
    """Scores whose log-odds are not those of their probability are not answered, not a single one of them."""
    log_odds = np.array([-1.0, 0.0, 2.0])
    probability = np.array([expit(x) for x in log_odds])
    _check_sums(log_odds, probability)
    with pytest.raises(IntegrityError, match="do not add up"):
        _check_sums(log_odds + np.array([0.0, 0.0, 2e-9]), probability)
