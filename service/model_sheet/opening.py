"""The start of the page: what this is, of which children and outcomes, what it looks at and what it never does."""

from collections.abc import Iterator

from models.bundle import Bundle
from models.contract import Contract
from models.feature import AuditAttribute, Landmark, Outcome
from models.markup import Markup, body, bullets, cell, code, element, figure, heading, paragraph, row, table, text
from models.plain_words import NOT_CONSIDERED, STAMP
from models.source import Source
from service.model_sheet.figures import initial, percent
from service.released import Released


def what_it_is(bundle: Bundle, approval: str, released: Released | None) -> Iterator[Markup]:
    """Yield the section that says what this is."""
    contract = bundle.contract
    yield from (paragraph(text(part)) for part in contract.description.strip().split("\n\n"))
    yield paragraph(
        text(
            "A score suggests whom to offer support to. It decides nothing. What a term adds says what is linked with the "
            "outcome among children of the past; it does not say what brings the outcome about, and changing what is on "
            "record of a child would not change the child."
        )
    )
    yield from _identity(bundle, approval, released)
    yield from _when(contract)
    yield from _foreseen(contract)


def _identity(bundle: Bundle, approval: str, released: Released | None) -> Iterator[Markup]:
    yield bullets(
        [
            Markup(text("Bundle ") + code(bundle.id)),
            text("Its digests and its golden cases were checked before this page was written."),
            _signed(bundle, released),
            text(f"It is {approval}: no board has signed for it." if approval == STAMP else f"It is {approval}."),
            *([text(_went_live(released))] if released is not None else []),
            text(f"Purposes it may be asked for: {', '.join(map(_spoken, bundle.contract.purposes))}."),
        ]
    )


def _signed(bundle: Bundle, released: Released | None) -> Markup:
    if bundle.signature is None:
        return text("It is unsigned.")
    whose = f", that of {released.signer}." if released is not None else "; whose it is was not checked."
    return Markup(text("Signed with the key ") + code(bundle.signature.key_id) + text(whose))


def _went_live(released: Released) -> str:
    return f"It went live on {released.at.day} {released.at:%B %Y}. Its release was signed by {'; '.join(released.agreed)}."


def _when(contract: Contract) -> Iterator[Markup]:
    yield element("h3", text("When a score is defined"))
    headings = [
        heading("landmark", figures=False),
        *map(heading, ["age in days", "may be asked for from", "to", "features"]),
    ]
    yield table("Landmarks", headings, body([_landmark(contract, at) for at in contract.landmarks]))
    yield paragraph(
        text("A score rests on what was known by the landmark's age, whenever in its window it is asked for.")
    )


def _landmark(contract: Contract, at: Landmark) -> Markup:
    ages = [f"{at.age:,}", f"{at.age:,} days", f"{at.until - 1:,} days", str(len(contract.features_at(at)))]
    return row(initial(at.label), *map(figure, ages))


def _foreseen(contract: Contract) -> Iterator[Markup]:
    yield element("h3", text("What is foreseen"))
    headings = [heading(words, figures=False) for words in ("outcome", "of a child who", "definition", "seen at ages")]
    yield table("Outcomes", headings, body([_outcome(outcome) for outcome in contract.outcomes]))


def _outcome(outcome: Outcome) -> Markup:
    first, last = outcome.window
    told = [outcome.happens, outcome.definition, f"{first:,} to {last:,} days"]
    return row(initial(outcome.label), *(cell(text(words)) for words in told))


def what_it_looks_at(contract: Contract) -> Iterator[Markup]:
    """Yield the section that says whose records it looks at, what it never does, and whom it does not score."""
    headings = [heading(words, figures=False) for words in ("source", "agency", "features", "no row says")]
    yield table("Sources that features are asked of", headings, body([_source(contract, s) for s in _asked(contract)]))
    yield element("h3", text("What it never looks at"))
    yield bullets([text(initial(words)) for words in NOT_CONSIDERED])
    apart = [attribute for attribute in contract.audit if not _is_feature(contract, attribute)]
    if apart:
        labels = "; ".join(attribute.label for attribute in apart)
        yield paragraph(
            text(f"Errors are compared by these, in the audit only, and they are no part of a score: {labels}.")
        )
    both = [attribute.label for attribute in contract.audit if _is_feature(contract, attribute)]
    if both:
        yield paragraph(text(f"These are compared in the audit, and looked at too: {'; '.join(both)}."))
    yield element("h3", text("Whom it does not score"))
    yield bullets([text(words) for words in _refused(contract)])


def _asked(contract: Contract) -> list[Source]:
    names = {feature.source for feature in contract.features}
    return [source for source in contract.sources if source.name in names]


def _source(contract: Contract, source: Source) -> Markup:
    labels = [feature.label for feature in contract.features if feature.source == source.name]
    silence = (
        "that nothing happened, inside proven coverage" if source.absence == "none" else "nothing: it is not known"
    )
    return row(initial(source.label), *(cell(text(words)) for words in (source.agency, "; ".join(labels), silence)))


def _is_feature(contract: Contract, attribute: AuditAttribute) -> bool:
    """Whether a feature asks of its column, or of whether there is a row at all, which is what the attribute goes by too."""
    by_row = attribute.absent is not None and any(f.source == attribute.source for f in contract.features)
    return by_row or attribute.column in contract.feature_columns.get(attribute.source, ())


def _refused(contract: Contract) -> Iterator[str]:
    scope = contract.scope
    yield "A child whose age is in no landmark's window."
    yield from (f"A child of whom there is no row of: {contract.source(name).label}." for name in scope.needs)
    if scope.least_known_share is not None:
        yield f"A child of whom less than {percent(scope.least_known_share)} of the landmark's features are known."
    if scope.stale_after_days is not None:
        yield f"A child of whom nothing was heard in the {scope.stale_after_days:,} days before the landmark."
    if scope.resident is not None:
        yield f"A child who came to live here less than {scope.resident.days:,} days before the landmark."
    if scope.least_link is not None:
        yield f"A child whose records belong together with a probability under {percent(scope.least_link)}."
    if scope.beyond_range is not None:
        yield (
            f"A child with a value further outside the range seen in training than {percent(scope.beyond_range)} of that range; "
            "one nearer is taken as the nearest value seen, and the answer says so."
        )


def _spoken(name: str) -> str:
    return name.replace("_", " ")
