"""What linking is asked: where everything is and goes, checked before anything is read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import BadInput
from training.private_files import check_place


@dataclass(frozen=True, slots=True)
class Asked:
    """What to link: extracts, the key, the two private files, the folder to write; a truth and a model, if any."""

    folder: Path
    key: Path
    review: Path
    map: Path
    out: Path
    truth: Path | None = None
    model: Path | None = None


def check_places(asked: Asked) -> None:
    """Raise BadInput where something is not there, or cannot or may not be written there."""
    out = asked.out.resolve()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(f"{asked.out.name} is there already and not an empty folder; choose another place")
    if not out.parent.is_dir() or out == Path.cwd():
        raise BadInput(f"{asked.out.name} cannot be written there; choose a place in a folder that exists")
    for path in (asked.review, asked.map):
        if out in path.resolve().parents or path.resolve() == out:
            raise BadInput(f"{path.name} identifies children and may not lie in {asked.out.name}; choose another place")
        check_place(path)
    if asked.review.resolve() == asked.map.resolve():
        raise BadInput("the pairs to review and the map are two files; name each its own")
    if not asked.folder.is_dir():
        raise BadInput(f"there is no folder {asked.folder.name} with the agencies' extracts")


def read_model(path: Path | None) -> dict[str, Any] | None:
    """Return a model that an earlier linking saved, none where none is asked for; raises BadInput when it is no model."""
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or "comparisons" not in found:
        raise BadInput(f"{path.name} is not a model that linking saved; leave it out to learn one")
    return found
