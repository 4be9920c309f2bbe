"""How strong the links are: children by their weakest link, and pairs by their match weight."""

from collections.abc import Iterator
from typing import Any

from models.markup import Markup, body, cell, element, figure, heading, paragraph, row, table, text
from training.linkage.page.charts import share_bar
from training.linkage.page.figures import count, share_of, signed
from training.linkage.page.histogram import PANELS, weights_histogram, with_neither

# Surest first; the report's own names of the bands, and their words here.
_BANDS = {
    "0.999 and above": "99.9 % and above",
    "0.99 to 0.999": "99 % to 99.9 %",
    "0.95 to 0.99": "95 % to 99 %",
    "under 0.95": "under 95 %",
    "one agency only": "one agency only: no link",
}
_BITS_TOGETHER = 10


def children_by_strength(children: dict[str, Any]) -> Iterator[Markup]:
    """Yield how many children rest on links of which probability, and how many agencies have them."""
    by_link, by_agencies, whole = children["by_weakest_link"], children["by_number_of_agencies"], children["children"]
    yield element("h3", text("Children, by how they were found"))
    yield paragraph(text("A child is as sure as the weakest of its links: the least probability that joined a record."))
    order = [*(band for band in _BANDS if band in by_link), *(band for band in by_link if band not in _BANDS)]
    yield _shares(
        "Children by their weakest link", "weakest link", {_BANDS.get(b, b): by_link[b] for b in order}, whole
    )
    yield _shares("Children by how many agencies have them", "agencies", by_agencies, whole)


def _shares(caption: str, name: str, numbers: dict[str, int], whole: int) -> Markup:
    headings = [
        heading(name, figures=False),
        heading("children"),
        heading("share"),
        heading("of all children", figures=False),
    ]
    rows = [
        row(
            words,
            figure(count(number)),
            figure(share_of(number, whole)),
            cell(share_bar(words, number, whole)),
        )
        for words, number in numbers.items()
    ]
    return table(caption, headings, body(rows))


def pairs_by_weight(bins: list[dict[str, int]]) -> Iterator[Markup]:
    """Yield the histogram of match weights (bits, pairs, linked, to_review), drawn and in figures."""
    if not bins:
        return
    yield element("h3", text("Pairs by match weight"))
    yield paragraph(
        text(
            "A match weight is how many times over, in powers of two, a pair's agreements speak for one child rather than two "
            "strangers. It does not decide alone: twins and rivals lower a pair's probability, and a pair of little weight is "
            "linked where a third record joins both. Each panel has a scale of its own."
        )
    )
    drawn = weights_histogram(bins)
    yield element("div", drawn, class_="scroll", role="region", tabindex="0", aria_label="Pairs by match weight")
    headings = [heading("bits", figures=False), heading("pairs"), *(heading(words) for _, words in PANELS)]
    yield table("The same in figures", headings, body(_weight_rows(bins)))


def _weight_rows(bins: list[dict[str, int]]) -> list[Markup]:
    names = ["pairs", *(name for name, _ in PANELS)]
    totals: dict[int, dict[str, int]] = {}
    for one in with_neither(bins):
        total = totals.setdefault(one["bits"] // _BITS_TOGETHER * _BITS_TOGETHER, dict.fromkeys(names, 0))
        for name in names:
            total[name] += one[name]
    return [
        row(
            f"{signed(start)} to under {signed(start + _BITS_TOGETHER)}",
            *(figure(count(total[name])) for name in names),
        )
        for start, total in sorted(totals.items())
    ]
