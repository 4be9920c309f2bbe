"""
Reads a file that people write (a plan, a policy, exceptions) into its shape, and names every error at once.

Tables and fields that have no shape are left out when the rest is held against whatever else it must agree with.
"""

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.errors import BadInput, Problem

_Shape = TypeVar("_Shape", bound=BaseModel)


def read_toml(path: Path, kind: str, error: type[BadInput]) -> tuple[dict[str, Any], str]:
    """Return a TOML file as a document, with its text; raises `error` where there is none, or where it is not TOML."""
    try:
        text = path.read_bytes().decode()
        return tomllib.loads(text), text
    except OSError:
        raise error(f"{path.name}: there is no such {kind} file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise error(f"{path.name}: not TOML: {type(broken).__name__}") from None


def shaped(shape: type[_Shape], document: dict[str, Any], kind: str) -> tuple[_Shape, list[Problem]]:
    """Return what the fields make that have a shape, with the problems of those that have none; `kind` is what people call it."""
    try:
        return shape.model_validate(document), []
    except ValidationError as error:
        found = error.errors(include_url=False)
    broken = {details["loc"][0] for details in found if details["loc"]}
    # A rule over the whole file has no place of its own: what it is about cannot be kept, and the problem is told alone.
    kept = {name: value for name, value in document.items() if name not in broken} if broken else {}
    places = [details["loc"] for details in found]
    problems = [_problem(shape, details, kind) for details in found if not _follows(details, places)]
    try:
        return shape.model_validate(kept), problems
    except ValidationError as error:
        problems += [_problem(shape, details, kind) for details in error.errors(include_url=False)]
        return shape.model_validate({}), problems


def refuse(path: Path, problems: list[Problem], error: type[BadInput]) -> None:
    """Raise `error` with every problem, if there is one."""
    if problems:
        raise error(f"{path.name}: {len(problems)} problem{'s' * (len(problems) != 1)}", tuple(problems))


def _follows(details: ErrorDetails, places: list[tuple[int | str, ...]]) -> bool:
    """Whether an error only follows from others: a list is not too short because its items are broken."""
    place = details["loc"]
    return details["type"] == "too_short" and any(other[:-1] == place for other in places)


def _problem(shape: type[BaseModel], details: ErrorDetails, kind: str) -> Problem:
    place, said = " › ".join(map(str, details["loc"])) or f"the {kind}", details["msg"]
    match details["type"]:
        case "missing":
            return Problem(place, "missing", "Add it.")
        case "extra_forbidden":
            return Problem(place, f"not a word of the {kind}", _spelling(shape, str(details["loc"][-1])))
        case "value_error":
            return Problem(place, str(details["ctx"]["error"]), "Change it so, or leave it out.")
        case _:
            return Problem(place, said[0].lower() + said[1:], "Correct it or leave it out.")


def _spelling(shape: type[BaseModel], word: str) -> str:
    close = difflib.get_close_matches(word, sorted(set(_words(shape))), n=1)
    return f'Did you mean "{close[0]}"? Otherwise take it out.' if close else "Take it out."


def _words(shape: type[BaseModel]) -> Iterator[str]:
    """Yield every word of a shape, and of the tables in it."""
    for name, field in shape.model_fields.items():
        yield field.alias or name
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _words(inner)
