"""
The scored table: one row per held-out child, landmark, outcome and repeat. It is all that an audit reads.

Columns: `child`, `landmark`, `outcome`, `probability`, `observed` (0 or 1), `repeat`, `fold`, `flagged`, `weight`,
`family`, and one `audit_<attribute>` for each audit attribute, in which *not recorded* is a group like any other.
"""

COLUMNS = (
    "child",
    "landmark",
    "outcome",
    "probability",
    "observed",
    "repeat",
    "fold",
    "flagged",
    "weight",
    "family",
)
NOT_RECORDED = "not recorded"


def audit_column(attribute: str) -> str:
    """Return the column that holds a child's group of an attribute."""
    return f"audit_{attribute}"
