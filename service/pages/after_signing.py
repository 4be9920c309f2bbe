"""
What became of a pack after people read it: who signed, when, and whether the score is in use.

A pack asks whether the score may be used, and is part of the bundle that people signed, so it never changes. Whoever reads it later is
told the answer above it, on a sheet of its own.
"""

import datetime
from collections.abc import Mapping

from models.exceptions import ReleaseException
from models.markup import Markup, bullets, code, element, paragraph, text
from service.released import Released, Use

# In print the pack begins on a new sheet, as it was signed.
_LOOK = "border: 2px solid; padding: 0 1rem; margin: 1rem; break-after: page"


_IN_USE: Mapping[Use, str] = {
    "live": "It is in use.",
    "kept": "Another has taken its place. It still answers those who ask for it by its id.",
    "past": "It was in use once, and is no longer.",
}


def with_release(page: str, bundle: str, released: Released, use: Use = "live") -> str:
    """Return the pack of a bundle with how it was released, and whether it is in use, above it."""
    before, start, pack = page.partition("<body>")
    told = element("aside", *_told(bundle, released, use), aria_label="What became of this pack", style=_LOOK)
    return f"{before}{start}\n{told}{pack}"


def _told(bundle: str, released: Released, use: Use) -> list[Markup]:
    since = "It is live since" if use == "live" else "It last went live on"
    passed = [text(_exception(each)) for each in released.exceptions]
    return [
        paragraph(element("strong", text(f"This score was released. {_IN_USE[use]}"))),
        paragraph(text(f"{since} {_day(released.on)}. These people signed its release:")),
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
