"""Which options are not beaten: none other is as good in all that counts here, and better in one part of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Option = Mapping[str, Any]


def shortfall(groups: Sequence[Option], shipped: Sequence[Option]) -> float | None:
    """
    Return the widest shortfall in recall of the groups whose gap is told of what ships (`shipped`), 0 where none falls short.

    None where there is no such group, or of one of them no gap is told.
    """
    gaps = [now["gap"] for now, before in zip(groups, shipped, strict=True) if before["gap"] is not None]
    if not gaps or None in gaps:
        return None
    return max(0.0, *(-float(gap["value"]) for gap in gaps))


def not_beaten(options: Sequence[Option]) -> list[bool]:
    """Return who is on the frontier of shortfall, recall and PPV: nobody of whom one of them is not told."""
    places = [_goods(option) for option in options]
    told = np.array([place for place in places if place is not None])
    return [place is not None and not _beaten(np.array(place), told) for place in places]


def _goods(option: Option) -> tuple[float, float, float] | None:
    recall, ppv, short = option["recall"], option["ppv"], option["shortfall"]
    return None if recall is None or ppv is None or short is None else (recall["value"], ppv["value"], -short)


def _beaten(place: np.ndarray, others: np.ndarray) -> bool:
    return bool(((others >= place).all(axis=1) & (others > place).any(axis=1)).any())
