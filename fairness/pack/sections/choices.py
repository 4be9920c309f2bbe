"""What could be done about a gap: other weights, other features, another length of list; and what is never served."""

from collections.abc import Iterator

from fairness.pack.charts.frontier import Choice, frontier
from fairness.pack.reading import Head, Part, Reading
from fairness.pack.sections.gaps import gravest
from fairness.pack.sections.hundreds import ABOUT_NONE, ROUNDED_TO, change, finest, of_100
from fairness.pack.sections.parts import each_head, grid, part, said, source, symbols
from fairness.pack.words import HIDDEN, counted, figure_of, hundred, share
from models.markup import Markup, bullets, element, text

NAME, TITLE = "choices", "What could be done about it"
NEVER = (
    (
        "A draw by chance",
        "Two families with the same record would be treated differently, and nobody could tell them why.",
    ),
    (
        "A cut-off for each group",
        "It would need a child's protected characteristic at scoring, and treat a child by it.",
    ),
)


def choices(reading: Reading) -> Markup:
    """Return the section: of each score every option, beside what ships, and why some are never served."""
    options = {head.id: _of(head) for head in reading.heads}
    tried = sum(len(one["options"]) - 1 for one in options.values() if one)
    if not tried:
        return part(NAME, TITLE, "No other choice was worked out.", said(_why(reading)), *_never(()))
    first = next(one for one in options.values() if one)
    return part(
        NAME,
        TITLE,
        f"{counted(tried, 'other choice')}, and what each would change, for better or worse.",
        source(reading, "Source: evaluation, learned again with each choice, on the same children"),
        said(first["note"]),
        *_never([(one["what"], one["why"]) for one in first["never_served"]]),
        symbols(HIDDEN),
        *each_head(reading, lambda head: _details(head, options[head.id]), NAME, gravest(reading, "recall")),
    )


def _of(head: Head) -> Part | None:
    options: Part | None = ((head.evaluation or {}).get("full") or {}).get("options")
    return options


def _why(reading: Reading) -> str:
    if reading.evaluation is None:
        return "It stands in the pack of a bundle, whose plan says evidence = “full”."
    return (
        "It needs full evidence, and a policy that protects groups. Set evidence = “full” in the plan and train again."
    )


def _never(told: list[tuple[str, str]] | tuple[()]) -> Iterator[Markup]:
    yield said("These are never served, whatever they would find:")
    yield bullets([element("span", element("strong", text(f"{what}. ")), text(why)) for what, why in told or NEVER])


def _details(head: Head, found: Part | None) -> Iterator[Markup]:
    if found is None:
        return
    options = found["options"]
    told = [at for at, group in enumerate(options[0]["groups"]) if group["gap"] is not None]
    drawn = [_choice(option, told) for option in options]
    yield said(_whose(head))
    if any(choice.gap[0] is not None and None not in {choice.recall[0], choice.ppv[0]} for choice in drawn):
        yield frontier("How much smaller a gap could be, and at what cost", head.title, drawn)
    yield _table(options, head)
    yield from of_100(options, head)
    for one in found["not_tried"]:
        yield said(f"{one['label']}: {one['why']}")


def _table(options: list[Part], head: Head) -> Markup:
    columns = [
        "choice",
        "widest protected shortfall, in points",
        "found, of 100 with the outcome",
        "change",
        "had the outcome, of 100 on the list",
        "change",
        "not beaten",
    ]
    rows = [
        (
            f"{at}. {option['name']}",
            HIDDEN if option["shortfall"] is None else str(hundred(option["shortfall"])),
            share(figure_of(option["recall"])),
            change(figure_of(option["recall_change"]), finest(head, "events")),
            share(figure_of(option["ppv"])),
            change(figure_of(option["ppv_change"]), finest(head, "n", option["capacity"])),
            "yes" if option["frontier"] else "",
        )
        for at, option in enumerate(options, start=1)
    ]
    caption = "Every choice; “not beaten”: no other has as small a shortfall, finds as many, and is right as often"
    return grid(caption, columns, rows, words=[6])


def _choice(option: Part, told: list[int]) -> Choice:
    """Return an option as it is drawn: at the widest shortfall of those groups that are told of what ships; nowhere if that is hidden."""
    gaps = [figure_of(option["groups"][at]["gap"]) for at in told] if option["shortfall"] is not None else []
    return Choice(
        option["name"],
        min(gaps, key=lambda gap: gap[0] or 0.0, default=(None, None, None)),
        figure_of(option["recall"]),
        figure_of(option["ppv"]),
        bool(option["frontier"]),
        option["kind"] == "shipped",
    )


def _whose(head: Head) -> str:
    """Say of how many children these figures are, and what their rounding hides."""
    n = (head.evaluation or {}).get("n")
    of = (
        ""
        if n is None
        else f"These are about {ROUNDED_TO * round(n / ROUNDED_TO):,} children whom what ships had not seen. "
    )
    return f"{of}Page 1 may count earlier years too. Figures are from rounded counts: “{ABOUT_NONE}” is a change that one child more or less could make."
