"""How it was done: what each measure and each verdict means, what would change our mind, and digests."""

from collections.abc import Iterator

from fairness.disclosure.symbols import LEGEND
from fairness.pack.reading import Reading
from fairness.pack.sections.judgement import cannot_be_seen
from fairness.pack.sections.parts import grid, part, said
from fairness.pack.words import MARKS, VERDICTS, children, counted, hundred, in_full, listed
from models.markup import Markup, bullets, code, paragraph, text

NAME, TITLE = "method", "Method, and what the words mean"
_MEASURES = (
    ("found (recall)", "with the outcome", "on the list"),
    ("missed (FNR)", "with the outcome", "not on the list"),
    ("had the outcome (PPV)", "on the list", "with the outcome"),
    ("flagged needlessly (FDR)", "on the list", "without the outcome"),
    ("false positive rate (FPR)", "without the outcome", "on the list"),
    ("false omission rate (FOR)", "not on the list", "with the outcome"),
    ("selection rate", "everyone", "on the list"),
)
_NAMES = {
    "recall": "found, of those with the outcome",
    "fdr": "flagged needlessly, of those on the list",
    "fpr": "on the list, of those without the outcome",
    "false_omission": "with the outcome, of those not on the list",
    "observed_over_expected": "had the outcome, for each one foreseen",
    "auc": "AUC",
    "refused": "could not be scored",
}
MINDS = (
    "Better evidence that a group's need is recorded differently from its real need: for example a second judge who has not seen the record.",
    "Outcomes of later cohorts, or of children who moved away, that differ from those judged here.",
    "More children in the groups we cannot judge, with a gap larger than agreed among them.",
    "A simple rule that finds as many at the same length of list.",
    "Families or workers who show that offers are made, or taken up, differently by group.",
)


def method(reading: Reading) -> Markup:
    """Return the section."""
    return part(
        NAME,
        TITLE,
        "What is asked was agreed on before results were seen."
        if reading.policy["agreed"]
        else "Nobody has agreed yet to what is asked here.",
        *_how(reading),
        *(said(words) for words in cannot_be_seen(reading)),
        *_whom(reading),
        grid(
            "Measures: each is a share of those named in the second column",
            ["measure", "of those", "who are"],
            _MEASURES,
            words=[1, 2],
        ),
        *_margins(reading),
        *_verdicts(reading),
        said("Symbols:"),
        bullets([text(f"{symbol}: {words}.") for symbol, words in LEGEND.items()]),
        said("What would change our mind:"),
        bullets([text(line) for line in MINDS]),
        *_digests(reading),
    )


def _how(reading: Reading) -> Iterator[Markup]:
    floors = reading.policy["floors"]
    yield said(
        f"Each group is compared with everyone else, on a list of {hundred(reading.audit['capacity'])} in 100 children.",
        f"Ranges are 95 % intervals, from {reading.audit['resamples']:,} draws of whole families; of shares that rest on few, Newcombe and Wilson's.",
        f"A group is judged only if it has at least {floors['children']} children, and everyone else too. "
        f"Of those whom the measure is a share of, both must have at least {floors['denominator']}.",
        f"Counts are told to the nearest {reading.audit['rounded_to']}. A share is told to the point where no count behind it is small. "
        "Elsewhere it is worked out from rounded counts, and its gap is told only if rounding moves it by two points at most. "
        f"Fewer than {reading.audit['minimum_cell']} children are never told of.",
        "A verdict goes by the exact counts. A range that is shown may therefore differ a little from the one that was judged.",
    )


def _whom(reading: Reading) -> Iterator[Markup]:
    """Yield whom the audit is of, where earlier years were looked for."""
    pooled = reading.audit.get("pooled", ())
    if not pooled:
        if "pooled" in reading.audit["not_computed"]:
            yield said(reading.audit["not_computed"]["pooled"])
        return
    yield from (said(words) for words in dict.fromkeys(one["words"] for one in pooled))
    titles = {(head.landmark, head.outcome): head.title for head in reading.heads}
    rows = [
        (
            titles[one["landmark"], one["outcome"]],
            listed([str(year) for year in one["cohorts"] or ()] or ["all"]),
            children(one["children"]),
            "" if one["cohorts"] is None else children(one["of_what_ships"]),
        )
        for one in pooled
    ]
    yield grid(
        "Whom the audit is of",
        ["score", "born in the academic years from", "children", "judged by what ships"],
        rows,
        words=[1],
    )


def _margins(reading: Reading) -> Iterator[Markup]:
    rows = [
        (
            _NAMES.get(name, name),
            f"{margin:g}" if name in {"observed_over_expected", "auc"} else f"{margin * 100:g} points",
        )
        for name, margin in reading.policy["margins"].items()
    ]
    how = "as agreed" if reading.policy["agreed"] else "as proposed: nobody has agreed to it yet"
    yield grid(f"How far a group may differ from everyone else, {how}", ["measure", "margin"], rows)


def _verdicts(reading: Reading) -> Iterator[Markup]:
    meanings = (
        "The whole range of the gap lies within the margin, on both sides.",
        "The whole range lies beyond the margin, and stays there when all groups are judged together (Benjamini-Hochberg, 5 %).",
        "The range leaves out zero, and neither of the two above holds.",
        "Everything else, and every group under the floor. It does not say that there is no gap.",
    )
    yield said("The four verdicts:")
    rows = [(f"{mark} {words}", meaning) for mark, words, meaning in zip(MARKS, VERDICTS, meanings, strict=True)]
    yield grid("What a verdict says of a gap", ["verdict", "meaning"], rows, words=[1])
    yield said(
        f"Only a protected group's shortfall on the measure that decides ({_NAMES[reading.primary]}) blocks a release.",
        "A gap in a group's favour is shown with its verdict and blocks nothing.",
        "Of two groups that are each other's rest, one protected and one not, verdicts are judged apart and may differ.",
    )


def _digests(reading: Reading) -> Iterator[Markup]:
    policy = reading.policy
    agreed = (
        f"agreed by {policy['owner']} on {in_full(policy['agreed'])}"
        if policy["agreed"]
        else "not agreed by anybody yet"
    )
    asked = f"The policy was {agreed}. It asks for {counted(len(policy['intersections']), 'pair')} of characteristics to be looked at together."
    yield said(asked)
    yield paragraph(text("SHA-256 of the policy: "), code(policy["digest"]))
    if reading.contract_digest is not None:
        yield paragraph(text("SHA-256 of the contract: "), code(reading.contract_digest))
