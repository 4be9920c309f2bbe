"""What the figures of a linkage warn of, and what to do about each."""

from collections.abc import Iterator
from typing import Any

from fairness.verdicts import Verdict
from models.markup import Markup, bullets, element, paragraph, text
from training.linkage.page.figures import many, share_of, spoken
from training.linked_folder import CHANGES

# An agency with a smaller share of its ids found elsewhere is warned of: our choice, no publication's.
LINKED_AT_LEAST = 0.9

Warned = tuple[str, str]  # what there is, and what to do


def warnings(report: dict[str, Any]) -> Markup:
    """Return every warning that the figures call for, or that there is none."""
    found = [
        *_gaps(report),
        *_agencies(report),
        *_undated(report),
        *_sources(report),
        *_changes(report),
        *_decisions(report),
    ]
    if not found:
        return paragraph(text("None of the figures calls for a warning."))
    lines = [Markup(element("strong", text(what)) + text(f" {remedy}")) for what, remedy in found]
    return element("div", bullets(lines), class_="warnings")


def _gaps(report: dict[str, Any]) -> Iterator[Warned]:
    audits = report["linked_by_group"] if report["truth"] is None else [report["truth"]["recall"]]
    groups = [
        f"{spoken(attribute['attribute'])}: {line['group']}"
        for audit in audits
        for attribute in audit["attributes"]
        for line in attribute["groups"]
        if line["verdict"] == Verdict.LARGER_THAN_AGREED
    ]
    if groups:
        yield (
            f"Groups whose links differ from everyone else's by more than was agreed: {'; '.join(dict.fromkeys(groups))}.",
            "See who is missing, and what their records lack, before a model learns from the children who remain.",
        )


def _agencies(report: dict[str, Any]) -> Iterator[Warned]:
    for agency in report["agencies"]:
        label, people = agency["label"], agency["people"]
        if people and agency["linked"] / people < LINKED_AT_LEAST:
            yield (
                f"{label}: only {share_of(agency['linked'], people)} of its ids were found in another agency.",
                "See which parts of an identity it left empty, and ask it whether other agencies can know its children at all.",
            )
        if agency["without_id"]:
            yield (
                f"{label}: {many(agency['without_id'], 'row of people has', 'rows of people have')} no id.",
                "Nothing of them is linked: ask the agency for the ids.",
            )
        if agency["crowded"]:
            yield (
                f"{label}: {many(agency['crowded'], 'id stands', 'ids stand')} for several children.",
                "They were left out with all that is on record under them: ask the agency what it writes where it knows no id.",
            )
        if agency["undated"]:
            yield (
                f"{label}: {many(agency['undated'], 'row of people has', 'rows of people have')} no day that can be read.",
                "Which name and address are the latest is not known there: correct the contract's date_format, or ask for the days.",
            )
        yield from _unreadable(label, agency["unreadable"])


def _undated(report: dict[str, Any]) -> Iterator[Warned]:
    undated = report["children"]["without_date_of_birth"]
    if undated:
        yield (
            f"{many(undated, 'child has', 'children have')} no date of birth.",
            "Without one no age can be worked out for what is on record: ask the agencies that hold it.",
        )


def _sources(report: dict[str, Any]) -> Iterator[Warned]:
    for source in report["sources"]:
        name = f"Extract {source['source']}"
        if source["unknown_id"]:
            yield (
                f"{name}: {many(source['unknown_id'], 'row has', 'rows have')} an id that the agency's people lack.",
                "They were left out: ask for the people and the extracts of one day.",
            )
        if source["cells_withheld"]:
            yield (
                f"{name}: {many(source['cells_withheld'], 'cell was', 'cells were')} withheld, not being what is declared.",
                "A ? stands in its place: correct the contract, or ask the agency what it writes there.",
            )
        if source["no_place"]:
            yield (
                f"{name}: {many(source['no_place'], 'row has', 'rows have')} a postcode that the look-up of places lacks.",
                "Nothing is known of these places: bring the look-up up to date.",
            )
        yield from _unreadable(name, source["unreadable"])


def _unreadable(name: str, rows: int) -> Iterator[Warned]:
    if rows:
        what = f"{name}: {many(rows, 'row', 'rows')} could not be read."
        yield what, "Nothing of them is used: ask for the file again, as UTF-8 CSV or as Parquet."


def _decisions(report: dict[str, Any]) -> Iterator[Warned]:
    nobody = report["review"]["decided_about_nobody"]
    if nobody:
        yield (
            f"{many(nobody, 'decision is', 'decisions are')} about an id that no agency holds now.",
            "Children leave; but if a spreadsheet changed the ids (it drops leading zeros), put them back as they were.",
        )


def _changes(report: dict[str, Any]) -> Iterator[Warned]:
    remedy = f"{CHANGES} lists them: scores and outcomes of earlier years stand under the pseudonyms of their time."
    merged, split = report["changes"]["merged"], report["changes"]["split"]
    if merged:
        yield f"{many(merged, 'pseudonym was', 'pseudonyms were')} merged into another, two children being one.", remedy
    if split:
        yield f"{many(split, 'pseudonym was', 'pseudonyms were')} split in two, one child being two.", remedy
    moved = report["changes"]["moved"]
    if moved:
        yield f"{many(moved, 'time', 'times')} records went from one child to another that was known before.", remedy
