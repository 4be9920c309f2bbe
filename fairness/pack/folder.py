"""Writes what people are given of an audit, as one new folder: all of it or nothing."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from models.errors import BadInput

AUDIT, PAGE, PRINTED, TABLE = "audit.json", "pack.html", "pack.pdf", "pack.csv"


def check_new(out: Path) -> None:
    """Raise BadInput where the folder exists already, or where its place does not."""
    if out.exists():
        raise BadInput(f"{out.name} exists already; choose another name, or take it away")
    if not out.resolve().parent.is_dir():
        raise BadInput(f"{out.name} cannot be written: the folder that it would stand in does not exist")


def write_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder: written aside, then renamed; raises BadInput where it cannot be."""
    check_new(out)
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.resolve().parent))
    except OSError as error:
        raise BadInput(f"{out.name} cannot be written there: {error.strerror}") from None
    try:
        for name, data in files.items():
            (aside / name).write_bytes(data)
        aside.chmod(0o755)
        aside.rename(out)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise BadInput(f"{out.name} cannot be written there: {error.strerror}") from None
