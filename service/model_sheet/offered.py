"""The bands on the page: what may be offered, whose policy that is, where each begins, and what to expect of it."""

from collections.abc import Iterator

from models.bands import AtCapacity, Policy
from models.estimator import expit
from models.markup import Markup, body, bullets, cell, element, figure, heading, paragraph, row, table, text
from service.model_sheet.figures import NOTHING, percent, shares, signed
from service.model_sheet.parts import Part


def what_is_offered(policy: Policy, parts: tuple[Part, ...]) -> Iterator[Markup]:
    """Yield the section."""
    yield bullets([text(words) for words in _whose(policy)])
    yield _bands(policy)
    yield _thresholds(parts)
    yield paragraph(
        text(
            "All of it was found on children the model had not seen; 95 % intervals, the threshold held fixed. No list "
            "can find a larger share than the ceiling: it is too short to hold everybody with the outcome. Children who score "
            "alike are never told apart: where too many do, the list is the shorter one."
        )
    )
    yield element("h3", text("Would the band be the same, had the model been learned again?"))
    yield _changes(policy, parts)


def _whose(policy: Policy) -> Iterator[str]:
    yield f"Whose list: {policy.team}."
    if policy.owner is None or policy.agreed is None:
        yield "Nobody has agreed to these bands yet."
    else:
        yield f"Agreed by {policy.owner} on {policy.agreed.day} {policy.agreed:%B %Y}."
    if policy.children_a_month is not None:
        yield f"The team can see {policy.children_a_month:,} children a month."
    yield f"The whole list is at most {percent(policy.capacity)} of children."


def _bands(policy: Policy) -> Markup:
    whom = [f"the {percent(capacity)} of children who score highest" for capacity in policy.capacities]
    reach = [whom[0], *(f"{words}, but for those above" for words in whom[1:]), "every other child"]
    headings = [heading(words, figures=False) for words in ("band", "what may be offered next", "to at most")]
    rows = [
        row(band.label, cell(text(band.offer)), cell(text(words)))
        for band, words in zip(policy.bands, reach, strict=True)
    ]
    return table("Bands, the first offered first", headings, body(rows))


def _thresholds(parts: tuple[Part, ...]) -> Markup:
    headings = [
        heading("list of at most", figures=False),
        heading("scores from, of 100"),
        heading("log-odds"),
        heading("of the list, so many have the outcome (PPV)"),
        heading("of those with the outcome, so many are on the list (recall)"),
        heading("ceiling of that share"),
        heading("left out, as they score alike"),
    ]
    bodies = [body([_threshold(at) for at in part.thresholds.at], part.title, len(headings)) for part in parts]
    return table("Where each list begins, and what to expect of it", headings, *bodies)


def _threshold(at: AtCapacity) -> Markup:
    begins = (
        ("no list is so short", "") if at.log_odds is None else (f"{100 * expit(at.log_odds):.1f}", signed(at.log_odds))
    )
    expected = [shares(at.ppv), shares(at.recall), percent(at.recall_ceiling), percent(at.left_out_tie)]
    return row(percent(at.capacity), *map(figure, [*begins, *expected]))


def _changes(policy: Policy, parts: tuple[Part, ...]) -> Markup:
    headings = [heading("landmark and outcome", figures=False), *(heading(band.label) for band in policy.bands)]
    rows = [
        row(
            part.title,
            *(figure(NOTHING if share is None else percent(share)) for share in part.thresholds.changes_on_refit),
        )
        for part in parts
    ]
    return table("Of the children in each band, so many would be in another", headings, body(rows))
