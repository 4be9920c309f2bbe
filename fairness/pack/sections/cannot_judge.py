"""Who we cannot judge: every such group, how many children there are, and the smallest gap that could have been seen."""

import math
from collections.abc import Iterator

from fairness.pack.reading import Head, Line, Part, Reading, shown
from fairness.pack.sections.gaps import beyond, is_unjudged, protected_groups, unjudged
from fairness.pack.sections.parts import Fold, folded, grid, part, said, source, symbols
from fairness.pack.words import HIDDEN, MARKS, NOBODY, VERDICTS, band, counted, hundred
from models.markup import Markup, bullets, text

NAME, TITLE = "cannot-judge", "Who we cannot judge"


def cannot_judge(reading: Reading) -> Markup:
    """Return the section: first those too few to be judged whose whole interval lies beyond the margin, then all, by outcome."""
    return part(
        NAME,
        TITLE,
        _headline(reading),
        source(reading),
        said(
            "Not being able to tell is not a finding that all is well. It is a list of families of whom the authority knows too little.",
        ),
        *_beyond(reading),
        said(
            "Each cell has the smallest gap, in points, that four of five audits like this would have seen. "
            f"After it stands how many times as many children it would take to see a gap of {reading.margin * 100:g}.",
            "Where a group was judged, the verdict's mark stands instead: "
            f"{', '.join(f'{mark} {words.lower()}' for mark, words in zip(MARKS[:3], VERDICTS, strict=False))}.",
            "More children come with each year of results, from more cohorts, or from neighbours who use the same score. "
            "Where a characteristic is not recorded, recording it is quicker.",
        ),
        symbols(HIDDEN, NOBODY),
        *_tables(reading),
    )


def _headline(reading: Reading) -> str:
    unknown = unjudged(reading)
    protected = len(unknown.keys() & protected_groups(reading))
    return (
        f"Of {counted(len(unknown), 'group')} we cannot tell, for at least one score, whether the gap is within {'what was agreed' if reading.policy['agreed'] else 'the margin proposed'}; "
        f"{protected or 'none'} {'is' if protected == 1 else 'are'} protected."
    )


def _beyond(reading: Reading) -> Iterator[Markup]:
    first = beyond(reading)
    if first:
        yield said(
            "Look first at these. The whole range lies beyond the margin, but there are too few children to judge:"
        )
        yield bullets([text(name) for name in first])


def _tables(reading: Reading) -> Iterator[Markup]:
    """Yield a table for each outcome; that with the most groups who cannot be judged is unfolded."""
    told: list[tuple[int, Fold]] = []
    for outcome in dict.fromkeys(head.foreseen for head in reading.heads):
        heads = [head for head in reading.heads if head.foreseen == outcome]
        rows = list(_rows(heads, reading))
        if rows:
            columns = ["group", "children", *(f"from {head.from_when}" for head in heads), "judged together as"]
            drawn = grid("The smallest gap that could be seen", columns, rows, words=[1, len(columns) - 1])
            told.append((len(rows), Fold(f"Outcome: {outcome}", [drawn])))
    most = max((rows for rows, _ in told), default=0)
    yield from folded([fold for _, fold in told], [rows for rows, _ in told].index(most) if told else 0, "outcome")


def _rows(heads: list[Head], reading: Reading) -> Iterator[list[str]]:
    lines: dict[str, dict[str, tuple[Part, Line]]] = {}
    for head in heads:
        for attribute, line in head.groups("attribute"):
            lines.setdefault(f"{attribute['label']}: {line['group']}", {})[head.id] = attribute, line
    for who, at in lines.items():
        if any(is_unjudged(line, reading.primary) for _, line in at.values()):
            cells = [_cell(at[head.id][1], reading) if head.id in at else "" for head in heads]
            yield [who, _counted([line for _, line in at.values()]), *cells, _pooled(heads, at, reading)]


def _counted(lines: list[Line]) -> str:
    """Return between which numbers a group's children are: at the score where they are fewest, and up to how many at another."""
    counts = [line["n"] for line in lines]
    fewest, most = band(None if None in counts else min(counts)), max(count or 0 for count in counts)
    return fewest if most == 0 or band(most) == fewest else f"{fewest}; up to {most:,}, by score"


def _cell(line: Line, reading: Reading) -> str:
    if not line["figures"]:
        return NOBODY if line["n"] == 0 else HIDDEN
    told = shown(line, reading.primary)
    if not is_unjudged(line, reading.primary) and told.verdict is not None:
        return MARKS[told.verdict]
    if told.smallest_gap is None:
        return HIDDEN
    return f"{hundred(told.smallest_gap)}; {_times(told.smallest_gap / reading.margin)}×"


def _times(ratio: float) -> int:
    """Return how many times as many children it takes: intervals shrink with the root of their number."""
    return max(1, math.ceil(ratio * ratio - 1e-9))


def _pooled(heads: list[Head], at: dict[str, tuple[Part, Line]], reading: Reading) -> str:
    """Return the pool that a group is judged in, with the verdict's mark at each score."""
    pools = {line["pool"] for _, line in at.values()} - {None}
    if not pools:
        return ""
    pool, attribute = min(pools), next(iter(at.values()))[0]["attribute"]
    marks = [
        MARKS[verdict]
        for head in heads
        for each, line in head.groups("pooled")
        if each["attribute"] == attribute
        and line["group"] == pool
        and (verdict := shown(line, reading.primary).verdict) is not None
    ]
    return f"{pool}{f' ({chr(32).join(marks)})' if marks else ''}"
