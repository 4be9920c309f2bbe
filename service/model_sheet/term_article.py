"""One term on the page: what it is, its words, where it comes from, its drawing, and every figure of it."""

from models.contract import Contract
from models.feature import Feature
from models.markup import Markup, element, paragraph, text
from models.terms import LinearTerm, PairTerm
from service.model_sheet.cells import Cells
from service.model_sheet.figures import between, initial, precise, signed, times
from service.model_sheet.pair import heat_map
from service.model_sheet.parts import Part
from service.model_sheet.single import Told, drawn
from service.model_sheet.terms import Served

HELD_TO = {
    "raises": "a higher value may raise the score, and never lower it",
    "lowers": "a higher value may lower the score, and never raise it",
    "none": "no direction",
}


class Articles:
    """Puts the terms of one landmark and outcome on the page."""

    def __init__(self, contract: Contract, part: Part) -> None:
        self._contract = contract
        self._part = part
        self._features = {feature.name: feature for feature in part.features}

    def title(self, term: Served) -> str:
        """Return what people call a term."""
        return initial(", together with ".join(self._features[name].label for name in term.term.features))

    def address(self, term: Served) -> str:
        """Return the name that links lead to a term by; it ends in the term's place in the order of addition."""
        return f"{self._part.name}-{term.place + 1}"

    def article(self, term: Served, rank: int) -> Markup:
        """Return a term, as the one that matters so much among its neighbours."""
        name = self.address(term)
        return element(
            "article",
            element("h4", text(f"{rank}. {self.title(term)}"), id=name),
            *(self._pair(term) if isinstance(term.term, PairTerm) else self._single(term)),
            aria_labelledby=name,
        )

    def _pair(self, term: Served) -> list[Markup]:
        first, second = (self._features[name] for name in term.term.features)
        words = paragraph(
            text(
                f"What the two add together, beyond what each adds alone: {_reach(term)}. {_matters(term)} "
                f"{initial(first.label)}: {self._origin(first)}. {initial(second.label)}: {self._origin(second)}."
            )
        )
        cells = (Cells(self._contract, first), Cells(self._contract, second))
        return [
            words,
            heat_map(term, (first.label, second.label), cells, self._part.title),
        ]

    def _single(self, term: Served) -> list[Markup]:
        feature = self._features[term.term.features[0]]
        seen = self._part.inputs[feature.name]
        told = Told(
            initial(feature.label),
            self._part.title,
            Cells(self._contract, feature),
            seen,
            self._part.curve(feature.name),
        )
        picture, figures = drawn(term, told)
        said = self._said(feature, term)
        if not seen.learned_not_known:
            said.append(("Not known, in training", "never: nothing could be learned of it, so the average is taken"))
        if isinstance(term.term, LinearTerm):
            said.append(("Worked out as", self._formula(term.term, feature)))
        entries = [element("div", element("dt", text(name)), element("dd", text(words))) for name, words in said]
        return [
            element("div", element("figure", picture), element("dl", *entries), class_="beside"),
            element("details", element("summary", text("Every figure")), figures),
        ]

    def _said(self, feature: Feature, term: Served) -> list[tuple[str, str]]:
        either = [("Where it raises a score", feature.raises), ("Where it lowers a score", feature.lowers)]
        flat = [("Its value", "No value was found to matter: only whether it is known.")]
        return [
            *(flat if len(set(term.values[0][:-1])) == 1 else either),
            ("Where it is not known", feature.not_known),
            ("Adds", f"{_reach(term)}. {_matters(term)}"),
            ("Comes from", self._origin(feature)),
            *([("Counted in", feature.units)] if feature.units else []),
            ("Held to", HELD_TO[feature.direction]),
            ("A family could check or correct it", "yes" if feature.correctable else "no"),
        ]

    def _origin(self, feature: Feature) -> str:
        source = self._contract.source(feature.source)
        return f"{source.label} ({source.agency})"

    def _formula(self, line: LinearTerm, feature: Feature) -> str:
        coefficient = precise(self._part.calibration.slope * line.coefficient)
        return (
            f"{coefficient} × ({feature.label} {_less(line.centre)}), taking a value under {precise(line.low)} "
            f"as {precise(line.low)} and one over {precise(line.high)} as {precise(line.high)}"
        )


def _less(centre: float) -> str:
    return f"+ {precise(-centre)}" if centre < 0 else f"\N{MINUS SIGN} {precise(centre)}"


def _reach(term: Served) -> str:
    return f"{between(term.least, term.most)}, which is {times(term.least)} to {times(term.most)} times the odds"


def _matters(term: Served) -> str:
    return f"Spread over children: {signed(term.spread).removeprefix('+')}."
