"""The secret of the pseudonyms: the same key gives the same names, and neither tells what it stands for."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import KeyFileError
from models.secret import LEAST_BYTES, Secret, load_secret, new_secret

QUICK = settings(derandomize=True, database=None)
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=4)


def test_a_pseudonym_that_must_not_change() -> None:
    """The first 16 hexadecimal digits of HMAC-SHA-256 over the lengths and texts: maps of earlier years rest on it."""
    assert Secret(b"k" * 32).pseudonym("child", "clinic", "c1", "0") == "d6cde914d5aa6530"


@QUICK
@given(one=TEXTS, other=TEXTS)
def test_as_many_names_as_texts(one: list[str], other: list[str]) -> None:
    """Two lists of texts have one pseudonym if and only if they are the same, wherever one text ends and the next begins."""
    secret = Secret(b"k" * 32)
    assert (secret.pseudonym(*one) == secret.pseudonym(*other)) == (one == other)


@QUICK
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_pseudonym_is_sixteen_digits(text: str) -> None:
    """Whatever it stands for, a pseudonym is 16 lower-case hexadecimal digits."""
    name = Secret(b"k" * 32).pseudonym(text)
    assert len(name) == 16
    assert set(name) <= set("0123456789abcdef")


def test_another_key_gives_other_names() -> None:
    """Under two keys the same texts have different pseudonyms."""
    assert Secret(b"k" * 32).pseudonym("child") != Secret(b"l" * 32).pseudonym("child")


def test_a_secret_is_not_shown() -> None:
    """Printed, a secret does not show its key."""
    assert "kkkk" not in f"{Secret(b'k' * 32)!r} {Secret(b'k' * 32)}"


def test_a_new_secret(tmp_path: Path) -> None:
    """A new secret is its owner's alone, can be read back to give the same names, and no two are alike."""
    new_secret(tmp_path / "one")
    new_secret(tmp_path / "other")
    one, again, other = (load_secret(tmp_path / name).pseudonym("child") for name in ("one", "one", "other"))
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o600
    assert one == again != other


def test_a_secret_is_never_overwritten(tmp_path: Path) -> None:
    """Where a file stands already, no secret is written and the file stays as it was: its names would be lost."""
    (tmp_path / "key").write_text("there already", encoding="utf-8")
    with pytest.raises(KeyFileError, match="key: File exists"):
        new_secret(tmp_path / "key")
    assert (tmp_path / "key").read_text(encoding="utf-8") == "there already"


def test_a_secret_that_cannot_be_written(tmp_path: Path) -> None:
    """Where no folder can be made for it, that is said, without its path."""
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileError, match="key: ") as refused:
        new_secret(tmp_path / "file" / "key")
    assert str(tmp_path) not in str(refused.value)


def test_a_secret_in_a_new_folder(tmp_path: Path) -> None:
    """A folder that is missing is made, for its owner alone."""
    new_secret(tmp_path / "new" / "keys" / "key")
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "new/keys")] == [0o700, 0o700]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601])
def test_a_secret_open_to_others(tmp_path: Path, mode: int) -> None:
    """A secret that anyone but its owner can read, write or run is refused with what to do."""
    new_secret(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600 key"):
        load_secret(tmp_path / "key")


@pytest.mark.parametrize("held", [b"", b"short", b" " * 64, b"k" * (LEAST_BYTES - 1) + b"\n"])
def test_a_secret_too_short(tmp_path: Path, held: bytes) -> None:
    """A secret that could be tried out is refused with what to do, and what it holds is not repeated."""
    (tmp_path / "key").write_bytes(held)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(KeyFileError, match="fewer than 32 bytes; make another") as refused:
        load_secret(tmp_path / "key")
    assert b"kkkk" not in str(refused.value).encode()


@pytest.mark.parametrize("place", ["absent", "."])
def test_no_secret(tmp_path: Path, place: str) -> None:
    """Where there is no file, that is said, with the command that makes one."""
    with pytest.raises(KeyFileError, match="earlyid keys secret"):
        load_secret(tmp_path / place)
