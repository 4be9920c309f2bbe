"""
The form of a request: the one decoder of its values, made from the slots of the live contract.

Typed dictionaries, not models: a contract may call a column `json` or `copy`, and only what was sent is looped over.
"""

from collections.abc import Callable
from typing import Annotated, Any, NotRequired, Required

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, conlist, with_config
from pydantic_core import ErrorDetails
from typing_extensions import TypedDict  # pydantic cannot read that of `typing` before Python 3.12

from service.problems import BREAKS_CONTRACT, NOT_JSON, Fault, Kind, Refused, refused
from service.slots import Slot, fault_at, missing_at, unknown_in

# To list more would take longer than to score a child, and nobody would read it.
MOST_ERRORS = 1000


class RequestForm:
    """Decodes the bytes of a request into plain dictionaries that keep the slots, or says what does not; `kind` is its refusal's."""

    def __init__(self, root: Slot, kind: Kind = BREAKS_CONTRACT) -> None:
        self.root, self.kind = root, kind
        self.adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(_type(root))
        self._decode: Callable[[bytes], dict[str, Any]] = self.adapter.validator.validate_json

    def decode(self, body: bytes) -> dict[str, Any]:
        """Return what was sent; raises Refused with every fault found."""
        try:
            return self._decode(body)
        except ValidationError as error:
            raise self._refusal(error) from None

    def _refusal(self, error: ValidationError) -> Refused:
        if error.error_count() > MOST_ERRORS:
            return Refused(self.kind, f"The body breaks more than {MOST_ERRORS} rules; none of them is named.")
        details = error.errors(include_url=False, include_context=False, include_input=False)
        if details[0]["type"] == "json_invalid":
            return Refused(NOT_JSON, "Send one JSON object in UTF-8.")
        return refused((self._fault(each) for each in details), self.kind)

    def _fault(self, details: ErrorDetails) -> Fault:
        match details["type"]:
            case "missing":
                return missing_at(self.root, details["loc"])
            case "extra_forbidden":
                return unknown_in(self.root, details["loc"][:-1])
            case "too_long":
                return fault_at(self.root, details["loc"], "too-many")
            case _:
                return fault_at(self.root, details["loc"], "wrong-value")


def _type(slot: Slot) -> Any:
    if slot.type is not None:
        return slot.type
    fields = {name: _field(inner) for name, inner in slot.inside.items()}
    config = ConfigDict(extra="forbid", strict=True)
    table: Any = with_config(config)(TypedDict(slot.name, fields))  # type: ignore[operator]
    return table if slot.most is None else conlist(table, max_length=slot.most)


def _field(slot: Slot) -> Any:
    described: Any = Annotated[_type(slot), Field(description=slot.rule)]
    return Required[described] if slot.required else NotRequired[described]
