"""
Reads a contract and names every error in it at once, each with its place and what to do.

The shape of each part is pydantic's to check; whether the parts fit together is `models.contract_check`'s. Parts that
have no shape are left out of the second check, so that one run still finds (nearly) everything.
"""

import difflib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.contract import Contract
from models.contract_check import problems_between
from models.declared import Declared
from models.errors import ContractError, Problem
from models.feature import AuditAttribute, Cohort, Feature, Landmark, Outcome, Pointer, Rule, Scope
from models.intervention import Intervention
from models.linkage import Linkage
from models.linkage_check import linkage_problems
from models.source import Source

# Finds problems in a contract, all of whose parts have a shape, though some parts may be missing.
Check = Callable[[Contract], list[Problem]]

LISTS: dict[str, type[Declared]] = {
    "source": Source,
    "landmark": Landmark,
    "feature": Feature,
    "outcome": Outcome,
    "intervention": Intervention,
    "rule": Rule,
    "audit": AuditAttribute,
}
# What a broken table is stood in for by: whatever it should point at, it points nowhere.
NOWHERE: dict[str, Any] = {"source": "", "column": ""}
TABLES: dict[str, type[Declared]] = {
    "birth": Pointer,
    "family": Pointer,
    "cohort": Cohort,
    "scope": Scope,
    "linkage": Linkage,
}
CHECKS: tuple[Check, ...] = (problems_between, linkage_problems)


def load_contract(path: Path, *more: Check) -> tuple[Contract, str]:
    """Read a contract file; returns it with its text; raises ContractError naming every problem, those of `more` too."""
    try:
        text = path.read_bytes().decode()
    except OSError:
        raise ContractError(f"{path.name}: there is no such contract file") from None
    except UnicodeDecodeError:
        raise ContractError(f"{path.name}: the contract is not UTF-8 text; save it as UTF-8") from None
    return parse_contract(text, path.name, *more), text


def parse_contract(text: str, name: str = "contract", *more: Check) -> Contract:
    """Parse and check a contract's text; raises ContractError naming every problem."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContractError(f"{name}: not TOML: {error}") from None
    try:
        contract = Contract.model_validate(document)
        problems = [problem for check in (*CHECKS, *more) for problem in check(contract)]
    except ValidationError as error:
        problems = [
            _problem(document, details) for details in error.errors(include_url=False) if _said(document, details)
        ]
        problems += _problems_of_the_rest(document, (*CHECKS, *more))
    if problems:
        raise ContractError(f"{name}: {len(problems)} problem{'s' * (len(problems) != 1)}", tuple(problems))
    return contract


def _said(document: dict[str, Any], details: ErrorDetails) -> bool:
    """Whether an error is the author's: a list is not too short because its items are broken."""
    return not (details["type"] == "too_short" and len(details["loc"]) == 1 and document[str(details["loc"][0])])


def _problems_of_the_rest(document: dict[str, Any], checks: tuple[Check, ...]) -> list[Problem]:
    """Check how the parts that have a shape fit together, leaving out what only follows from those that have none."""
    kept = {key: [_shaped(model, item) for item in _items(document, key)] for key, model in LISTS.items()}
    tables = {key: _shaped(model, document[key]) for key, model in TABLES.items() if key in document}
    # What does not point anywhere has no stand-in: it is as if it were not there.
    lacking = [key for key, table in tables.items() if table is None and TABLES[key] is not Linkage]
    stand_ins = {key: TABLES[key].model_construct(**NOWHERE) for key in lacking}
    fields: dict[str, Any] = {f"{key}s": _present(parts) for key, parts in kept.items() if key != "audit"}
    fields |= {"audit": _present(kept["audit"])} | {key: table for key, table in tables.items() if table} | stand_ins
    contract = Contract.model_construct(**fields)
    broken = {key for key, parts in kept.items() if None in parts} | {
        key for key, table in tables.items() if table is None
    }
    names = {
        f'"{item.get("name")}"'
        for key in broken & LISTS.keys()
        for item in _items(document, key)
        if isinstance(item, dict)
    }
    whole = {f'"{part.name}"' for parts in kept.values() for part in parts if part is not None}
    return [p for check in checks for p in check(contract) if not _follows(p, broken, names - whole)]


def _items(document: dict[str, Any], key: str) -> list[Any]:
    items = document.get(key, [])
    return items if isinstance(items, list) else []


def _shaped(model: type[Declared], part: object) -> Any:
    try:
        return model.model_validate(part)
    except ValidationError:
        return None


def _present(parts: list[Any]) -> tuple[Any, ...]:
    return tuple(part for part in parts if part is not None)


def _follows(problem: Problem, broken: set[str], names: set[str]) -> bool:
    """Whether a problem only follows from a part that is broken: it stands in it, points at it, or misses it."""
    points = any(name in problem.what for name in names)
    return points or problem.place in broken or any(problem.what == f"no {part} is declared for it" for part in broken)


def _problem(document: dict[str, Any], details: ErrorDetails) -> Problem:
    place, parent = _place(document, details["loc"])
    kind, context = details["type"], details.get("ctx", {})
    match kind:
        case "missing":
            return Problem(place, "missing", "Add it.")
        case "extra_forbidden":
            return Problem(place, "not a word of the contract", _spelling(str(details["loc"][-1]), parent))
        case "literal_error" | "union_tag_invalid":
            expected = context.get("expected") or context.get("expected_tags")
            return Problem(place, "not one of the allowed words", f"Use one of {expected}.")
        case "value_error":
            return Problem(place, str(context["error"]), "Change it so.")
        case _:
            return Problem(place, details["msg"][0].lower() + details["msg"][1:], "Correct it.")


def _place(document: dict[str, Any], loc: tuple[int | str, ...]) -> tuple[str, Any]:
    """Say where in words (`source "visits" › column "x" › step`), with the table that holds the place."""
    words: list[str] = []
    here: Any = document
    parent: Any = document
    for part in loc:
        parent = here
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(part, int) and words:
            name = here.get("name") if isinstance(here, dict) else None
            words[-1] += f' "{name}"' if isinstance(name, str) else f" number {part + 1}"
        elif here is not None or part == loc[-1]:
            words.append(str(part))
    return " › ".join(words) or "contract", parent


def _spelling(word: str, table: object) -> str:
    known = {
        alias
        for model in _models()
        for name, field in model.model_fields.items()
        if (alias := field.alias or name) not in (table if isinstance(table, dict) else {})
    }
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f'Did you mean "{close[0]}"? Otherwise take it out.' if close else "Take it out."


def _models() -> list[type[Any]]:
    pending, found = [Contract], []
    while pending:
        model = pending.pop()
        found.append(model)
        for field in model.model_fields.values():
            pending += [m for m in _named_in(field.annotation) if m not in found and m not in pending]
    return found


def _named_in(annotation: Any) -> list[type[Any]]:
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in _named_in(inner)]
