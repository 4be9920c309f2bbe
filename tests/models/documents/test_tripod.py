"""The TRIPOD+AI table: all sub-items, none missing in silence, each leading where it says."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from models.canonical import canonical
from models.documents.artefacts import Artefacts
from models.documents.documents import READ
from models.documents.tripod import check_tripod, slug, tripod
from models.documents.tripod_items import ITEMS
from models.errors import IntegrityError

Files = Mapping[str, bytes]
Changed = Callable[..., dict[str, bytes]]
NAME = "tripod.json"
PLACES = ["Whom it is for", "The decision it informs", "Who is not scored", "Groups", "How to check it"]


def _artefacts(files: Files) -> Artefacts:
    return Artefacts({name: files[name] for name in READ})


def _items(files: Files) -> dict[str, dict[str, Any]]:
    return {item["item"]: item for item in json.loads(tripod(_artefacts(files), PLACES))["items"]}


def test_every_sub_item() -> None:
    """There are 52 sub-items in 27 items, each once, and who fills in what a person must is never the run."""
    codes = [item.item for item in ITEMS]
    assert len(codes) == len(set(codes)) == 52
    assert {int(code.rstrip("abcdefg")) for code in codes} == set(range(1, 28))
    assert all(item.where or item.remains or item.not_applicable for item in ITEMS)
    assert all(item.filled_by == "person" for item in ITEMS if not item.where and not item.not_applicable)


def test_what_a_person_must_say(learned: Files) -> None:
    """What no file can say is missing, and says what a person must add; nothing that is missing leads anywhere."""
    items = _items(learned)
    for code in ("3a", "8b", "8c", "9c", "17", "18a", "18b", "18d", "19", "25", "27c"):
        assert (items[code]["status"], items[code]["where"]) == ("missing", [])
        assert items[code]["remains"]
    assert items["23b"]["lacks"] == ["evaluation.json#/evaluations/*/full/sites/*/spread"]


def test_what_the_run_says(learned: Files) -> None:
    """What a run, its contract or its plan says is reported, where it stands; the rest of it is said to be lacking."""
    items = _items(learned)
    assert items["12a"] == {
        "item": "12a",
        "what": "How data were used and split",
        "applies": "development",
        "status": "reported",
        "where": ["evaluation.json#/evaluations/*/procedure"],
        "lacks": [],
        "filled_by": "run",
        "remains": "",
    }
    for code in ("1", "6b", "7", "9b", "10", "12b", "15", "18c", "20a", "21"):
        assert items[code]["status"] == "reported", code
    assert (items["23a"]["status"], items["23a"]["lacks"]) == (
        "partial",
        ["evaluation.json#/evaluations/*/full/without"],
    )
    assert (items["24"]["status"], items["24"]["where"]) == ("na", [])
    assert items["24"]["remains"].startswith("Nothing was updated")


def test_a_place_for_each(learned: Files, changed: Changed) -> None:
    """What stands for one landmark and outcome and not for the other is not reported."""
    one = changed(learned, "evaluation.json", "evaluations", 0, "procedure", to=None)
    assert _items(one)["12a"]["status"] == "missing"


def test_counts(learned: Files) -> None:
    """The counts are those of the items, by status."""
    table = json.loads(tripod(_artefacts(learned), PLACES))
    assert table["counts"] == {"missing": 0} | Counter(item["status"] for item in table["items"])


@pytest.mark.parametrize(
    ("path", "to", "why"),
    [
        (("counts", "reported"), 52, "does not count"),
        (("items", 0, "item"), "99", "does not count"),
        (("items", 0, "where"), ["evaluation.json#/nowhere"], r"evaluation\.json#/nowhere leads nowhere"),
        (("items", 3, "where"), ["card.md#nowhere"], r"card\.md#nowhere leads nowhere"),
        (("items", 0, "where"), [], "sub-item 1 is not reported as it says"),
        (("items", 2, "status"), "reported", "sub-item 3a is not reported as it says"),
        (("made_from", "model.json"), "0" * 64, r"another model\.json"),
        (("items",), "none", "not a table"),
        (("made_from",), 7, "not a table"),
    ],
)
def test_something_is_changed(learned: Files, changed: Changed, path: tuple[Any, ...], to: Any, why: str) -> None:
    """A table that leads nowhere, counts wrongly or was written from another file is refused with the place."""
    table = tripod(_artefacts(learned), PLACES)
    check_tripod(table, _artefacts(learned), PLACES)
    with pytest.raises(IntegrityError, match=why):
        check_tripod(changed({NAME: table}, NAME, *path, to=to)[NAME], _artefacts(learned), PLACES)


@pytest.mark.parametrize("data", [b"", b"[]", canonical({"items": []})])
def test_no_table(learned: Files, data: bytes) -> None:
    """What is no table is refused."""
    with pytest.raises(IntegrityError, match="not a table"):
        check_tripod(data, _artefacts(learned), PLACES)


def test_slug() -> None:
    """A heading's place is what readers of Markdown make of it."""
    assert slug("The records, and the children") == "the-records-and-the-children"
