"""How counts are told: to the nearest five, and never so that nine could be taken for ten."""

import numpy as np

from fairness.disclosure.rounding import least, most, nearest, told

COUNTS = np.arange(0.0, 200.0)
FINE, COARSE = np.zeros(200, dtype=np.bool_), np.ones(200, dtype=np.bool_)


def test_by_hand() -> None:
    """Up to two is 0, three to nine 5, and from ten on the nearest five, halves up; coarsely all under ten is 5."""
    assert told(COUNTS, FINE)[[0, 2, 3, 9, 10, 12, 13, 17, 18]].tolist() == [0, 0, 5, 5, 10, 10, 15, 15, 20]
    assert told(COUNTS, COARSE)[[0, 2, 9, 10, 12, 13]].tolist() == [5, 5, 5, 10, 10, 15]
    assert told(np.array([7.5, 9.5, 12.5]), FINE[:3]).tolist() == [5, 5, 15]
    assert nearest(np.array([2.4, 2.5, 7.5])).tolist() == [0, 5, 10]


def test_what_a_reader_knows() -> None:
    """The least and most are exactly the whole counts that are told alike; a small count is at least three of them."""
    for coarse in (FINE, COARSE):
        rounded = told(COUNTS, coarse)
        for count in range(190):
            alike = COUNTS[rounded == rounded[count]]
            assert (least(COUNTS, coarse)[count], most(COUNTS, coarse)[count]) == (alike.min(), alike.max())
            assert count >= 10 or (len(alike) >= 3 and alike.max() < 10)
