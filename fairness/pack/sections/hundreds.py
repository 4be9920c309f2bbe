"""What each choice would change for 100 children: natural frequencies, and no change that rounding alone could make."""

from collections.abc import Iterator

from fairness.pack.reading import Head, Part
from fairness.pack.sections.parts import grid
from fairness.pack.words import HIDDEN, Figure, hundred, points, signed
from models.markup import Markup, element, text

# Counts are told to the nearest five, so that one child more or less can move a count by that much.
ABOUT_NONE, ROUNDED_TO = "about 0", 5
_EACH = (("flagged", "on the list"), ("found", "found"), ("missed", "missed"), ("needless", "flagged needlessly"))


def of_100(options: list[Part], head: Head) -> Iterator[Markup]:
    """Yield what each choice that is not beaten would change for 100 children of everyone, and of each protected group and all others."""
    kept = [
        (f"{at}. {option['name']}", option)
        for at, option in enumerate(options, start=1)
        if option["frontier"] or at == 1
    ]
    names = [name for name, _ in kept]
    yield from _hundreds("Everyone", names, [[option["of_100"] for _, option in kept]], [finest(head, "n")])
    groups = [drawn for at, group in enumerate(options[0]["groups"]) for drawn in _of_group(at, group, kept, head)]
    if groups:
        yield element(
            "details", element("summary", text("Of 100 children of each protected group, and of all others")), *groups
        )
        words = "Not on paper: each protected group's own 100 children, on screen."
        yield element("p", text(words), class_="paper")


def _of_group(at: int, group: Part, kept: list[tuple[str, Part]], head: Head) -> Iterator[Markup]:
    both = [[option["groups"][at][which] for _, option in kept] for which in ("of_100", "rest_of_100")]
    yield from _hundreds(f"{group['label']}: {group['group']}", [name for name, _ in kept], both, _of_both(head, group))


def _of_both(head: Head, group: Part) -> list[float]:
    """Return the finest change that rounded counts can tell of a group and of everyone else, by their shares of the children audited."""
    n = head.overall["n"]
    here = next(
        (
            line["n"]
            for attribute, line in head.groups("attribute", "pooled")
            if (attribute["attribute"], line["group"]) == (group["attribute"], group["group"])
        ),
        None,
    )
    shares = (here / n, 1 - here / n) if here and n else (1.0, 1.0)
    return [finest(head, "n", part) for part in shares]


def _hundreds(who: str, names: list[str], sides: list[list[Part | None]], steps: list[float]) -> Iterator[Markup]:
    """Yield a table of a row for each choice: of 100 children of whom it is about, then of 100 of everyone else if given."""
    shipped = [side[0] for side in sides]
    if shipped[0] is not None:
        rows = [
            (
                name,
                *(
                    words
                    for before, after, step in zip(shipped, row, steps, strict=True)
                    for words in _changes(before or {}, after, step)
                ),
            )
            for name, *row in zip(names, *sides, strict=True)
        ]
        columns = ["choice", *(f"{of}{words}" for of in ("", "others: ")[: len(sides)] for _, words in _EACH)]
        yield grid(f"{who}: of 100 children, as it ships, and what each choice not beaten changes", columns, rows)


def _changes(shipped: Part, other: Part | None, step: float) -> Iterator[str]:
    for name, _ in _EACH:
        before, after = shipped.get(name), None if other is None else other[name]
        if before is None or after is None:
            yield HIDDEN
        else:
            whole = hundred(before / 100)
            moved = signed(hundred(after / 100) - whole)
            yield str(whole) if other is shipped else ABOUT_NONE if _within(after - before, step * 100) else moved


def finest(head: Head, of: str, share_of_them: float = 1.0) -> float:
    """Return what five children are of those judged (`n`, or `events`), or of a share of them: counts are told to the nearest five."""
    among = (head.evaluation or {}).get(of)
    return ROUNDED_TO / (among * share_of_them) if among and share_of_them else 0.0


def change(moved: Figure, step: float) -> str:
    """Return a change in points; one that is no larger than rounding can make of one child is told as about none."""
    if moved[0] is None:
        return ""
    return ABOUT_NONE if _within(moved[0], step) else points(moved)


def _within(moved: float, step: float) -> bool:
    # What is told is rounded once more, to three places.
    return abs(moved) <= step * 1.02
