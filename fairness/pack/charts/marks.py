"""
The marks that carry a verdict by their shape: a disc, a triangle, a diamond, a ring; an upright bar where none is told.

The shapes are told apart without colour. An answer of *not enough data to tell* is hollow.
"""

from fairness.pack.words import VERDICTS
from models.markup import Markup, element

NOT_TOLD = "Not told: small numbers, or no margin was set"
_SHAPES = ("", "M-6 5 0-6 6 5z", "M0-6.5 6.5 0 0 6.5-6.5 0z", "", "M-1.5-6h3v12h-3z")
_DISC, _RING, _BAR = 0, 3, 4


def mark(verdict: int | None, x: str | float, y: float) -> Markup:
    """Return a verdict's mark at a place of a drawing, in its units or `%` of its width; the upright bar where there is no verdict."""
    kind = _BAR if verdict is None else verdict
    # Nought goes without saying: a pack has thousands of marks.
    down = y or ""
    if kind in {_DISC, _RING}:
        return element("circle", class_=f"m{kind}", cx=x, cy=down)
    return element("svg", element("path", class_=f"m{kind}", d=_SHAPES[kind]), x=x, y=down)


def phrase(verdict: int | None) -> str:
    """Return a verdict's words."""
    return NOT_TOLD if verdict is None else VERDICTS[verdict]


def icon(verdict: int | None) -> Markup:
    """Return a verdict's mark beside words that say the same."""
    return element("svg", mark(verdict, 8, 8), class_="icon", aria_hidden="true", width=16, height=16)
