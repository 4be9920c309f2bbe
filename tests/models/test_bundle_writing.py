"""A bundle is written whole or not at all, once, and what is there already is never written over."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.small_bundle import bundle_files
from models.bundle import MANIFEST, SIGNATURE, load_bundle, manifest_of
from models.bundle_writing import check_writable, copy_bundle, write_bundle
from models.canonical import digest
from models.errors import BadInput, IntegrityError
from models.signature import key_id

Files = dict[str, bytes]
State = dict[str, tuple[bytes, int]]


@pytest.fixture(scope="module")
def files(borough_text: str) -> Files:
    """Every file of a small bundle but its manifest."""
    return bundle_files(borough_text)


def _state(folder: Path) -> State:
    """Return what every file holds and when it was written."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_whole(files: Files, tmp_path: Path) -> None:
    """A bundle is a folder named by its id that holds the files, their manifest, and nothing else; so does its parent."""
    written = write_bundle(tmp_path / "new" / "releases", files, None)
    manifest = manifest_of(files)
    assert written == tmp_path / "new" / "releases" / digest(manifest)
    assert {path.name: path.read_bytes() for path in written.iterdir()} == files | {MANIFEST: manifest}
    assert list(written.parent.iterdir()) == [written]
    assert load_bundle(written).signature is None


def test_others_may_read_it(files: Files, tmp_path: Path) -> None:
    """A bundle holds nothing of any child: the service's own account must be able to read it."""
    assert write_bundle(tmp_path, files, None).stat().st_mode & 0o055 == 0o055


def test_signed(files: Files, tmp_path: Path, signing_key: Ed25519PrivateKey) -> None:
    """With a key the bundle is signed by it, and has the id that it has unsigned."""
    written = write_bundle(tmp_path, files, signing_key)
    signature = load_bundle(written).signature
    assert signature is not None
    assert signature.key_id == key_id(signing_key.public_key())
    assert written.name == digest(manifest_of(files))


def test_the_same_again(files: Files, tmp_path: Path) -> None:
    """A bundle that is there already is the same bundle: not one of its files is written again."""
    before = _state(write_bundle(tmp_path, files, None))
    assert _state(write_bundle(tmp_path, files, None)) == before
    assert len(list(tmp_path.iterdir())) == 1


def test_signed_later(files: Files, tmp_path: Path, signing_key: Ed25519PrivateKey) -> None:
    """Written again with a key, an unsigned bundle gains that signature and is otherwise untouched."""
    before = _state(write_bundle(tmp_path, files, None))
    after = _state(write_bundle(tmp_path, files, signing_key))
    assert {name: state for name, state in after.items() if name != SIGNATURE} == before
    assert load_bundle(tmp_path / digest(manifest_of(files))).signature is not None


def test_signed_by_another(files: Files, tmp_path: Path, signing_key: Ed25519PrivateKey) -> None:
    """A signature that is there stays, whoever writes the bundle again."""
    before = _state(write_bundle(tmp_path, files, signing_key))
    assert _state(write_bundle(tmp_path, files, Ed25519PrivateKey.generate())) == before


def test_what_was_touched_is_not_signed(files: Files, tmp_path: Path, signing_key: Ed25519PrivateKey) -> None:
    """Where the bundle of that id was touched, writing it again refuses, and neither mends it nor signs it."""
    written = write_bundle(tmp_path, files, None)
    (written / "audit.json").write_bytes(b"{ }\n")
    before = _state(written)
    for key in (None, signing_key):
        with pytest.raises(IntegrityError):
            write_bundle(tmp_path, files, key)
        assert _state(written) == before


@pytest.mark.parametrize(
    "broken",
    [
        {"golden.jsonl": b""},
        {"golden.jsonl": b"{}\n"},
        {"model.json": b"{}\n"},
        {"calibration.json": b'{"format":1,"calibrations":[]}\n'},
        {"contract.toml": b"format = 1\n"},
    ],
)
def test_not_at_all(files: Files, tmp_path: Path, broken: Files) -> None:
    """Files that do not make a bundle that loads leave nothing behind."""
    with pytest.raises(IntegrityError):
        write_bundle(tmp_path, files | broken, None)
    assert list(tmp_path.iterdir()) == []


def test_golden_cases_of_another_model(files: Files, tmp_path: Path) -> None:
    """Golden cases that the files' own Scorer does not reproduce leave nothing behind."""
    wrong = files["golden.jsonl"].replace(b'"baseline":-', b'"baseline":-1')
    assert wrong != files["golden.jsonl"]
    with pytest.raises(IntegrityError, match="golden case"):
        write_bundle(tmp_path, files | {"golden.jsonl": wrong}, None)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written(files: Files, tmp_path: Path) -> None:
    """When a file cannot be written half-way, nothing is left behind."""
    with pytest.raises(OSError, match="nowhere"):
        write_bundle(tmp_path, files | {"nowhere/file.json": b""}, None)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be(files: Files, tmp_path: Path) -> None:
    """A place where no folder can be made is refused with what to do, before and after learning."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    for out in (tmp_path / "taken", tmp_path / "taken" / "releases"):
        with pytest.raises(BadInput, match="choose another folder"):
            check_writable(out)
        with pytest.raises(BadInput, match="choose another folder"):
            write_bundle(out, files, None)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_asking_first_leaves_nothing(tmp_path: Path) -> None:
    """Asking whether bundles can be written leaves an empty folder."""
    check_writable(tmp_path / "releases")
    assert list((tmp_path / "releases").iterdir()) == []


def test_copied(files: Files, tmp_path: Path, signing_key: Ed25519PrivateKey) -> None:
    """A copy is the same to the byte, signature and all; one that is there already is left, or gets the signature it lacks."""
    made = write_bundle(tmp_path / "made", files, signing_key)
    copied = copy_bundle(tmp_path / "kept", load_bundle(made))
    assert {path.name: path.read_bytes() for path in copied.iterdir()} == {
        path.name: path.read_bytes() for path in made.iterdir()
    }
    before = _state(copied)
    copy_bundle(tmp_path / "kept", load_bundle(write_bundle(tmp_path / "unsigned", files, None)))
    assert _state(copied) == before
    unsigned = copy_bundle(tmp_path / "other", load_bundle(write_bundle(tmp_path / "unsigned", files, None)))
    assert load_bundle(unsigned).signature is None
    copy_bundle(tmp_path / "other", load_bundle(made))
    assert load_bundle(unsigned).signature == load_bundle(made).signature
