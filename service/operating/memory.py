"""Keeps collections of memory short, since answers wait for them."""

import gc


def settle() -> None:
    """Collect what only the start needed, and leave what stays until the end out of every later collection."""
    gc.collect()
    gc.freeze()
