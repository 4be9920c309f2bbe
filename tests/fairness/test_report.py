"""What the audit says that it does not list."""

from fairness.policy.policy import Policy
from fairness.report import Labels, report


def _not_computed(cells: list[str]) -> dict[str, str]:
    groups = {"a": ["x", "y", "not recorded"], "b": ["p", "q", "not recorded"], "a × b": cells}
    parts = [
        {
            "attribute": name,
            "kind": "intersection" if "×" in name else "attribute",
            "label": name.upper(),
            "groups": [{"group": group} for group in named],
        }
        for name, named in groups.items()
    ]
    listed = {"capacity": 0.2, "audits": [{"attributes": parts}]}
    told: dict[str, str] = report(Policy(), "", Labels({}, {}, {}), listed, [], not_computed={"pooled": "No."})[
        "not_computed"
    ]
    return told


def test_combinations_that_are_not_listed() -> None:
    """Combinations of recorded groups without a line are counted where what is not there is told; nothing else is added."""
    assert _not_computed(["x, p", "x, q", "y, p", "y, q"]) == {"pooled": "No."}
    assert _not_computed(["x, p", "y, q"])["combinations"].endswith("not listed: A × B, 2.")
