"""What a request may hold for one column of a source: what the contract allows in an extract, as JSON."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from models.record import MAX_AGE, MIN_AGE
from models.source import Column
from service.slots import Slot

AGE_RULE = "an age in days, or a date such as 2021-03-31"
# A date stays text until `service.request_record` reads it: pydantic would also take a number of seconds for one.
DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Age = Annotated[int, Field(ge=MIN_AGE, le=MAX_AGE)]
Day = Annotated[str, Field(pattern=DAY_PATTERN, json_schema_extra={"format": "date"})]
Finite = Annotated[float, Field(allow_inf_nan=False)]


def column_slot(column: Column) -> Slot:
    """Return the slot of a column; every column may be left out, or null, when it is not known."""
    rule = _rule(column)
    schema = {"description": f"{column.label or column.name}: {rule}", "anyOf": [*_options(column), {"type": "null"}]}
    read = one_of((*column.code_map, *column.missing)) | _read(column) | None
    return Slot(rule, Annotated[read, WithJsonSchema(schema)])


def _read(column: Column) -> Any:
    match column.type:
        case "code":
            return None
        case "flag":
            return bool
        case "date":
            low, high = column.bounds
            return Annotated[int, Field(ge=low, le=high)] | Day
        case _:
            return int | Finite


def one_of(words: tuple[str, ...]) -> Any:
    """Return the type of a text that is one of these words; of nothing at all when there are none."""
    literal: Any = Literal
    return literal[words] if words else literal[None]


def _rule(column: Column) -> str:
    said = [_main_rule(column)] if column.type != "code" else []
    said += [f"one of {', '.join(column.code_map)}{_as_text(column)}"] if column.code_map else []
    missing = [*column.missing, *([f"below {column.missing_below}"] if column.missing_below is not None else [])]
    return " or ".join(said) + (f" (not known: {', '.join(missing)})" if missing else "")


def _as_text(column: Column) -> str:
    """Return the words for codes that a caller could take for numbers: they are texts."""
    return ", as text" if any(code.isdigit() for code in column.code_map) else ""


def _main_rule(column: Column) -> str:
    match column.type:
        case "flag":
            return "true or false"
        case "date":
            return AGE_RULE
        case _:
            return _number_rule(column)


def _number_rule(column: Column) -> str:
    said = "a whole number" if column.type == "integer" else f"a number in steps of {column.step}"
    if column.range is not None:
        said += f" from {column.range[0]} to {column.range[1]}"
    return said + (f" {column.units}" if column.units else "")


def _options(column: Column) -> list[dict[str, Any]]:
    """Return the published schemas of what the column takes; a missing code that is a number may be sent as one."""
    words: list[str | float] = [*column.code_map, *column.missing]
    match column.type:
        case "code":
            main = []
        case "flag":
            main = [{"type": "boolean"}]
        case "date":
            main = [{"type": "integer"}, {"type": "string", "format": "date"}]
        case _:
            main = _numbers(column)
            words += map(float, column.missing_numbers)
    return main + ([{"enum": words}] if words else [])


def _numbers(column: Column) -> list[dict[str, Any]]:
    number: dict[str, Any] = {"type": column.type, "multipleOf": float(column.step)}
    if column.range is not None:
        number |= {"minimum": column.range[0], "maximum": column.range[1]}
    below = {"type": "number", "exclusiveMaximum": column.missing_below}
    return [number, below] if column.missing_below is not None else [number]
