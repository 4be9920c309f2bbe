"""Whether the words of a contract can be read out to a family: they blame nobody, and they are short and easy enough."""

from collections.abc import Iterator, Sequence
from itertools import compress, product

from models.blame import blaming, judging, protected
from models.contract import Contract
from models.doubt_words import CARE, FLOOR_OPEN, NEAR, SOME_NOT_KNOWN, not_known_words
from models.errors import Problem
from models.feature import Outcome
from models.narrative import FAMILY, LONGEST_LABEL, PRACTITIONER, Facts, family_fixed, practitioner_fixed

# Where something is in a contract, and the words that stand there.
Said = tuple[str, str]


def wording_problems(contract: Contract) -> list[Problem]:
    """Return every word that people should not have to read, and every outcome whose texts would be too hard to read."""
    return list(_all(contract))


def _all(contract: Contract) -> Iterator[Problem]:
    for place, words in _told(contract):
        if (found := judging(words)) is not None:
            yield Problem(place, f'says "{found}", which blames or labels people', "Say only what is on record.")
        if (found := protected(words)) is not None:
            yield Problem(place, f'says "{found}": no such characteristic is told of a child', "Say it without.")
    for place, words in _read(contract):
        if (found := blaming(words)) is not None:
            yield Problem(place, f'says "{found}", which blames or labels people', "Choose a word that does not.")
    for outcome in contract.outcomes:
        yield from _outcome(outcome)


def _told(contract: Contract) -> Iterator[Said]:
    """Whatever is told of one child."""
    for landmark in contract.landmarks:
        yield f'landmark "{landmark.name}" › label', landmark.label
    asked = {feature.source for feature in contract.features}
    for source in [source for source in contract.sources if source.name in asked]:
        yield f'source "{source.name}" › label', source.label
        yield f'source "{source.name}" › agency', source.agency
    for feature in contract.features:
        place = f'feature "{feature.name}"'
        for field in ("label", "raises", "lowers", "not_known", "units"):
            if (words := getattr(feature, field)) is not None:
                yield f"{place} › {field}", words
        yield from ((f'{place} › labels › "{value}"', words) for value, words in feature.labels.items())
    for outcome in contract.outcomes:
        place = f'outcome "{outcome.name}"'
        yield from ((f"{place} › label", outcome.label), (f"{place} › happens", outcome.happens))
        if outcome.plainly is not None:
            yield f"{place} › plainly", outcome.plainly


def _read(contract: Contract) -> Iterator[Said]:
    """Whatever else people read: what boards and analysts do."""
    # A contract of which some parts have no shape has neither.
    if "label" in contract.model_fields_set:
        yield from (("label", contract.label), ("description", contract.description))
    for rule in contract.rules:
        yield f'rule "{rule.name}" › label', rule.label
    for intervention in contract.interventions:
        place = f'intervention "{intervention.name}"'
        yield from ((f"{place} › label", intervention.label), (f"{place} › reason", intervention.reason))
    for attribute in contract.audit:
        place = f'audit "{attribute.name}"'
        yield f"{place} › label", attribute.label
        yield from ((f'{place} › labels › "{value}"', words) for value, words in attribute.labels.items())
        if attribute.absent is not None:
            yield f"{place} › absent", attribute.absent


def _outcome(outcome: Outcome) -> Iterator[Problem]:
    place = f'outcome "{outcome.name}"'
    if len(outcome.label) > LONGEST_LABEL:
        yield Problem(f"{place} › label", f"is longer than {LONGEST_LABEL} letters", "Say it in fewer.")
    if not all(practitioner_fixed(facts).within(PRACTITIONER) for facts in _hardest(outcome, PRACTITIONER_DOUBTS)):
        yield Problem(f"{place} › happens", "makes what a practitioner reads too long or too hard", "Say it plainly.")
    told = [
        family_fixed(facts, untold=untold) for facts in _hardest(outcome, FAMILY_DOUBTS) for untold in (False, True)
    ]
    if not all(fixed.within(FAMILY) for fixed in told):
        where, remedy = f"{place} › plainly", "Say for families, in few and short words, what happens."
        yield Problem(where, "what a family reads is too long or too hard", remedy)


# As hard as numbers, and what is said of what is not sure, can be to read.
PRACTITIONER_DOUBTS = (NEAR, FLOOR_OPEN, CARE, not_known_words(77, 77))
FAMILY_DOUBTS = (SOME_NOT_KNOWN,)


def _hardest(outcome: Outcome, doubts: Sequence[str]) -> Iterator[Facts]:
    """Return the facts of a score of this outcome with each choice of doubts."""
    for chosen in product((False, True), repeat=len(doubts)):
        yield Facts(outcome, "about 77", "about 77", "between 77 and 77", tuple(compress(doubts, chosen)))
