"""Which groups are hidden, and with whom they are counted."""

import itertools
from collections import defaultdict

import numpy as np
import pytest

from fairness.disclosure.hiding import hiding
from fairness.disclosure.rounding import told

Told = tuple[tuple[float | None, ...], int]


@pytest.mark.parametrize(
    ("sizes", "hidden", "place"),
    [
        ([30, 20], [], None),
        ([30, 0], [], None),
        ([30, 3, 40], [1], 2),
        ([40, 3, 40, 1], [1, 3], 0),
        ([10, 0, 10, 1], [0, 2, 3], None),
        ([17, 3], [1], 0),
        ([16, 3], [0, 1], None),
        ([9, 0], [0], None),
        ([9, 9, 9], [0, 1, 2], None),
    ],
)
def test_hiding(sizes: list[int], hidden: list[int], place: int | None) -> None:
    """Those of one to nine are hidden in the largest; where that is itself hardly any children, all are hidden in none."""
    found, into = hiding(sizes)
    assert [i for i, is_hidden in enumerate(found) if is_hidden] == hidden
    assert into == place


@pytest.mark.parametrize(("parts", "top"), [(2, 60), (3, 36)])
def test_what_is_hidden_cannot_be_worked_out(parts: int, top: int) -> None:
    """Of every small table, all that is told and the exact whole too leave a hidden group five sizes that it could be."""
    could_be: defaultdict[tuple[Told, int], set[int]] = defaultdict(set)
    for sizes in itertools.product(range(top), repeat=parts):
        # Of fewer than ten in all nothing is told; a table larger than all those tried could be another of that whole.
        if 10 <= sum(sizes) < top:
            shown = _told(sizes), sum(sizes)
            for part in range(parts):
                if shown[0][part] is None:
                    could_be[shown, part].add(sizes[part])
    assert len(could_be) > 50
    assert min(map(len, could_be.values())) >= 5


def _told(sizes: tuple[int, ...]) -> tuple[float | None, ...]:
    hidden, place = hiding(sizes)
    with_hidden = [size + (sum(itertools.compress(sizes, hidden)) if i == place else 0) for i, size in enumerate(sizes)]
    rounded = told(np.array(with_hidden, dtype=np.float64), np.zeros(len(sizes), dtype=np.bool_)).tolist()
    return tuple(None if is_hidden else size for size, is_hidden in zip(rounded, hidden, strict=True))
