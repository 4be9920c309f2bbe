"""
Reads a plan for a contract, and names every error in it at once, each with its place and what to do.

Tables and fields that have no shape are left out when the rest is held against the contract.
"""

import datetime
import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fairness.scored import NOT_RECORDED
from models.canonical import digest
from models.contract import Contract
from models.errors import PlanError, Problem
from models.feature import AuditAttribute
from training.plan import Plan
from training.plan_places import not_yet, nowhere
from training.plan_text import spelled_out
from training.scores import declared_groups


def read_plan(path: Path | None, contract: Contract, contract_text: str, today: datetime.date) -> tuple[Plan, str]:
    """
    Read a plan (none: the default plan) with its text; raises PlanError naming every problem.

    Nobody has agreed to anything on a day after `today`.
    """
    if path is None:
        return default_plan(contract, contract_text)
    try:
        text = path.read_bytes().decode()
        document = tomllib.loads(text)
    except OSError:
        raise PlanError(f"{path.name}: there is no such plan file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(f"{path.name}: not TOML: {type(error).__name__}") from None
    plan, problems = _shaped(document)
    problems += [*_not_of(plan, contract, contract_text), *not_yet(plan, today)]
    if problems:
        raise PlanError(f"{path.name}: {len(problems)} problem{'s' * (len(problems) != 1)}", tuple(problems))
    return plan, text


def default_plan(contract: Contract, contract_text: str) -> tuple[Plan, str]:
    """Return the plan of a run that was given none, with its text: for this contract, every field spelled out."""
    plan = Plan(
        contract=digest(contract_text.encode()),
        landmarks=tuple(landmark.name for landmark in contract.landmarks),
        outcomes=tuple(outcome.name for outcome in contract.outcomes),
    )
    groups = {attribute.name: _groups(contract, attribute) for attribute in contract.audit}
    return plan, spelled_out(plan.model_dump(mode="json", by_alias=True), groups)


def _shaped(document: dict[str, Any]) -> tuple[Plan, list[Problem]]:
    """Return the plan that the fields make that have a shape, with the problems of those that have none."""
    try:
        return Plan.model_validate(document), []
    except ValidationError as error:
        found = error.errors(include_url=False)
    broken = {details["loc"][0] for details in found}
    kept = {name: value for name, value in document.items() if name not in broken}
    places = [details["loc"] for details in found]
    return Plan.model_validate(kept), [_problem(details) for details in found if not _follows(details, places)]


def _follows(details: ErrorDetails, places: list[tuple[int | str, ...]]) -> bool:
    """Whether an error only follows from others: a list is not too short because its items are broken."""
    place = details["loc"]
    return details["type"] == "too_short" and any(other[:-1] == place for other in places)


def _problem(details: ErrorDetails) -> Problem:
    place, said = " › ".join(map(str, details["loc"])), details["msg"]
    match details["type"]:
        case "missing":
            return Problem(place, "missing", "Add it.")
        case "extra_forbidden":
            return Problem(place, "not a word of the plan", _spelling(str(details["loc"][-1])))
        case "value_error":
            return Problem(place, str(details["ctx"]["error"]), "Change it so, or leave it out.")
        case _:
            return Problem(place, said[0].lower() + said[1:], "Correct it or leave it out.")


def _spelling(word: str) -> str:
    close = difflib.get_close_matches(word, sorted(set(_words(Plan))), n=1)
    return f'Did you mean "{close[0]}"? Otherwise take it out.' if close else "Take it out."


def _words(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _words(field.annotation)


def _not_of(plan: Plan, contract: Contract, contract_text: str) -> Iterator[Problem]:
    """Yield whatever the plan says that is not so in the contract."""
    if plan.contract is not None and plan.contract != digest(contract_text.encode()):
        remedy = "Train by that one, or write the plan again for this one (earlyid plan)."
        yield Problem("contract", "the plan was written for another contract, or for this one before a change", remedy)
    yield from _unknown("landmarks", plan.landmarks, [landmark.name for landmark in contract.landmarks])
    yield from _unknown("outcomes", plan.outcomes, [outcome.name for outcome in contract.outcomes])
    left = contract.narrowed(plan.landmarks, plan.outcomes)
    if left.landmarks and left.outcomes and not any(map(left.outcomes_at, left.landmarks)):
        yield Problem("outcomes", "none of them is foreseen from these landmarks", "Name a landmark where one is.")
    if contract.cohort is None and plan.cohorts is not None:
        yield Problem("cohorts", "the contract has no calendar", "Leave them out.")
    if contract.cohort is None and plan.bands.children_a_month is not None:
        yield Problem("bands › children_a_month", "the contract has no calendar", "Give a capacity in its stead.")
    yield from _unprotected(plan, contract)
    yield from nowhere(plan, left)


def _unprotected(plan: Plan, contract: Contract) -> Iterator[Problem]:
    place = "fairness › protects"
    attributes = {attribute.name: attribute for attribute in contract.audit}
    yield from _unknown(place, tuple(plan.fairness.protects), list(attributes))
    for name, groups in plan.fairness.protects.items():
        # An attribute that neither maps nor labels its values declares no groups: they are whatever is found.
        if name in attributes and (declared := _groups(contract, attributes[name])):
            yield from _unknown(f"{place} › {name}", groups, [*declared, NOT_RECORDED])


def _groups(contract: Contract, attribute: AuditAttribute) -> list[str]:
    """Return each group that an attribute declares, once."""
    return list(dict.fromkeys(declared_groups(contract, attribute)))


def _unknown(place: str, asked: tuple[str, ...] | None, declared: list[str]) -> Iterator[Problem]:
    for name in asked or ():
        if name not in declared:
            remedy = f"Use one of {', '.join(declared)}." if declared else "Take it out."
            yield Problem(f"{place} › {name}", "the contract declares none of that name", remedy)
