"""Linking the febrl files, whose truth is known; they are not part of this repository."""

import pytest

from benchmarks.febrl import F1, REGISTERS, files_folder, measure


@pytest.mark.parametrize("name", REGISTERS)
def test_linked(name: str) -> None:
    """Records of the people of febrl are joined with an F1 of 0.99 or more, and no two people are taken for one."""
    if not files_folder().is_dir():
        pytest.skip(f"there is no folder {files_folder()}; run make febrl, or set EARLYID_FEBRL")
    found = measure(name, files_folder())
    assert found["f1"] >= F1
    assert found["wrong"] == 0
