"""The link report in a few lines, for the screen."""

from collections.abc import Iterator
from typing import Any


def report_lines(report: dict[str, Any]) -> Iterator[str]:
    """Say how many children there are, how sure the links are, and whom they miss."""
    children, review = report["children"], report["review"]
    yield f"{children['children']:,} children in {children['families']:,} families"
    for agency in report["agencies"]:
        yield f"  {agency['label']:<48}{agency['people']:>9,} ids, {_percent(agency['linked'], agency['people'])} linked"
    estimates = report["estimates"]["overall"]
    yield f"By the match probabilities (estimates): precision {_rate(estimates['precision'])}, recall {_rate(estimates['recall'])}"
    if report["truth"] is not None:
        yield from _truth(report)
    if review["decided_about_nobody"]:
        yield f"{review['decided_about_nobody']:,} decisions are about ids that no agency holds now"
    yield f"{review['pairs_to_look_at']:,} pairs to look at: {' and '.join(review['files_that_identify_children'])} identify children, mode 0600"


def _outcomes(report: dict[str, Any]) -> Iterator[str]:
    true = {told["outcome"]: told["share_on_true_identities"] for told in report["truth"]["outcomes"]}
    for told in report["outcomes"]:
        if told["share_usable"] is not None and true[told["outcome"]] is not None:
            yield (
                f"  {told['outcome']}: {100 * told['share_usable']:.2f} % on linked records, {100 * true[told['outcome']]:.2f} % on true "
                f"identities; foreseen difference {100 * told['foreseen_difference']:+.2f} points, found "
                f"{100 * (told['share_usable'] - true[told['outcome']]):+.2f}"
            )


def _truth(report: dict[str, Any]) -> Iterator[str]:
    truth = report["truth"]
    recall, precision = truth["recall"]["overall"]["recall"], truth["precision"][0]["precision"]
    yield (
        f"Beside the truth: precision {_rate(precision and precision['value'])}, recall {_rate(recall and recall['value'])}; "
        f"the same in every name, date and postcode: {_rate(truth['exact_on_all_but_numbers'])}"
    )
    yield from _outcomes(report)
    for attribute in truth["recall"]["attributes"]:
        for line in attribute["groups"]:
            if line["verdict"] in {"gap larger than agreed", "possible gap, keep watching"}:
                gap = line["gap"]
                yield (
                    f"  {attribute['attribute']}: {line['group']}: recall {_rate(line['recall']['value'])}, "
                    f"{100 * gap['value']:+.1f} points ({100 * gap['low']:+.1f} to {100 * gap['high']:+.1f}): {line['verdict']}"
                )


def _rate(value: float | None) -> str:
    return "not known" if value is None else f"{value:.4f}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"
