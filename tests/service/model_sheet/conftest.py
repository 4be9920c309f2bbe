"""A bundle of the borough with an evaluation and refits, its page, and what a page holds once it is read."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.small_bundle import bundle_files
from models.bundle import Bundle, manifest_of, scorer_of
from models.canonical import canonical, digest
from models.terms import LinearTerm, Model, PairTerm
from service.model_sheet.sheet import sheet

Read = Callable[[str], ET.Element]
REFITS = 7


def _figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.031, "high": value + 0.033}


def _judged(auc: float) -> dict[str, Any]:
    measures = {
        "auc": _figure(auc),
        "average_precision": _figure(0.48),
        "brier": _figure(0.191),
        "log_loss": _figure(0.56),
        "calibration_slope": _figure(0.93),
        "calibration_intercept": _figure(-0.04),
        "at_capacity": [],
    }
    return {
        "n": 1069,
        "events": 328,
        "prevalence": 0.306829,
        "ships": "glass box",
        "candidates": dict.fromkeys(("logistic", "glass box", "full booster"), measures),
    }


def _evaluated(landmark: str, outcome: str) -> dict[str, Any]:
    return {
        "landmark": landmark,
        "outcome": outcome,
        "procedure": {"kind": "time", "learned_on": 8679, "calibrated_on": 1065, "tested_on": 1069},
        **_judged(0.7123),
        "lagged": {"lag_in_cohorts": 3, "lag_in_real_use": 6, **_judged(0.6789)},
    }


def _curve(term: Any) -> dict[str, Any]:
    at = [term.low, term.high] if isinstance(term, LinearTerm) else [*term.edges, term.edges[-1] + 1]
    spread = [0.01 * i for i in range(len(at) + 1)]
    return {"feature": term.feature, "at": at, "low": [-0.6 - by for by in spread], "high": [0.6 + by for by in spread]}


def _filled(contract_text: str) -> dict[str, bytes]:
    """Return the files of a bundle, its evaluation and refits of the shapes that training writes."""
    files = bundle_files(contract_text)
    estimators = Model.model_validate_json(files["model.json"]).estimators
    refits = [
        {
            "landmark": spec.landmark,
            "outcome": spec.outcome,
            "refits": REFITS,
            "curves": [_curve(term) for term in spec.terms if not isinstance(term, PairTerm)],
        }
        for spec in estimators
    ]
    evaluations = [_evaluated(spec.landmark, spec.outcome) for spec in estimators]
    return files | {
        "refits.json": canonical({"format": 1, "refits": refits}),
        "evaluation.json": canonical({"format": 1, "evaluations": evaluations}),
    }


@pytest.fixture(scope="session")
def filled() -> Callable[[str], dict[str, bytes]]:
    """Make the files of a bundle for a contract, with an evaluation and refits."""
    return _filled


@pytest.fixture(scope="session")
def bundled() -> Callable[[dict[str, bytes]], Bundle]:
    """Make a bundle of files, as it is once it was checked."""
    return lambda files: Bundle(digest(manifest_of(files)), scorer_of(files), files, None)


@pytest.fixture(scope="session")
def shown(
    borough_text: str, filled: Callable[[str], dict[str, bytes]], bundled: Callable[[dict[str, bytes]], Bundle]
) -> Bundle:
    """A bundle of the borough to show."""
    return bundled(filled(borough_text))


@pytest.fixture(scope="session")
def read() -> Read:
    """Read a page, which must be well formed: every tag closed in order, every attribute in quotes."""

    def of(page: str) -> ET.Element:
        # HTML has two tags without an end on this page, and a first line that is no XML.
        drawn = page.removeprefix("<!doctype html>").replace('charset="utf-8">', 'charset="utf-8"/>')
        return ET.fromstring(drawn.replace('initial-scale=1">', 'initial-scale=1"/>'))  # noqa: S314 (a page of ours)

    return of


@pytest.fixture(scope="session")
def page(shown: Bundle) -> str:
    """The page of that bundle."""
    return sheet(shown)


@pytest.fixture(scope="session")
def tree(page: str, read: Read) -> ET.Element:
    """The page, read."""
    return read(page)
