"""What is said of the options in words."""

from typing import Any

# Printed as they stand, by whatever shows the options.
NEVER_SERVED = (
    {
        "what": "A score that is drawn by chance",
        "why": (
            "Some methods close a gap by drawing, for each child, which of several models to go by. Two families with the same "
            "record could then be treated differently, and no one could explain why."
        ),
    },
    {
        "what": "A cut-off for each group",
        "why": (
            "A cut-off for each group needs each child's characteristic when the child is scored, and treats children by their "
            "group. That may be direct discrimination under the Equality Act 2010: it is to be checked with lawyers."
        ),
    },
)
NOTE = (
    "Every option was judged on the same children, and the best of many looks a little better there than it will prove to be. "
    "Figures are worked out from counts to the nearest five: a change of one or two children is told as none. "
    "Weights also change how well scores fit what happens within each group; the audit shows that of what ships alone."
)
# More groups than this are counted and not named.
_NAMED = 2
AS_IT_SHIPS = "as it ships"
NOT_SHORT = (
    "On the team's list these groups are found at least as often as everyone else: there is nothing to make up for."
)
TOO_FEW = "Too few children of these groups were judged to tell whether they are found less often."
NOT_LEARNED = "With these weights nothing could be learned."


def in_weights(label: str, groups: list[str], step: int, steps: int) -> str:
    """Name an option by the groups of an attribute for which it was learned with weights."""
    whom = _listed(groups) if len(groups) <= _NAMED else f"{len(groups)} groups of {label}"
    return f"weights for {whom}, step {step} of {steps}"


def without(labels: list[str]) -> str:
    """Name an option by what it was learned without."""
    return f"without {_listed(labels)}"


def of_length(capacity: float) -> str:
    """Name an option by how long its list is."""
    return f"a list of {100 * capacity:g}% of children"


def not_tried(attribute: str, label: str, why: str) -> dict[str, Any]:
    """Say why no weights were tried for an attribute."""
    return {"attribute": attribute, "label": label, "why": why}


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
