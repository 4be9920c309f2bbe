"""
What became of a pack after people read it: who signed, when, and whether the score is in use.

A pack asks whether the score may be used, and is part of the bundle that people signed, so it never changes. Whoever reads it later is
told the answer above it, on a sheet of its own.
"""

import datetime

from models.exceptions import ReleaseException
from models.markup import Markup, bullets, code, element, paragraph, text
from service.released import Released

# In print the pack begins on a new sheet, as it was signed.
_LOOK = "border: 2px solid; padding: 0 1rem; margin: 1rem; break-after: page"


def with_release(page: str, bundle: str, released: Released, *, past: bool = False) -> str:
    """Return the pack of a bundle with how it was released above it; in the `past` it was live, and is not asked any more."""
    before, start, pack = page.partition("<body>")
    told = element("aside", *_told(bundle, released, past=past), aria_label="What became of this pack", style=_LOOK)
    return f"{before}{start}\n{told}{pack}"


def _told(bundle: str, released: Released, *, past: bool) -> list[Markup]:
    use = "It was in use once, and is no longer." if past else "It is in use."
    passed = [text(_exception(each)) for each in released.exceptions]
    return [
        paragraph(element("strong", text(f"This score was released. {use}"))),
        paragraph(
            text(
                f"It {'last went live on' if past else 'is live since'} {_day(released.on)}. These people signed its release:"
            )
        ),
        bullets([text(words) for words in _signatures(released)]),
        *([paragraph(text("It was released with these exceptions to gates:")), bullets(passed)] if passed else []),
        paragraph(
            text(
                "What follows is the pack as they read it before they signed, unchanged. Where it asks whether the score may be used, "
                "or says what stands in the way, it speaks of the time before. It is the pack of bundle "
            ),
            code(bundle),
            text("."),
        ),
    ]


def _signatures(released: Released) -> list[str]:
    return [f"{who}, on {_day(at)}" for who, at in zip(released.agreed, released.agreed_on, strict=True)]


def _exception(each: ReleaseException) -> str:
    return f"{each.gate}: {each.reason} By {each.by}, minute {each.minute}, to the end of {_day(each.expires)}."


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
