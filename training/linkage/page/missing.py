"""Who is missing: which groups were linked less often than everyone else, and what that does to each outcome."""

from collections.abc import Iterator
from typing import Any

from models.markup import Markup, element, paragraph, text
from training.linkage.page.figures import count, percent
from training.linkage.page.groups import groups
from training.linkage.page.outcomes import outcomes


def missing(report: dict[str, Any]) -> Iterator[Markup]:
    """Yield the section: recall where true identities were given, and otherwise the share found in another agency."""
    yield from _by_recall(report["truth"]["recall"]) if report["truth"] is not None else _by_share(report)
    yield from outcomes(report)


def _by_recall(audit: dict[str, Any]) -> Iterator[Markup]:
    overall = audit["overall"]
    yield paragraph(
        text(
            f"Recall is the share of the {count(overall['pairs'])} true pairs, two records of one child in two agencies, that "
            f"were joined: {percent(overall['recall'] and overall['recall']['value'])} of all. Each group is compared with "
            "everyone else, and pairs of one family are counted as the family they are."
        )
    )
    yield from groups(audit, "Recall by group", "recall", "pairs")


def _by_share(report: dict[str, Any]) -> Iterator[Markup]:
    yield paragraph(
        text(
            "This is the share of an agency's children who were found in another agency too, by what that agency knows of "
            "them. It shows whom the links leave out. It is not recall: a child whom no other agency ever met is rightly found "
            "nowhere, so that a gap may lie in the links or in who uses services. Only a file of identities known to be right "
            "tells them apart."
        )
    )
    labels = {agency["agency"]: agency["label"] for agency in report["agencies"]}
    if not report["linked_by_group"]:
        yield paragraph(text("No agency's own extracts tell of any group that the contract audits."))
    for audit in report["linked_by_group"]:
        label = labels[audit["agency"]]
        yield element("h3", text(label))
        yield from groups(audit, f"{label}: share linked, by group", "share linked", "children")
