"""The start of the link report's page: what was linked, how sure that is, what to do next, and what to be wary of."""

from collections.abc import Iterator
from typing import Any

from models.markup import Markup, bullets, code, element, text
from training.linkage.page.figures import many, percent, share_of
from training.linkage.page.warnings import warnings
from training.linkage.review import DIFFERENT, SAME


def summary(report: dict[str, Any]) -> Iterator[Markup]:
    """Yield the section that somebody reads who reads no other."""
    yield element("p", text(" ".join(_told(report))), class_="lead")
    yield element("h3", text("What to do next"))
    yield bullets(list(_next_steps(report["review"])), numbered=True)
    yield element("h3", text("What to be wary of"))
    yield warnings(report)


def _told(report: dict[str, Any]) -> Iterator[str]:
    children, agencies = report["children"], [agency["label"] for agency in report["agencies"]]
    found = many(children["children"], "child", "children")
    yield (
        f"The records of {many(len(agencies), 'agency', 'agencies')} ({', '.join(agencies)}) were found to be of {found} in "
        f"{many(children['families'], 'family', 'families')}."
    )
    alone = children["by_number_of_agencies"].get("1", 0)
    yield f"{many(alone, 'child was', 'children were')} found in one agency only ({share_of(alone, children['children'])})."
    yield _estimated(report["estimates"]["overall"])
    if report["truth"] is not None:
        yield _counted(report["truth"])


def _estimated(overall: dict[str, Any]) -> str:
    if not overall["linked"]:
        return "No two records of different agencies were joined."
    wrong, missed = round(overall["expected_wrong"]), round(overall["expected_missed"])
    return (
        f"Of {many(overall['linked'], 'pair', 'pairs')} of records joined, about {wrong:,} are expected to be of two children "
        f"(precision {percent(overall['precision'])}), and about {missed:,} pairs of one child to have been missed (recall "
        f"{percent(overall['recall'])}). These are estimates by the match probabilities themselves, not counts: pairs that "
        "were never tried are in none of them."
    )


def _counted(truth: dict[str, Any]) -> str:
    precision, recall = truth["precision"][0]["precision"], truth["recall"]["overall"]["recall"]
    return (
        f"Counted beside the true identities that were given: {percent(precision and precision['value'])} of the pairs joined "
        f"are of one child, and {percent(recall and recall['value'])} of the true pairs were joined; "
        f"{percent(truth['exact_on_all_but_numbers'])} of the true pairs are the same in every name, date and postcode."
    )


def _next_steps(review: dict[str, Any]) -> Iterator[Markup]:
    pairs, known = review["files_that_identify_children"]
    yield _look(review, pairs)
    yield Markup(
        code(known)
        + text(
            " remembers each child's pseudonym: keep it for the next linking, or children whose links change get another one."
        )
    )
    yield Markup(
        text("Both files, ")
        + code(pairs)
        + text(" and ")
        + code(known)
        + text(
            ", identify children. They were written for their owner's eyes alone (mode 0600): keep them so, apart from the "
            "linked extracts, and send them to nobody; and the key, which leads from an agency's ids to pseudonyms. All else that "
            "linking wrote stands under pseudonyms."
        )
    )
    yield text("Read what to be wary of, and who is missing, before anything is learned from the linked extracts.")


def _look(review: dict[str, Any], pairs: str) -> Markup:
    same, different = review["decided_same"], review["decided_different"]
    decided = f"Decided up to now: {same:,} the same, {different:,} different."
    waiting = review["pairs_to_look_at"]
    if not waiting:
        return text(f"No pair of records waits for a person. {decided}")
    return Markup(
        text(f"Look at {many(waiting, 'pair', 'pairs')} of records in ")
        + code(pairs)
        + text(", likeliest first. Write ")
        + code(SAME)
        + text(" or ")
        + code(DIFFERENT)
        + text(" in the column ")
        + code("decision")
        + text(f", and link again with the same file: what a person decided wins over any figure. {decided}")
    )
