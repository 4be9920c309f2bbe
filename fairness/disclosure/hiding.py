"""Which groups are too small to be told of at all, and with whom their children are counted."""

from collections.abc import Sequence

from models.small_numbers import FEWEST


def hiding(sizes: Sequence[float]) -> tuple[list[bool], int | None]:
    """
    Return which groups of an attribute are hidden, and the place of the one that their children are counted with.

    Groups of one to nine are hidden, in the largest. Where that would hold fewer than twenty with them every group is
    hidden that has a child, and in none: of eleven one could tell ten and one.
    """
    hidden = [0 < size < FEWEST for size in sizes]
    if not any(hidden):
        return hidden, None
    largest = max(range(len(sizes)), key=sizes.__getitem__)
    together = sizes[largest]
    for size, is_hidden in zip(sizes, hidden, strict=True):
        together += size if is_hidden else 0
    if hidden[largest] or together < 2 * FEWEST:
        return [size > 0 for size in sizes], None
    return hidden, largest
