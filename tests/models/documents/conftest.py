"""The files of a bundle that was learned, and of the same with full evidence, for the tests of its documents."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from models.bundle import load_bundle
from models.canonical import canonical
from models.documents.documents import documents
from training.pipeline import Run

Files = Mapping[str, bytes]
Changed = Callable[..., dict[str, bytes]]


@pytest.fixture(scope="session")
def learned(borough_run: Run) -> Files:
    """The files of a bundle that was learned with quick evidence; no manifest, no signature."""
    return load_bundle(borough_run.bundle).files


@pytest.fixture(scope="session")
def changed() -> Changed:
    """Return files with something put in place in one of them: a name, the keys that lead there, and what is to stand there."""

    def change(files: Files, name: str, *path: str | int, to: Any) -> dict[str, bytes]:
        document = json.loads(files[name])
        inside = document
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = to
        return {**files, name: canonical(document)}

    return change


@pytest.fixture(scope="session")
def written(learned: Files) -> Files:
    """The files of the learned bundle, its documents among them."""
    return {**learned, **documents(learned)}


@pytest.fixture(scope="session")
def full(learned: Files, changed: Changed) -> Files:
    """The files of the learned bundle as they would be with full evidence, by figures that nobody measured."""
    figure = {"value": 0.7125, "low": 0.61, "high": 0.81}
    clear, unclear = {"value": 0.0125, "low": 0.004, "high": 0.021}, {"value": 0.001, "low": -0.02, "high": 0.02}
    both = {"auc": figure, "observed_over_expected": figure}
    part = {
        "sites": [{"source": "s", "column": "ward", "label": "Ward", "figures": both, "spread": {"observed_over_expected": figure}}],
        "learning_curve": {"last_doubling": {"auc": clear}, "next_doubling": {"auc": unclear}},
        "without": {
            "attributes": [
                {"label": "Sex", "change": "with", "recorded": "later", "difference": {"auc": clear, "recall": unclear}},
                {"label": "Light", "change": "with", "recorded": "later", "difference": {"auc": unclear, "recall": unclear}},
                {"label": "Term", "change": "with", "recorded": "later", "difference": None},
            ],
            "sources": [{"label": "Hub", "difference": {"auc": unclear, "recall": clear}}],
        },
    }  # fmt: skip
    guessed = [
        {"group": group, "auc": figure | {"value": value}, "feature": {"label": "area"}}
        for group, value in (("Boys", 0.55), ("Girls", 0.75))
    ]
    found = [{"label": "Landmark", "attributes": [{"attribute": "sex", "label": "Sex", "groups": guessed}]}]
    files = changed(learned, "evaluation.json", "evaluations", 0, "full", to=part)
    files = changed(files, "evaluation.json", "proxies", to=found)
    return changed(files, "evaluation.json", "not_computed", to=[])
