"""Gates: what they must say, what only an alarm may be, and how they are read back from a bundle."""

from typing import Any

import pytest
from pydantic import ValidationError

from models.canonical import canonical
from models.gates import Gate, Gates

SIGNAL: dict[str, Any] = {
    "code": "signal",
    "kind": "build",
    "label": "Enough signal",
    "landmark": "one_year",
    "outcome": "not_gld",
    "threshold": "AUC above .5",
    "value": 0.71,
    "low": 0.66,
    "high": 0.75,
    "verdict": "passed",
    "words": "There is enough to go by.",
}


def _gate(**changed: Any) -> Gate:
    return Gate(**SIGNAL | changed)


def test_what_a_bundle_holds_is_read_back() -> None:
    """Gates are the same after they were written and read."""
    gates = Gates(evidence="full", gates=(_gate(), _gate(landmark=None, outcome=None, value=None, low=None, high=None)))
    assert Gates.model_validate_json(canonical(gates.model_dump())) == gates


def test_which_said_no() -> None:
    """The gates of a kind that are blocked are told in the order asked; those passed or signed off are not among them."""
    first, last = (_gate(verdict="blocked", next=what) for what in ("Look.", "Look again."))
    release = _gate(kind="release", verdict="blocked", next="Ask.")
    gates = Gates(evidence="quick", gates=(_gate(), first, release, _gate(verdict="signed off"), last))
    assert gates.blocked("build") == (first, last)
    assert gates.blocked("release") == (release,)


def test_gates_asked_again() -> None:
    """A gate asked again takes the place of the one of its code, label, landmark and outcome, and of no other."""
    others = (_gate(label="Another"), _gate(landmark="two_year"), _gate(outcome="not_psed"), _gate(code="gain"))
    again = _gate(value=0.6)
    gates = Gates(evidence="quick", gates=(others[0], _gate(), *others[1:]))
    assert gates.replaced([again]).gates == (others[0], again, *others[1:])
    assert gates.replaced([]) == gates


@pytest.mark.parametrize("said", ["", " "])
def test_blocked_and_no_way_on(said: str) -> None:
    """A gate that is blocked says what to do next."""
    with pytest.raises(ValidationError, match="what to do next"):
        _gate(verdict="blocked", next=said)


def test_only_alarms_are_signed_off() -> None:
    """No plan signs a release gate off: who makes an exception does so by name where a bundle is promoted."""
    assert _gate(verdict="signed off").verdict == "signed off"
    with pytest.raises(ValidationError, match="not signed off"):
        _gate(kind="release", verdict="signed off")


@pytest.mark.parametrize("field", ["label", "threshold", "words"])
def test_nothing_is_left_unsaid(field: str) -> None:
    """What a gate is, what it asked and what was found are never blank."""
    with pytest.raises(ValidationError, match=field):
        _gate(**{field: " "})


@pytest.mark.parametrize(("field", "value"), [("value", float("nan")), ("low", float("inf")), ("verdict", "fair")])
def test_what_a_gate_cannot_be(field: str, value: Any) -> None:
    """A figure that is no number and a verdict of other words are refused."""
    with pytest.raises(ValidationError, match=field):
        _gate(**{field: value})
