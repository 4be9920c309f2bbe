"""The table that training ends with: every gate, and what to do next, within the width of a page."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract import Contract
from models.gates import Gate, Gates
from training.gates.table import WIDTH, gate_lines

HEAD: dict[str, Any] = {"landmark": "two_year", "outcome": "not_gld"}
EVIDENCE = Gate(
    code="evidence",
    kind="release",
    label="Evidence",
    threshold="full",
    verdict="blocked",
    words="It is quick.",
    next="Train again in full.",
)
EVENTS = Gate(
    code="events",
    kind="build",
    label="Children to learn from",
    **HEAD,
    threshold="at least 100 with the outcome",
    value=1512.0,
    verdict="passed",
    words="There are enough.",
)
SLOPE = Gate(
    code="calibration",
    kind="release",
    label="Calibration slope",
    **HEAD,
    threshold="0.8 to 1.25",
    value=0.7123,
    low=0.65,
    high=0.78,
    verdict="blocked",
    words="Scores are too far apart.",
    next="Learn again.",
)
ALARM = Gate(
    code="auc_above_ceiling",
    kind="build",
    label="AUC",
    **HEAD,
    threshold="at most 0.85",
    value=0.91,
    verdict="signed off",
    words="Signed off by A. Analyst on 2026-09-01: a known test.",
)


def _lines(borough: Contract, *gates: Gate) -> list[str]:
    return list(gate_lines(borough, Gates(evidence="quick", gates=gates)))


def _row(landmark: str, outcome: str, found: str, verdict: str) -> str:
    return f"  {landmark:<26}  {outcome:<30}  {found:<40}  {verdict}"


def test_a_table(borough: Contract) -> None:
    """Beneath every gate and what it asked stand its landmarks and outcomes with what was found; what to do next is last."""
    assert _lines(borough, EVENTS, SLOPE, ALARM, EVIDENCE) == [
        "Gates: 1 passed, 1 signed off, 2 blocked",
        "",
        "Children to learn from: at least 100 with the outcome",
        _row("two-year review", "not_gld", "1,512", "passed"),
        "",
        "Calibration slope: 0.8 to 1.25",
        _row("two-year review", "not_gld", "0.712 (0.650 to 0.780)", "blocked"),
        "    → Scores are too far apart.",
        "",
        "AUC: at most 0.85",
        _row("two-year review", "not_gld", "0.910", "signed off"),
        "    → Signed off by A. Analyst on 2026-09-01: a known test.",
        "",
        "Evidence: full",
        _row("the whole run", "", "–", "blocked"),
        "    → It is quick.",
        "",
        "The bundle can be read and scored offline, and is not to be promoted. What to do next:",
        "  - Calibration slope: Learn again.",
        "  - Evidence: Train again in full.",
    ]


def test_one_gate_of_several_heads(borough: Contract) -> None:
    """What a gate asked is said once, and its sentence once, however many landmarks it was asked at."""
    said = _lines(borough, SLOPE, SLOPE.model_copy(update={"landmark": "one_year"}))
    assert [line.startswith("Calibration slope: 0.8") for line in said].count(True) == 1
    assert sum("Scores are too far apart." in line for line in said) == 1
    assert _row("one year", "not_gld", "0.712 (0.650 to 0.780)", "blocked") in said


def test_each_remedy_once(borough: Contract) -> None:
    """What to do next is said once, however many gates ask for it, with the gates that do."""
    other = SLOPE.model_copy(update={"landmark": "one_year", "label": "Observed over expected"})
    said = _lines(borough, SLOPE, SLOPE.model_copy(update={"landmark": "one_year"}), other)
    assert said[-1:] == ["  - Calibration slope, Observed over expected: Learn again."]
    assert sum("Learn again" in line for line in said) == 1


def test_no_bundle(borough: Contract) -> None:
    """Where a build gate said no, it is said that there is no bundle."""
    blocked = EVENTS.model_copy(update={"verdict": "blocked", "next": "Wait for more."})
    said = _lines(borough, blocked, EVIDENCE)
    assert (
        said[said.index("No bundle was written. What to do next:") + 1] == "  - Children to learn from: Wait for more."
    )


def test_what_a_pass_rests_on(borough: Contract) -> None:
    """Of a release gate it is always said what was found: one that passed for want of data must not read as proof."""
    passed = SLOPE.model_copy(update={"verdict": "passed", "words": "Not certain."})
    assert "    → Not certain." in _lines(borough, passed)
    assert not any("There are enough" in line for line in _lines(borough, EVENTS))


def test_all_passed(borough: Contract) -> None:
    """Where every gate passed there is nothing to do next."""
    assert _lines(borough, EVENTS)[0] == "Gates: 1 passed"
    assert not any("next" in line for line in _lines(borough, EVENTS))
    assert _lines(borough) == ["Gates: none was asked"]


def test_where_a_gate_stands(borough: Contract) -> None:
    """A gate of a landmark alone, of an outcome alone or of the whole run says so."""
    said = _lines(
        borough, EVIDENCE, EVENTS.model_copy(update={"outcome": None}), EVENTS.model_copy(update={"landmark": None})
    )
    found = [
        (line[2:28].strip(), line[30:60].strip())
        for line in said
        if line.startswith("  ") and line.endswith(("passed", "blocked"))
    ]
    assert set(found) == {("the whole run", ""), ("two-year review", "every outcome"), ("every landmark", "not_gld")}


words = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=300).filter(str.strip)
figures = st.none() | st.floats(-1e6, 1e6)


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(label=words, threshold=words, said=words, figure=figures, low=figures, high=figures)
def test_any_gate_fits(
    borough: Contract,
    label: str,
    threshold: str,
    said: str,
    figure: float | None,
    low: float | None,
    high: float | None,
) -> None:
    """Whatever a gate says, no line is wider than a page, and none of its words is lost."""
    gate = SLOPE.model_copy(
        update={"label": label, "threshold": threshold, "words": said, "value": figure, "low": low, "high": high}
    )
    lines = _lines(borough, gate)
    assert max(map(len, lines)) <= WIDTH
    told = "".join("".join(lines).split())
    assert "".join(said.split()) in told
