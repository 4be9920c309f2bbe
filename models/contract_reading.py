"""
Reads a contract and names every error in it at once, each with its place and what to do.

The shape of each part is pydantic's to check; whether the parts fit together is `models.contract_check`'s. Parts that
have no shape are left out of the second check, so that one run still finds (nearly) everything.
"""

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.contract import Contract
from models.contract_check import problems_between
from models.errors import ContractError, Problem

LISTS = ("source", "landmark", "feature", "outcome", "audit")


def load_contract(path: Path) -> tuple[Contract, str]:
    """Read a contract file; returns it with its text; raises ContractError naming every problem."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        raise ContractError(f"{path.name}: there is no such contract file") from None
    except UnicodeDecodeError:
        raise ContractError(f"{path.name}: the contract is not UTF-8 text; save it as UTF-8") from None
    return parse_contract(text, path.name), text


def parse_contract(text: str, name: str = "contract") -> Contract:
    """Parse and check a contract's text; raises ContractError naming every problem."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContractError(f"{name}: not TOML: {error}") from None
    contract, problems = _validated(document)
    if contract is None:
        contract, _ = _validated(_without_broken_parts(document))
    if contract is not None:
        problems += problems_between(contract, broken=_broken_names(document, contract))
    if problems or contract is None:
        raise ContractError(f"{name}: {len(problems)} problem{'s' * (len(problems) != 1)}", tuple(problems))
    return contract


def _validated(document: dict[str, Any]) -> tuple[Contract | None, list[Problem]]:
    try:
        return Contract.model_validate(document), []
    except ValidationError as error:
        return None, [_problem(document, details) for details in error.errors(include_url=False)]


def _without_broken_parts(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document less every list item that has an error of its own."""
    try:
        Contract.model_validate(document)
    except ValidationError as error:
        broken = {tuple(details["loc"][:2]) for details in error.errors() if details["loc"][0] in LISTS}
        return {
            key: [item for i, item in enumerate(value) if (key, i) not in broken]
            if key in LISTS and isinstance(value, list)
            else value
            for key, value in document.items()
        }
    return document


def _broken_names(document: dict[str, Any], contract: Contract) -> frozenset[str]:
    """Names that the document declares but the shapely part of it lacks: nothing is said about what points at them."""
    kept = {item.name for part in (contract.sources, contract.landmarks) for item in part}
    declared = {
        str(item.get("name"))
        for key in ("source", "landmark")
        for item in document.get(key, [])
        if isinstance(item, dict)
    }
    return frozenset(declared - kept)


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
