"""The worst segment (M9): where scores were furthest below what happened; exploratory, and said so."""

from collections.abc import Iterator

from fairness.pack.reading import Head, Part, Reading
from fairness.pack.sections.parts import each_head, grid, part, said, source
from fairness.pack.words import children, counted, hundred, initial, points
from fairness.segment.confirm import TRIVIAL
from models.markup import Markup

NAME, TITLE = "segment", "The segment that the score sees least of"


def worst_segment(reading: Reading) -> Markup:
    """Return the section: of each score the segment found on one half of the children, and whether the other half confirms it."""
    segments = {(one["landmark"], one["outcome"]): one for one in reading.audit.get("segments", ())}
    if not segments:
        why = reading.missing("segments", "No segment was searched for.")
        return part(NAME, TITLE, "No segment was searched for.", said(why))
    confirmed = sum(one["confirmed"] for one in segments.values())
    return part(
        NAME,
        TITLE,
        f"Exploratory: of {counted(len(segments), 'search', 'searches')}, {confirmed or 'none'} found a segment that other children confirmed.",
        source(reading),
        said(
            "This is a search, and no verdict. It looks at up to three characteristics, or fifths of the scores, at once.",
            "What it finds on one half of the children is asked again of the other half.",
            f"It is confirmed where chance does not explain more than {hundred(TRIVIAL)} in 100 beyond what was foreseen.",
            "A segment of one characteristic stands in the tables of sections 4 and 5 too, with a verdict.",
        ),
        *each_head(
            reading, lambda head: _details(segments.get(_place(head)), head), NAME, _furthest_off(reading, segments)
        ),
    )


def _place(head: Head) -> tuple[str, str]:
    return head.landmark, head.outcome


def _furthest_off(reading: Reading, segments: dict[tuple[str, str], Part]) -> Head | None:
    """Return the score with the largest confirmed excess; None where none was confirmed."""
    confirmed = [head for head in reading.heads if segments.get(_place(head), {}).get("confirmed")]
    return max(confirmed, key=lambda head: float(segments[_place(head)]["figures"]["excess"]), default=None)


def _in_all(reach: Part | None) -> str:
    """Say of how many children in all a segment would have to be found: the search tells how many in the segment."""
    if not reach or not reach.get("smallest"):
        return ""
    return f"Those are children in the segment alone: in all, about {round(reach['smallest'] / reach['share'], -2):,.0f} would have to be audited."


def _details(one: Part | None, head: Head) -> Iterator[Markup]:
    if one is None:
        return
    yield said(*one["said"], _in_all(one.get("reach")))
    if one["figures"] is None:
        return
    told = one["figures"]
    yield grid(
        f"{head.title}: the segment in the confirming half, of 100 children",
        [
            "segment",
            "children",
            "had the outcome",
            "foreseen",
            "of everyone, had it",
            "of everyone, foreseen",
            "beyond everyone's",
        ],
        [
            [
                initial(one["words"]),
                children(told["n"]),
                *(
                    str(hundred(told[name]))
                    for name in ("observed", "foreseen", "observed_of_everyone", "foreseen_of_everyone")
                ),
                points((told["excess"], told["low"], told["high"])),
            ]
        ],
    )
