"""What the score does and does not do."""

from collections.abc import Iterator, Sequence
from typing import Any

from fairness.pack.reading import Reading
from fairness.pack.sections.parts import grid, part, said
from fairness.pack.words import hundred, in_full, initial
from models.markup import Markup, bullets, text

NAME, TITLE = "what", "What the score does and does not do"
DOES = (
    "It suggests whom a team may offer support to first. A worker is meant to read the record and decide.",
    "It says how sure it is and why, in plain words, and what a family could check or correct.",
)
NEVER = (
    "It decides nothing. No case is meant to be opened, changed or closed by it.",
    "A child who is not on the list is meant to lose nothing that every family is offered.",
    "Sex, ethnic group, language, religion, disability and special needs never enter a request for a score.",
    "It is not told of one child when too little is known: “not scored” is an ordinary answer.",
)


def what_it_does(reading: Reading) -> Markup:
    """Return the section: what it does, what it never does, what is foreseen, and what each band may be offered."""
    return part(
        NAME,
        TITLE,
        "It suggests whom to offer support to. It decides nothing.",
        bullets([text(line) for line in DOES]),
        said("What it never does:"),
        bullets([text(line) for line in NEVER]),
        *_foreseen(reading),
        *_bands(reading),
    )


def _foreseen(reading: Reading) -> Iterator[Markup]:
    happens = {outcome["name"]: outcome.get("happens", "") for outcome in (reading.contract or {}).get("outcome", ())}
    rows = [(head.title, happens.get(head.outcome, "")) for head in reading.heads]
    if any(words for _, words in rows):
        yield grid("What is foreseen, and when", ["score", "a child has the outcome who …"], rows, words=[1])
    else:
        yield said("What is foreseen, and when:")
        yield bullets([text(title) for title, _ in rows])


def _bands(reading: Reading) -> Iterator[Markup]:
    if reading.bands is None:
        yield said("What each band may be offered is not part of this audit; it stands in the bundle's own pack.")
        return
    policy = reading.bands["policy"]
    agreed = (
        f" Agreed on {in_full(policy['agreed'])}, owned by {policy['owner']}."
        if policy["agreed"]
        else " Nobody has agreed to it yet."
    )
    yield said(f"{initial(policy['team'])} offers this.{agreed}")
    yield grid(
        "What each band may be offered", ["band", "of 100 children", "what may be offered"], _offered(policy), words=[2]
    )


def _offered(policy: dict[str, Any]) -> Iterator[Sequence[str]]:
    """Yield each band: between which places in the order of scores its children are."""
    ends = [0, *(hundred(capacity) for capacity in policy["capacities"]), 100]
    for band, above, below in zip(policy["bands"], ends, ends[1:], strict=False):
        yield band["label"], f"{above + 1} to {below}", band["offer"]
