"""One digest of all that a run reads."""

import shutil
from pathlib import Path

from models.contract import Contract
from training.data_digest import data_digest


def test_of_all_that_is_read_and_nothing_else(borough: Contract, borough_extracts: Path, tmp_path: Path) -> None:
    """Copied extracts have the same digest, whatever lies beside them; one byte more in any of them gives another."""
    copy = Path(shutil.copytree(borough_extracts, tmp_path / "copy"))
    (copy / "notes.txt").write_text("not read", encoding="utf-8")
    same = data_digest(borough, borough_extracts)
    assert data_digest(borough, copy) == same
    for source in borough.sources:
        before = (copy / source.file).read_bytes()
        (copy / source.file).write_bytes(before + b"\n")
        assert data_digest(borough, copy) != same
        (copy / source.file).write_bytes(before)
