"""The TRIPOD+AI table: every sub-item, whether and where it is reported, and what a person must still say; `tripod.json`."""

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from models.canonical import canonical, digest
from models.documents.artefacts import Artefacts, Pointer
from models.documents.card.closing import STATUSES
from models.documents.tripod_items import ITEMS, Item
from models.errors import IntegrityError

NAME, CARD = "tripod.json", "card.md"
_PUNCTUATION = re.compile(r"[^a-z0-9 -]")


def tripod(artefacts: Artefacts, headings: Collection[str]) -> bytes:
    """Return the table; `headings` are those of the card."""
    items = [_filled(item, artefacts, {slug(heading) for heading in headings}) for item in ITEMS]
    return canonical(
        {
            "format": 1,
            "made_from": {name: digest(data) for name, data in artefacts.files.items()},
            "counts": _counts(items),
            "items": items,
        }
    )


def check_tripod(data: bytes, artefacts: Artefacts, headings: Collection[str]) -> None:
    """Raise IntegrityError unless every place that the table names is there, and its counts and digests are right."""
    try:
        table = json.loads(data)
        items, made_from = list(table["items"]), dict(table["made_from"])
        for item in items:
            _check_item(item, artefacts, {slug(heading) for heading in headings})
        right = table["counts"] == _counts(items)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise IntegrityError(f"{NAME} is not a table of TRIPOD+AI") from None
    if not right or sorted(item["item"] for item in items) != sorted(item.item for item in ITEMS):
        raise IntegrityError(f"{NAME} does not count its sub-items rightly")
    for name, was in made_from.items():
        if name not in artefacts.files or digest(artefacts.files[name]) != was:
            raise IntegrityError(f"{NAME} was written from another {name}")


def slug(heading: str) -> str:
    """Return the place of a heading in a document, as Markdown readers make it."""
    return _PUNCTUATION.sub("", heading.lower()).replace(" ", "-")


def _filled(item: Item, artefacts: Artefacts, headings: Collection[str]) -> dict[str, Any]:
    there = [where for where in item.where if _is_there(where, artefacts, headings)]
    status = _status(item, there)
    return {
        "item": item.item,
        "what": item.what,
        "applies": item.applies,
        "status": status,
        "where": there,
        "lacks": [where for where in item.where if where not in there],
        "filled_by": item.filled_by,
        "remains": item.not_applicable if status == "na" else item.remains,
    }


def _status(item: Item, there: Collection[str]) -> str:
    if not there:
        return "na" if item.not_applicable else "missing"
    return "reported" if len(there) == len(item.where) and not item.remains else "partial"


def _is_there(where: str, artefacts: Artefacts, headings: Collection[str]) -> bool:
    """Whether something stands at a place; of a pointer with `*` in it, at every place it stands for, and there is one."""
    pointer = Pointer.parse(where)
    if pointer.file == CARD:
        return where.partition("#")[2] in headings
    found = [artefacts.at(each) for each in artefacts.each(pointer)]
    return bool(found) and all(one not in (None, [], {}) for one in found)


def _check_item(item: Mapping[str, Any], artefacts: Artefacts, headings: Collection[str]) -> None:
    for where in item["where"]:
        if not _is_there(where, artefacts, headings):
            raise IntegrityError(f"{NAME}: {where} leads nowhere")
    if bool(item["where"]) != (item["status"] in {"reported", "partial"}):
        raise IntegrityError(f"{NAME}: sub-item {item['item']} is not reported as it says")


def _counts(items: Collection[Mapping[str, Any]]) -> dict[str, int]:
    counted = Counter(str(item["status"]) for item in items)
    return {status: counted[status] for status in STATUSES}
