"""Reads a plan for a contract, and names every error in it at once, each with its place and what to do."""

import datetime
from collections.abc import Iterator
from pathlib import Path

from models.canonical import digest
from models.contract import Contract
from models.errors import PlanError, Problem
from models.shaped import read_toml, refuse, shaped
from training.plan import Plan
from training.plan_places import not_yet, nowhere
from training.plan_text import plan_text


def read_plan(path: Path | None, contract: Contract, contract_text: str, today: datetime.date) -> tuple[Plan, str]:
    """
    Read a plan (none: the default plan) with its text; raises PlanError naming every problem.

    Nobody has agreed to anything on a day after `today`.
    """
    if path is None:
        return default_plan(contract, contract_text)
    document, text = read_toml(path, "plan", PlanError)
    plan, problems = shaped(Plan, document, "plan")
    refuse(path, [*problems, *_not_of(plan, contract, contract_text), *not_yet(plan, today)], PlanError)
    return plan, text


def default_plan(contract: Contract, contract_text: str) -> tuple[Plan, str]:
    """Return the plan of a run that was given none, with its text: for this contract, every field spelled out."""
    plan = Plan(
        contract=digest(contract_text.encode()),
        landmarks=tuple(landmark.name for landmark in contract.landmarks),
        outcomes=tuple(outcome.name for outcome in contract.outcomes),
    )
    return plan, plan_text(plan.model_dump(mode="json", by_alias=True))


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
    yield from nowhere(plan, left)


def _unknown(place: str, asked: tuple[str, ...] | None, declared: list[str]) -> Iterator[Problem]:
    for name in asked or ():
        if name not in declared:
            remedy = f"Use one of {', '.join(declared)}." if declared else "Take it out."
            yield Problem(f"{place} › {name}", "the contract declares none of that name", remedy)
