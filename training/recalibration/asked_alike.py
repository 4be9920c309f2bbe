"""
Whether an authority's own contract asks what a bundle's does, so that the bundle's terms mean the same there.

Where a fact is read from, by which column and codes, is each authority's own. What is asked, in which units and direction, at
which age, and the words in which families are told of it, are the bundle's.
"""

from collections.abc import Iterator
from typing import Any

from fairness.policy.policy import Policy
from fairness.policy.reading import unmet
from models.contract import Contract
from models.declared import Declared
from models.errors import ContractError, Problem
from models.feature import Feature, Landmark, Outcome
from models.source import EVENT_COLUMNS
from training.scores import groups_of_audit

_OWN = {"column", "source", "where"}
_OUTCOME = ("label", "happens", "plainly", "window", "definition")
_LANDMARK = ("label", "age", "until")
_FEATURE = tuple(name for name in Feature.model_fields if name not in {"name", *_OWN})


def refuse_another(bundle: Contract, own: Contract, policy: Policy, name: str) -> None:
    """Raise ContractError, with every difference, where `own` does not ask what the bundle's contract asks."""
    problems = (*_landmarks(bundle, own), *_outcomes(bundle, own), *_features(bundle, own), *_protected(own, policy))
    if problems:
        raise ContractError(f"{name}: does not ask what the bundle was learned to answer", problems)


def _landmarks(bundle: Contract, own: Contract) -> Iterator[Problem]:
    for landmark in bundle.landmarks:
        found = next((each for each in own.landmarks if each.name == landmark.name), None)
        yield from _alike("landmark", landmark, found, _LANDMARK)


def _outcomes(bundle: Contract, own: Contract) -> Iterator[Problem]:
    for outcome in bundle.outcomes:
        found = next((each for each in own.outcomes if each.name == outcome.name), None)
        yield from _alike("outcome", outcome, found, _OUTCOME)
        if found is not None:
            yield from _same_places(bundle, own, outcome, found)


def _same_places(bundle: Contract, own: Contract, outcome: Outcome, found: Outcome) -> Iterator[Problem]:
    for landmark in bundle.landmarks:
        if outcome.used_at(landmark) != found.used_at(_in(own, landmark)):
            told = "is" if outcome.used_at(landmark) else "is not"
            yield Problem(
                f'outcome "{outcome.name}" › landmarks',
                f'the bundle {told} made to foresee it from "{landmark.name}"',
                "Name the landmarks that the bundle's contract names.",
            )


def _features(bundle: Contract, own: Contract) -> Iterator[Problem]:
    for landmark in bundle.landmarks:
        asked, given = bundle.features_at(landmark), own.features_at(_in(own, landmark))
        if [feature.name for feature in asked] != [feature.name for feature in given]:
            yield Problem(
                f'landmark "{landmark.name}" › features',
                "not the features that the bundle takes there, in its order",
                f"Ask these, in this order: {', '.join(feature.name for feature in asked)}.",
            )
    theirs = {feature.name: feature for feature in own.features}
    for feature in bundle.features:
        found = theirs.get(feature.name)
        if found is not None:
            yield from _alike("feature", feature, found, _FEATURE)
            if _ages(feature) != _ages(found):
                yield _differs("feature", feature.name, "where", "its conditions on ages")


def _protected(own: Contract, policy: Policy) -> Iterator[Problem]:
    """Yield what the bundle's policy asks and this contract does not audit: its gate could not be asked."""
    asked = tuple(attribute for attribute in policy.attributes if attribute.protects or attribute.pools)
    for problem in unmet(policy.model_copy(update={"attributes": asked}), groups_of_audit(own)):
        remedy = "Audit the attribute under that name, with those groups."
        yield Problem(f"audit › {problem.place}", f"the bundle's policy asks of it, and {problem.what}", remedy)


def _in(own: Contract, landmark: Landmark) -> Landmark:
    return next((each for each in own.landmarks if each.name == landmark.name), landmark)


def _alike(kind: str, asked: Declared, found: Declared | None, fields: tuple[str, ...]) -> Iterator[Problem]:
    name: str = getattr(asked, "name")  # noqa: B009 (not all that is declared has a name)
    if found is None:
        yield Problem(
            f'{kind} "{name}"', "the bundle has it, and this contract has not", "Declare it as the bundle does."
        )
        return
    for field in fields:
        if getattr(asked, field) != getattr(found, field):
            yield _differs(kind, name, field, "it")


def _differs(kind: str, name: str, field: str, what: str) -> Problem:
    return Problem(
        f'{kind} "{name}" › {field}',
        f"not what the bundle's contract says of {what}",
        "Say it in the bundle's words, or train a model of your own.",
    )


def _ages(feature: Feature) -> list[dict[str, Any]]:
    """Return the conditions on when something happened, which are part of what is asked, wherever it is read from."""
    return [one.model_dump() for one in feature.where if one.column in EVENT_COLUMNS]
