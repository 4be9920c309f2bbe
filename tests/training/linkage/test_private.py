"""The two files that identify children are never written over what a person wrote meanwhile."""

from pathlib import Path

import pytest

from models.errors import BadInput
from training.linkage.private import Private


def test_both_are_written_for_their_owner(tmp_path: Path) -> None:
    """Where nothing changed meanwhile both are written, and nobody else can read them."""
    (tmp_path / "map").write_bytes(b"old")
    Private(tmp_path / "map", tmp_path / "review").write(b"new map", b"new review")
    assert [(tmp_path / name).read_bytes() for name in ("map", "review")] == [b"new map", b"new review"]
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("map", "review")} == {0o600}


@pytest.mark.parametrize("changed", ["map", "review"])
def test_a_decision_written_meanwhile_is_kept(tmp_path: Path, changed: str) -> None:
    """Where either is not as it was, neither is written, and the file that changed is named."""
    (tmp_path / "map").write_bytes(b"old")
    private = Private(tmp_path / "map", tmp_path / "review")
    (tmp_path / changed).write_bytes(b"same")
    with pytest.raises(BadInput, match=rf"{changed} was changed while linking ran; link again"):
        private.write(b"new map", b"new review")
    assert (tmp_path / changed).read_bytes() == b"same"
    assert not (tmp_path / "review").exists() or changed == "review"


def test_where_a_link_leads(tmp_path: Path) -> None:
    """A file that is a link, into a safer place perhaps, is written where the link leads."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "map").symlink_to(tmp_path / "vault" / "map")
    Private(tmp_path / "map", tmp_path / "review").write(b"map", b"review")
    assert (tmp_path / "vault" / "map").read_bytes() == b"map"
    assert (tmp_path / "map").is_symlink()
