"""The search for the worst segment in plain words, made of nothing but what is told of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from fairness.segment.confirm import TRIVIAL
from fairness.segment.scan import LEAST
from models.small_numbers import FEWEST

Told = Mapping[str, Any]


def said(told: Told) -> Iterator[str]:
    """Yield what a board is told of a search, a sentence or two at a time."""
    yield "This search is exploratory. It looks in many places, so what it finds is a question to ask, not an answer."
    if not told["searched"]:
        yield f"No segment could be looked at: each needs {LEAST} children with the outcome and {LEAST} without."
    else:
        yield (
            f"In one half of the families, it looked at {told['searched']:,} segments: children who share up to three "
            "characteristics or fifths of the scores."
        )
        yield from _found(told)
    yield from _reach(told)


def _found(told: Told) -> Iterator[str]:
    if told["why_not"] == "none":
        yield "In none of them did more happen than was foreseen."
        return
    if told["why_not"] == "hidden":
        yield "Nothing is told of the one that stood out most: it names a group too small to tell of."
        return
    yield f"The one that stood out most: {told['words']}. It was then judged in the other half of the families alone."
    if told["figures"] is None:
        yield "Too few of these children are there to judge it."
        return
    yield from _figures(told["figures"])
    if told["confirmed"]:
        yield f"That is more than {_of_100(TRIVIAL)} of 100 and chance would leave, so it is confirmed there."
    else:
        yield f"No more than {_of_100(TRIVIAL)} of 100 and chance could leave as many, so it is not confirmed."


def _figures(figures: Told) -> Iterator[str]:
    yield (
        f"There, of 100 of these children about {_of_100(figures['observed'])} had the outcome; "
        f"about {_of_100(figures['foreseen'])} were foreseen to have it."
    )
    yield (
        f"Of 100 of all children there, about {_of_100(figures['observed_of_everyone'])} had it; "
        f"about {_of_100(figures['foreseen_of_everyone'])} were foreseen to."
    )
    yield (
        f"Beyond what was too low for everyone, that is {_more(figures['excess'])} of 100 than foreseen, "
        f"likely between {_more(figures['low'])} and {_more(figures['high'])}."
    )


def _reach(told: Told) -> Iterator[str]:
    reach = told["reach"]
    if not told["enough"]:
        yield f"{_with(told['children'])}, a search can miss much."
    yield (
        f"Take a segment of {_of_100(reach['share'])} in 100 of these children, with {_of_100(reach['excess'])} more of 100 than "
        f"foreseen. {_searches(_of_100(reach['chance']))} of 100 such searches would find and confirm it."
    )
    if reach["smallest"] is None:
        yield "Even a segment of half of the children would not be found in four of five."
    else:
        yield f"To be found in four of five, such a segment must itself hold about {reach['smallest']:,} of these children."


def _with(children: int | None) -> str:
    return f"With fewer than {FEWEST} children" if children is None else f"With about {children:,} children"


def _searches(of_100: int) -> str:
    return f"About {of_100}" if of_100 else "Fewer than 1"


def _of_100(share: float) -> int:
    return round(100 * share)


def _more(points: float) -> str:
    return f"{_of_100(-points)} fewer" if points < 0 else f"{_of_100(points)} more"
