"""The file of trusted keys: whole, closed to others, and read only where it says what it must."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import KeyFileError
from service.ledger.trusted import TrustedKey, TrustedKeys, read_trusted, write_trusted

People = Any


def test_read_back(tmp_path: Path, people: People) -> None:
    """What is written is read back, for its owner only; where there is no file nobody is trusted."""
    path = tmp_path / "keys" / "trusted.json"
    assert read_trusted(path) == TrustedKeys()
    write_trusted(path, people.trusted)
    assert read_trusted(path) == people.trusted
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["trusted.json"]


def _first(document: dict[str, Any], **changed: object) -> dict[str, Any]:
    keys = document["keys"]
    return document | {"keys": [keys[0] | changed, *keys[1:]]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda document: document | {"format": 2}, "format"),
        (lambda document: document | {"keys": document["keys"] * 2}, "the file"),
        (lambda document: _first(document, key_id="0" * 64), "keys.0"),
        (lambda document: _first(document, name="Nobody"), "keys.0.name"),
        (lambda document: _first(document, may="both"), "keys.0.may"),
        (lambda document: _first(document, why="trust me"), "keys.0.why"),
        (lambda _: [], "the file"),
    ],
)
def test_refused(tmp_path: Path, people: People, change: Callable[[Any], object], said: str) -> None:
    """A file that was touched is refused, naming the place."""
    path = tmp_path / "trusted.json"
    write_trusted(path, people.trusted)
    path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(KeyFileError, match=said):
        read_trusted(path)


def test_open_to_others(tmp_path: Path, people: People) -> None:
    """A file that others can read is refused with the remedy."""
    path = tmp_path / "trusted.json"
    write_trusted(path, people.trusted)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_trusted(path)


def test_a_day(people: People, entry_of: Callable[..., TrustedKey]) -> None:
    """A key holds from its first day to its last, both included, and for one thing only."""
    last = datetime.date(2026, 9, 1)
    keys = TrustedKeys(keys=(entry_of(people.ann, "Ann Lee, head", until=last),))
    name, day = keys.keys[0].key_id, datetime.timedelta(days=1)
    first = keys.keys[0].since
    days = [first - day, first, last, last + day]
    assert [keys.holder(name, "release", each) is not None for each in days] == [False, True, True, False]
    assert keys.holder(name, "bundle", last) is None
