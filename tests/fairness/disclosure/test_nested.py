"""Which attribute is a finer grouping of another."""

import pandas as pd

from fairness.disclosure.nested import nested


def test_nested() -> None:
    """Every child of a group of the finer is in one group of the coarser; where one is in two, neither is within the other."""
    table = pd.DataFrame(
        {
            "audit_fine": ["a", "b", "c", "a", "c"],
            "audit_coarse": ["x", "x", "y", "x", "y"],
            "audit_other": ["p", "q", "p", "q", "q"],
        }
    )
    assert nested(table, ["fine", "coarse", "other"]) == {("fine", "coarse"): {"a": "x", "b": "x", "c": "y"}}
