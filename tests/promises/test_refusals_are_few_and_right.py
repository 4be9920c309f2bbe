"""
Few are refused who should be scored, all are refused who should not, and most answers can be relied on.

The quick form of `benchmarks.evidence_scope`: the bundle of the demo, judged on today's children, of whom it learned nothing.
"""

from pathlib import Path
from typing import Any, Protocol

import pytest

from benchmarks.evidence_scope import JUDGED, judged
from training.synthetic.area import NATION
from training.synthetic.write import Asked, synthesise

Part = dict[str, Any]


class Demo(Protocol):
    """What the demo left."""

    @property
    def bundle(self) -> Path:
        """The one bundle it wrote."""


@pytest.fixture(scope="module")
def found(england_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Part:
    """What is found of a few hundred births a cohort."""
    data = tmp_path_factory.mktemp("england") / "extracts"
    synthesise(Asked(NATION, 400, JUDGED, 23), data, lambda _step: None)
    return judged(england_demo.bundle, data, 450)


def test_refusals_are_few(found: Part) -> None:
    """Of children in scope by the truth, fewer than one in fifty are refused, at every landmark."""
    assert all(part["in_scope"] > 100 for part in found["landmarks"])
    assert all(part["refused"] < 0.02 * part["in_scope"] for part in found["landmarks"])


def test_every_scripted_case_is_refused(found: Part) -> None:
    """Every child made to be out of scope is refused with the code of the way in which it is."""
    assert found["scripted_wrong"] == 0
    assert found["scripted"] > 500


def test_most_answers_are_good(found: Part) -> None:
    """At every landmark most children in scope have answers that can be relied on in full: of nobody, it would be empty."""
    assert found["good_least_of_a_landmark"] > 0.6
    assert found["good"] > 0.75


def test_absence_is_never_taken_for_safety(found: Part) -> None:
    """Where withdrawing a source lowers a learned bundle's band the answer says so; and withdrawal does unflag children."""
    assert found["absence_taken_for_safety"] == 0
    shares = [told["unflagged"] for part in found["landmarks"] for told in part["unflagged_by_withdrawal"].values()]
    assert max(share for share in shares if share is not None) > 0.1
