"""The files of a bundle that is served are read again when they are asked for, and are what was checked."""

import shutil
from pathlib import Path

import pytest

from models.bundle import load_bundle
from models.errors import IntegrityError
from service.kept_files import on_the_disk


def test_the_same_files(small_bundle: Path) -> None:
    """Every file is told as it was loaded, and no other."""
    loaded = load_bundle(small_bundle)
    assert dict(on_the_disk(loaded, small_bundle).files) == dict(loaded.files)
    assert on_the_disk(loaded, small_bundle).files.get("absent.json") is None


def test_a_file_that_was_altered(small_bundle: Path, tmp_path: Path) -> None:
    """A file that is another, or gone, is refused when it is asked for; the others are told."""
    folder = shutil.copytree(small_bundle, tmp_path / "bundle")
    files = on_the_disk(load_bundle(folder), folder).files
    (folder / "pack.html").write_bytes(b"<!doctype html><p>canary")
    (folder / "audit.json").unlink()
    with pytest.raises(IntegrityError, match=r"pack\.html was altered"):
        files["pack.html"]
    with pytest.raises(IntegrityError, match=r"audit\.json of the bundle cannot be read"):
        files["audit.json"]
    assert files["plan.toml"] == b"format = 1\n"
