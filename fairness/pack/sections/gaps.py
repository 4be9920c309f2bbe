"""Gaps to a group's disadvantage, in words: whom the score works less well for, and those who cannot be judged."""

from collections.abc import Iterator
from dataclasses import dataclass

from fairness.pack.reading import Head, Line, Part, Reading, Shown, shown
from fairness.pack.words import CANNOT_TELL, LARGER, WATCH, Figure, bounds, hundred, initial

RATIO = "observed_over_expected"
# The measures whose gaps are told of; whichever decides comes first.
_ASKED = ("recall", "fdr", RATIO)


@dataclass(frozen=True, slots=True)
class Found:
    """A gap that a board should know of: whose it is, at which score, and how large."""

    head: Head
    attribute: Part
    line: Line
    measure: str
    shown: Shown

    @property
    def who(self) -> str:
        """The group, under the attribute that it is a group of."""
        return f"{self.attribute['label']}: {self.line['group']}"

    @property
    def gap(self) -> float:
        """The gap: the group minus everyone else."""
        return self.shown.gap or 0.0

    @property
    def size(self) -> Figure:
        """How large it is, so that more is worse: of a hundred, or of each hundred foreseen, with its range."""
        if self.gap >= 0:
            return self.shown.difference
        gap, low, high = (None if each is None else -each for each in self.shown.difference)
        return gap, high, low

    @property
    def beside(self) -> tuple[int, int]:
        """What there is in 100 of the group, and of everyone else: those missed, flagged needlessly, or with the outcome."""
        turned = self.shown.turned if self.measure == "recall" else self.shown
        here, apart = hundred(turned.value or 0.0), hundred(turned.gap or 0.0)
        return here, max(here - apart, 0)

    def briefly(self) -> str:
        """Say what differs in one line."""
        here, rest = self.beside
        match self.measure:
            case "recall":
                return f"About {here} in 100 missed, compared with {rest} in 100 for others."
            case "fdr":
                return f"About {here} in 100 flagged needlessly, compared with {rest} in 100 for others."
            case _:
                return f"For each 100 foreseen, {here} had the outcome; {rest} for others."

    def what_differs(self) -> str:
        """Say what differs, as natural frequencies beside everyone else's, with the size and its range."""
        here, rest = self.beside
        size = f"The difference is {hundred(self.size[0] or 0.0)} (range {bounds(self.size)})."
        match self.measure:
            case "recall":
                said = f"with the outcome were missed more often: about {here} in 100, compared with {rest} in 100 for others"
            case "fdr":
                said = f"on the list were flagged needlessly more often: about {here} in 100, compared with {rest} in 100 for others"
            case _:
                than = "more" if self.gap > 0 else "less"
                said = f"had the outcome {than} often than foreseen: {here} for each 100 foreseen, compared with {rest} for others"
        return f"Children in this group {said}. {size}"


def is_worse(measure: str, gap: float) -> bool:
    """Whether a gap is to the group's disadvantage; foreseen too often and too seldom both are."""
    return gap < 0 if measure == "recall" else gap > 0 if measure == "fdr" else gap != 0


def found(reading: Reading) -> list[Found]:
    """
    Return the gaps to a group's disadvantage that are larger than agreed or possible, of each group the gravest.

    Groups that the policy protects come first; then those whose gap is in the measure that decides, in needless flags or the
    other of the two, and in calibration; the largest first.
    """
    first: dict[str, Found] = {}
    for each in sorted(_all(reading), key=lambda each: _gravity(each, reading.primary)):
        first.setdefault(each.who, each)
    return sorted(first.values(), key=lambda each: _rank(each, reading.primary))


def gravest(reading: Reading, *measures: str) -> Head | None:
    """Return the score with the gravest gap in one of these measures; None where there is no such gap."""
    of_these = [each for each in _all(reading) if each.measure in measures]
    worst = min(of_these, key=lambda each: _rank(each, reading.primary), default=None)
    return None if worst is None else worst.head


def _all(reading: Reading) -> Iterator[Found]:
    for head in reading.heads:
        for measure in _ASKED:
            for attribute, line in head.groups("attribute", "pooled", standing=measure == RATIO):
                told = shown(line, measure)
                if told.verdict in {LARGER, WATCH} and told.gap is not None and is_worse(measure, told.gap):
                    yield Found(head, attribute, line, measure, told)


def _gravity(each: Found, primary: str) -> tuple[bool, int, float]:
    return each.shown.verdict != LARGER, _order(primary).index(each.measure), -abs(each.gap)


def _rank(each: Found, primary: str) -> tuple[bool, int, bool, float]:
    return not each.line["protected"], _order(primary).index(each.measure), each.shown.verdict != LARGER, -abs(each.gap)


def _order(primary: str) -> list[str]:
    return [primary, *(measure for measure in _ASKED if measure != primary)]


def beyond(reading: Reading) -> list[str]:
    """Return the groups that are too few to be judged though their whole interval lies beyond the margin, each once."""
    return list(
        dict.fromkeys(
            f"{attribute['label']}: {line['group']}"
            for head in reading.heads
            for attribute, line in head.groups("attribute")
            if line["beyond"]
        )
    )


def unjudged(reading: Reading) -> dict[str, int]:
    """Return at how many scores each group cannot be judged by the measure that decides; those that can be everywhere left out."""
    counts: dict[str, int] = {}
    for head in reading.heads:
        for attribute, line in head.groups("attribute"):
            if is_unjudged(line, reading.primary):
                who = f"{attribute['label']}: {line['group']}"
                counts[who] = counts.get(who, 0) + 1
    return counts


def protected_groups(reading: Reading) -> set[str]:
    """Return the groups that the policy protects, named as `unjudged` names them."""
    groups = (each for head in reading.heads for each in head.groups("attribute"))
    return {f"{attribute['label']}: {line['group']}" for attribute, line in groups if line["protected"]}


def is_unjudged(line: Line, measure: str) -> bool:
    """Whether the data cannot tell of a group by a measure; of one that is hidden, or has nobody, it cannot either."""
    return shown(line, measure).verdict in {None, CANNOT_TELL}


def where(each: Found, reading: Reading) -> str:
    """Return the score that a gap was found at, where there are several."""
    return "" if len(reading.heads) == 1 else initial(each.head.title)
