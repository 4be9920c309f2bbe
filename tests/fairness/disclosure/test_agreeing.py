"""Which numbers agree with a verdict, and which verdicts would tell too much."""

import numpy as np

from fairness.audited import VERDICTS
from fairness.disclosure.agreeing import BEYOND, Cells, too_telling
from fairness.verdicts import Verdict

LARGER, WATCH, CANNOT = (
    VERDICTS.index(each) for each in (Verdict.LARGER_THAN_AGREED, Verdict.KEEP_WATCHING, Verdict.CANNOT_TELL)
)
COUNTS = np.arange(6.0)[None, :]


def _said(*sayings: int) -> np.ndarray:
    said = np.zeros((1, 6, BEYOND + 1), dtype=np.bool_)
    said[0, np.arange(len(sayings)), list(sayings)] = True
    return said


def test_what_fewer_than_three_agree_with_is_kept() -> None:
    """Two numbers agree with one verdict and four with the other: neither is told, for silence would tell as much."""
    kept = too_telling(_said(WATCH, WATCH, CANNOT, CANNOT, CANNOT, CANNOT), COUNTS)[0]
    assert np.flatnonzero(kept).tolist() == [WATCH, CANNOT]
    assert not too_telling(_said(WATCH, WATCH, WATCH, CANNOT, CANNOT, CANNOT), COUNTS).any()


def test_a_verdict_is_worked_out_anew_for_each_number() -> None:
    """None found of fifty where half are found elsewhere is a gap; about half of them found is none that can be told."""
    fifty, one = np.array([50.0]), np.array([1.0])
    cells = Cells(fifty, fifty, np.array([500.0]), np.array([1000.0]), one, one, np.array([True]))
    said = cells.said(np.array([[0.0, 25.0]]), 0.05, misses=False)[0]
    assert (said[0, LARGER], said[0, CANNOT]) == (True, False)
    assert (said[1, LARGER], said[1, CANNOT]) == (False, True)
