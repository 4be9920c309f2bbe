"""An audit in a few lines."""

from typing import Any

from fairness.in_short import in_short
from fairness.report import FIELDS
from fairness.verdicts import Verdict

PHRASES = [each.value for each in Verdict]


def _line(
    group: str,
    verdict: Verdict | None,
    gap: float | None = -0.1,
    pool: str | None = None,
    value: float | None = None,
    **said: Any,
) -> dict[str, Any]:
    figure: list[float | None] = [None] * len(FIELDS)
    figure[FIELDS.index("value")] = value
    figure[FIELDS.index("gap")], figure[-1] = gap, None if verdict is None else PHRASES.index(verdict.value)
    return {"group": group, "protected": True, "pool": pool, "figures": {"ppv": figure}, **said}


def _found(*parts: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    head = {
        "landmark": "then",
        "outcome": "later",
        "overall": {"figures": {"ppv": [0.4, *[None] * (len(FIELDS) - 1)]}},
        "reach": {"measure": "fdr", "groups": 5, "judged": 3, "narrow": 1},
        "attributes": [{"attribute": "side", "kind": kind, "groups": lines} for kind, lines in parts],
    }
    return {"verdicts": PHRASES, "audits": [head]}


def test_protected_groups() -> None:
    """Protected groups with a gap are named, or their pool is; a gap in their favour is told as one; of others stands how many there are."""
    found = _found(
        (
            "attribute",
            [
                _line("A", Verdict.LARGER_THAN_AGREED),
                _line("B", Verdict.LARGER_THAN_AGREED, 0.1),
                _line("C", Verdict.CANNOT_TELL, pool="CD"),
                _line("D", None),
                _line("E", None, figures={}),
                _line("F", Verdict.WITHIN_MARGIN, protected=False),
            ],
        ),
        ("pooled", [_line("CD", Verdict.KEEP_WATCHING)]),
    )
    first, *rest = in_short(found)
    assert first.startswith("later at then: 3 of 5 groups rest on enough children to be judged by fdr; for 1 of them")
    assert rest == [
        "  protected, gap larger than agreed, a shortfall: A (side)",
        "  protected, gap larger than agreed, in its favour: B (side)",
        "  protected, possible gap, keep watching, a shortfall: CD (side)",
        "  protected, not told: 1 of 5 groups",
        "  protected, not enough data to tell: 1 of 5 groups",
    ]


def test_on_which_side() -> None:
    """Where a gap is not told its side is that of the group's own figure beside everyone's; without one, that is said."""
    larger = Verdict.LARGER_THAN_AGREED
    lines = [_line("A", larger, None, value=0.5), _line("B", larger, None, value=0.3), _line("C", larger, None)]
    assert list(in_short(_found(("attribute", lines))))[1:] == [
        "  protected, gap larger than agreed, in its favour: A (side)",
        "  protected, gap larger than agreed, a shortfall: B (side)",
        "  protected, gap larger than agreed, on which side is not told: C (side)",
    ]


def test_nobody_is_protected() -> None:
    """That no group is protected is said."""
    assert list(in_short(_found(("attribute", []))))[1:] == ["  no group is protected"]
