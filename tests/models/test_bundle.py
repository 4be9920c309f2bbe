"""Bundles: what is in the folder is what the manifest lists, to the byte, or nothing is loaded."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.bundle import MANIFEST, MAX_BYTES, MOST_BYTES, MOST_FILES, REQUIRED, SIGNATURE, load_bundle, manifest_of
from models.canonical import canonical, digest
from models.errors import IntegrityError, exit_code
from models.signature import sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def folder(small_bundle: dict[str, bytes], tmp_path: Path) -> Path:
    """A signed bundle in a folder."""
    return write(tmp_path / "bundle", small_bundle)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files with their manifest, and sign them."""
    folder.mkdir()
    manifest = manifest_of(files)
    for name, data in {**files, MANIFEST: manifest, SIGNATURE: sign(digest(manifest), KEY)}.items():
        (folder / name).write_bytes(data)
    return folder


def refused(folder: Path, said: str | None = None) -> None:
    """The folder is refused, with the exit status of broken integrity and one line."""
    with pytest.raises(IntegrityError, match=said) as error:
        load_bundle(folder)
    assert exit_code(error.value) == 5
    assert "\n" not in str(error.value)


def test_a_bundle(folder: Path, small_bundle: dict[str, bytes]) -> None:
    """A bundle's id is the hash of its manifest, its files are those listed, and its signature is checked."""
    bundle = load_bundle(folder)
    assert bundle.id == digest(manifest_of(small_bundle)) == digest((folder / MANIFEST).read_bytes())
    assert bundle.files == small_bundle
    assert bundle.contract.name == "small"
    assert bundle.signature is not None
    assert small_bundle.keys() == REQUIRED


def test_unsigned(folder: Path) -> None:
    """A bundle without a signature loads, and has none."""
    (folder / SIGNATURE).unlink()
    assert load_bundle(folder).signature is None


def test_the_id_is_of_content_alone(folder: Path, small_bundle: dict[str, bytes], tmp_path: Path) -> None:
    """Another folder, another order of writing and another day give the same id; another byte gives another."""
    other = write(tmp_path / "other", dict(reversed(small_bundle.items())))
    for path in other.iterdir():
        os.utime(path, (0, 0))
    assert load_bundle(other).id == load_bundle(folder).id
    assert digest(manifest_of(small_bundle | {"audit.json": b"{} \n"})) != load_bundle(folder).id


@pytest.mark.parametrize("name", sorted({*REQUIRED, MANIFEST, SIGNATURE}))
def test_one_flipped_bit(folder: Path, name: str) -> None:
    """One bit flipped in any file, the manifest and the signature among them, is refused."""
    data = (folder / name).read_bytes()
    step = 1 if name in {MANIFEST, SIGNATURE} else max(1, len(data) // 60)
    for i in {*range(0, len(data), step), len(data) - 1}:
        (folder / name).write_bytes(bytes([*data[:i], data[i] ^ 1 << i % 8, *data[i + 1 :]]))
        refused(folder)


@pytest.mark.parametrize("name", sorted({*REQUIRED, MANIFEST, SIGNATURE}))
def test_a_file_cut_short_or_made_longer(folder: Path, name: str) -> None:
    """A file cut short anywhere, emptied, or with anything after its end is refused."""
    data = (folder / name).read_bytes()
    for broken in [
        *(data[:i] for i in range(0, len(data), max(1, len(data) // 20))),
        data[:-1],
        data + b"\n",
        data * 2,
    ]:
        (folder / name).write_bytes(broken)
        refused(folder)


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_missing_file(folder: Path, name: str) -> None:
    """A file that the manifest lists and the folder lacks is named."""
    (folder / name).unlink()
    refused(folder, f"^{name} is missing$")


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_file_left_out_of_the_manifest(small_bundle: dict[str, bytes], tmp_path: Path, name: str) -> None:
    """A manifest that leaves out a file that every bundle has is refused, and the file is named."""
    rest = {key: data for key, data in small_bundle.items() if key != name}
    refused(write(tmp_path / "bundle", rest), f"^{name} is missing from the manifest$")


def test_no_manifest(folder: Path) -> None:
    """A folder without a manifest is no bundle."""
    (folder / MANIFEST).unlink()
    refused(folder, "not a bundle")


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there, or is a file, is no bundle."""
    refused(tmp_path / "none", "^none: there is no such bundle folder$")
    (tmp_path / "file").write_bytes(b"")
    refused(tmp_path / "file", "there is no such bundle folder")


@pytest.mark.parametrize("name", ["notes.txt", ".DS_Store", "model.pkl", "Model.json", "signature.json.bak"])
def test_an_extra_file(folder: Path, name: str) -> None:
    """A file that the manifest does not list is refused, hidden or not."""
    (folder / name).write_bytes(b"")
    refused(folder, f"^{name} is not listed in the manifest$")


def _symlink(path: Path) -> None:
    target = path.parent.parent / path.name
    path.rename(target)
    path.symlink_to(target)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("name", ["model.json", MANIFEST, SIGNATURE])
@pytest.mark.parametrize("replace", [_symlink, _folder, _pipe])
def test_no_plain_file(folder: Path, name: str, replace: Callable[[Path], None]) -> None:
    """A link, a folder or a pipe in a file's place is refused, even where the link leads to the right bytes."""
    replace(folder / name)
    refused(folder, f"^{name} is not a plain file")


def test_a_huge_file(folder: Path) -> None:
    """A file larger than any of a bundle's is refused before it is read."""
    with (folder / "audit.json").open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    refused(folder, "larger than any file of a bundle")


def _reversed_files(manifest: dict[str, Any]) -> bytes:
    files = dict(reversed(manifest["files"].items()))
    return json.dumps({"format": 1, "files": files}, separators=(",", ":")).encode() + b"\n"


def _twice(manifest: dict[str, Any]) -> bytes:
    return canonical(manifest).replace(b'"format":1', b'"format":1,"format":1')


def _float_size(manifest: dict[str, Any]) -> bytes:
    return canonical(manifest).replace(b'"bytes":3', b'"bytes":3.0', 1)


def _upper(manifest: dict[str, Any]) -> bytes:
    manifest["files"]["audit.json"]["sha256"] = manifest["files"]["audit.json"]["sha256"].upper()
    return canonical(manifest)


@pytest.mark.parametrize(
    "respell",
    [
        lambda manifest: json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n",
        lambda manifest: canonical(manifest)[:-1],
        lambda manifest: b"\xef\xbb\xbf" + canonical(manifest),
        lambda manifest: canonical(manifest | {"made_on": "2026-09-01"}),
        lambda manifest: canonical(manifest | {"format": 2}),
        lambda manifest: canonical(manifest | {"format": True}),
        _reversed_files,
        _twice,
        _float_size,
        _upper,
    ],
    ids=["pretty", "no newline", "marked", "more", "format 2", "format true", "order", "twice", "float", "upper case"],
)
def test_a_manifest_spelled_otherwise(folder: Path, respell: Callable[[dict[str, Any]], bytes]) -> None:
    """A manifest that says the same in other bytes, or says more, is refused, though it be signed."""
    manifest = respell(json.loads((folder / MANIFEST).read_bytes()))
    (folder / MANIFEST).write_bytes(manifest)
    (folder / SIGNATURE).write_bytes(sign(digest(manifest), KEY))
    refused(folder, MANIFEST)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("contract.toml", b"name = 1", "not of this format"),
        ("contract.toml", b"\xff", "not of this format"),
        ("model.json", b"{}", "not of this format"),
        ("model.json", b'{"format":1,"estimators":[]}', "one part for each landmark and outcome"),
        ("calibration.json", b'{"format":1,"calibrations":[]}', "not of this format"),
        (
            "calibration.json",
            b'{"format":1,"calibrations":[],"intervals":[]}',
            "one part for each landmark and outcome",
        ),
        ("bands.json", b"{}", "not of this format"),
        ("golden.jsonl", b"", "golden.jsonl holds no case"),
        ("golden.jsonl", b"{}\n", "golden.jsonl does not hold golden cases"),
    ],
)
def test_contents_that_do_not_fit(
    small_bundle: dict[str, bytes], tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    """Files that have their digests, and do not make a Scorer that reproduces its golden cases, are refused."""
    refused(write(tmp_path / "bundle", small_bundle | {name: data}), said)


def test_another_model(small_bundle: dict[str, bytes], tmp_path: Path) -> None:
    """A model that scores otherwise than the golden cases say is refused, though manifest and signature are its own."""
    model = small_bundle["model.json"].replace(b"0.25", b"0.26")
    assert model != small_bundle["model.json"]
    refused(
        write(tmp_path / "bundle", small_bundle | {"model.json": model}), "golden case seen at 365 is not reproduced"
    )


def test_an_extra_listed_file(small_bundle: dict[str, bytes], tmp_path: Path) -> None:
    """A file more, listed in the manifest, is a part of the bundle."""
    bundle = load_bundle(write(tmp_path / "bundle", small_bundle | {"card.md": b"# Card\n"}))
    assert bundle.files["card.md"] == b"# Card\n"


@pytest.mark.parametrize(("files", "size"), [(MOST_FILES, 0), (MOST_BYTES // MAX_BYTES + 1, MAX_BYTES)])
def test_a_huge_folder(folder: Path, files: int, size: int) -> None:
    """A folder of more files, or of more bytes in all, than any bundle has is refused before one of them is read."""
    for number in range(files):
        with (folder / f"more-{number}").open("wb") as file:
            file.truncate(size)
    with pytest.raises(IntegrityError, match="larger than any bundle"):
        load_bundle(folder)
