"""What the model is, whom it is for, what it informs, and what it is not to be used for."""

from collections.abc import Iterator, Sequence

from models.documents.forms import CHILDREN, HOW_MANY
from models.documents.heads import BANDS, CONTRACT, GATES, PLAN, Head
from models.documents.sheet import NOT_KNOWN, Sheet, table

NOT_FOR = (
    "thresholds of child protection, or any decision in it",
    "decisions on benefits, housing, immigration, admissions or fees",
    "policing, or anything that looks for wrongdoing",
    "judging staff, settings or families",
    "taking away, refusing or delaying support: a child who is not on a list may need it as much",
)


def details(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield what was learned, in one table."""
    yield sheet.quote(CONTRACT / "description")
    yield ""
    yield (
        "A score is a probability made of a sum: an average, and what each thing on record adds or takes away. A *logistic* "
        "adds up straight lines; a *glass box* adds up steps of one thing or of two together. Either can be printed whole: "
        "`earlyid model show`."
    )
    yield ""
    yield from table(
        ("What is foreseen, from when", "What ships", "Terms", "Calibrated on, children", "Of them with the outcome"),
        [
            (
                head.title(sheet),
                sheet.tell(head.estimator / "kind"),
                sheet.tell(head.estimator / "terms", HOW_MANY),
                sheet.tell(head.calibration / "n", CHILDREN),
                sheet.tell(head.calibration / "events", CHILDREN),
            )
            for head in heads
        ],
    )
    yield (
        f"Evidence: {sheet.tell(GATES / 'evidence')}. The plan it was learned by stands in `plan.toml`, and "
        f"is meant to be written before results are seen; all draws by chance start from {_seed(sheet)}."
    )


def _seed(sheet: Sheet) -> str:
    seed = sheet.tell(PLAN / "seed")
    return "the seed that a plan has when it names none" if seed == NOT_KNOWN else f"its seed, {seed}"


def users(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield who is meant to use it, and for what purposes the records may be used."""
    del heads
    yield (
        "Practitioners of early help and health visiting, through their case system, who have been shown how to read a score; "
        "analysts who learn it again each year; governance boards who decide whether it is used. Nobody else."
    )
    yield ""
    yield "Who reads a score should know the family, or be about to meet it, and be able to put the score aside."
    yield ""
    named = [
        purpose
        for source in sheet.listed(CONTRACT / "source")
        for purpose in sheet.listed(source / "gateway" / "purposes")
    ]
    once = {sheet.at(purpose): purpose for purpose in named}
    yield f"Purposes named by the gateways of the records: {', '.join(map(sheet.quote, once.values())) or NOT_KNOWN}."


def decision(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield the decision that a score informs, and who makes it."""
    del heads
    team = sheet.quote(BANDS / "policy" / "team")
    yield (
        f"Whom to offer support to first, where {team} cannot see everyone. A person decides, and writes down what they did; "
        "a score decides nothing, opens nothing and closes nothing. *Not scored* is an ordinary answer. A family may ask what "
        "was said, may have what is wrong put right, and may object."
    )


def not_for(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield what it must not be used for."""
    del sheet, heads
    yield from (f"- {each}" for each in NOT_FOR)
