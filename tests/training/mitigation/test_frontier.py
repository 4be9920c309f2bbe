"""The options that nothing beats."""

from typing import Any

from training.mitigation.frontier import not_beaten, shortfall


def _option(recall: float | None, ppv: float, short: float | None) -> dict[str, Any]:
    return {"recall": None if recall is None else {"value": recall}, "ppv": {"value": ppv}, "shortfall": short}


def _groups(*gaps: float | None) -> list[dict[str, Any]]:
    return [{"gap": None if gap is None else {"value": gap}} for gap in gaps]


def test_not_beaten() -> None:
    """Worse in one thing and no better in the others is beaten; better in any one is not, nor are two alike."""
    options = [
        _option(0.4, 0.5, 0.1),
        _option(0.4, 0.5, 0.1),
        _option(0.4, 0.5, 0.12),
        _option(0.35, 0.5, 0.02),
        _option(0.6, 0.4, 0.1),
        _option(0.34, 0.49, 0.03),
    ]
    assert not_beaten(options) == [True, True, False, True, True, False]


def test_not_told() -> None:
    """An option of which something is not told is on no frontier, and beats nobody."""
    assert not_beaten([_option(None, 0.9, 0.0), _option(0.4, 0.5, None), _option(0.1, 0.1, 0.3)]) == [
        False,
        False,
        True,
    ]
    assert not_beaten([_option(None, 0.9, None)]) == [False]


def test_shortfall() -> None:
    """The widest shortfall counts, a gap in a group's favour never, and only of groups told of what ships."""
    shipped = _groups(-0.1, 0.2, None)
    assert shortfall(shipped, shipped) == 0.1
    assert shortfall(_groups(0.05, -0.02, -0.3), shipped) == 0.02
    assert shortfall(_groups(0.05, 0.3, -0.3), shipped) == 0.0
    assert shortfall(_groups(None, 0.3, 0.3), shipped) is None
    assert shortfall(_groups(None), _groups(None)) is None
