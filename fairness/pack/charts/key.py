"""What each mark means: the key above the drawings."""

from fairness.pack.charts.marks import icon, phrase
from fairness.pack.words import VERDICTS
from models.markup import Markup, element, text


def verdict_key() -> Markup:
    """Return what each mark means, as a list above the drawings."""
    kinds: tuple[int | None, ...] = (*range(len(VERDICTS)), None)
    return element("ul", *(element("li", icon(kind), text(phrase(kind))) for kind in kinds), class_="key")
