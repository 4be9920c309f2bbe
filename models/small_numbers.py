"""
Small numbers: what may be told of how many children there are, so that nobody is told of one of them.

A count of fewer than ten is hidden, none at all too; any other is told to the nearest five. Where counts are the parts of
a whole, one is never hidden alone, and of the whole is told only what the shown parts make: nothing that is told depends
on a hidden count, so no subtraction gives it back. (A total over all parts would: where five are told as 10 and two are
hidden, a total told as 80 means five times 12, and 9 and 9.)
"""

import math
from collections.abc import Sequence

FEWEST, NEAREST = 10, 5


def rounded(count: float) -> int | None:
    """Return a count of children to the nearest five, halves up; None where it is hidden."""
    return None if count < FEWEST else nearest(count)


def in_words(count: int) -> str:
    """Say a count of children: exactly, or that it is one of the hidden ones."""
    return f"{count:,}" if count >= FEWEST else f"fewer than {FEWEST}"


def nearest(amount: float) -> int:
    """Return an amount that is no count (an expected number, of children who are shown) to the nearest five, halves up."""
    return NEAREST * math.floor(amount / NEAREST + 0.5)


def shown(counts: Sequence[int]) -> list[bool]:
    """
    Return which parts of a whole are shown; the rest are hidden.

    Where one part alone is small, the smallest of the others (the first of these, in the order given) is hidden with it.
    A total that is known from elsewhere would otherwise be that one part and what is shown.
    """
    told = [rounded(count) is not None for count in counts]
    if told.count(False) == 1 and any(told):
        told[min((count, place) for place, count in enumerate(counts) if told[place])[1]] = False
    return told
