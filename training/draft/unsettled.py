"""What a person must still settle of a contract that was drafted: whatever still says so."""

from collections.abc import Iterator
from typing import Any

from models.contract import Contract
from models.errors import Problem
from training.draft.told import MARK, MARK_NAME

_REMEDY = "Write it, agree it with whom it concerns, and take the mark out."


def unsettled_problems(contract: Contract) -> list[Problem]:
    """Return a problem for each part of a contract in which a draft's words still stand, naming all its fields."""
    document = contract.model_dump(mode="json", by_alias=True)
    whole = {key: value for key, value in document.items() if not isinstance(value, list)}
    parts = [("contract", whole)] + [
        (f'{part} "{item["name"]}"', item)
        for part, items in document.items()
        if isinstance(items, list)
        for item in items
    ]
    found = [(place, list(dict.fromkeys(_marked(part)))) for place, part in parts]
    return [Problem(place, f"not settled: {', '.join(fields)}", _REMEDY) for place, fields in found if fields]


def _marked(part: dict[str, Any], within: str = "") -> Iterator[str]:
    """Yield the fields in which a mark stands, one of a table within it by its place."""
    for key, value in part.items():
        if isinstance(value, dict):
            yield from _marked(value, f"{within}{key} › ")
        elif any(_is_mark(one) for one in (value if isinstance(value, list) else [value])):
            yield f"{within}{key}"


def _is_mark(value: object) -> bool:
    return isinstance(value, str) and (value == MARK_NAME or value.startswith(MARK))
