"""The gate of evidence."""

from training.gates.evidence import evidence_gate
from training.plan import Plan


def test_quick_is_not_enough() -> None:
    """Quick evidence keeps a bundle from release, says what was not worked out, and what to write into the plan."""
    gate = evidence_gate(Plan(evidence="quick"))
    assert (gate.kind, gate.verdict, gate.landmark) == ("release", "blocked", None)
    assert "learning curve" in gate.words
    assert 'evidence = "full"' in gate.next


def test_full_is() -> None:
    """Full evidence passes."""
    gate = evidence_gate(Plan(evidence="full"))
    assert (gate.verdict, gate.next) == ("passed", "")
