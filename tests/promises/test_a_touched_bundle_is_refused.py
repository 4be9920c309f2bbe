"""
A bundle that was touched is refused: one flipped bit, one byte short, one file more or fewer, and nothing is scored.

It must be so because whoever can write into a folder could otherwise change whom a team calls, and nobody would see it.
"""

import json
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from models.bundle import MANIFEST, MAX_BYTES, SIGNATURE, load_bundle, manifest_of
from models.errors import IntegrityError
from training.findings import Run

FILES = (
    "audit.json",
    "bands.json",
    "calibration.json",
    "capacities.json",
    "card.md",
    "contract.toml",
    "evaluation.json",
    "gates.json",
    "golden.jsonl",
    MANIFEST,
    "model.json",
    "pack.html",
    "plan.toml",
    "policy.toml",
    "refits.json",
    SIGNATURE,
    "tripod.json",
)
POSITIONS = 60
# The lowest bit, the highest, the one that turns a letter's case, and all of them.
FLIPS = (0x01, 0x80, 0x20, 0xFF)
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bundle(borough_run: Run, tmp_path: Path) -> Path:
    """A copy of a signed bundle, to be touched."""
    return Path(shutil.copytree(borough_run.bundle, tmp_path / borough_run.bundle.name))


def _refused(bundle: Path) -> str:
    """Return the one line that the bundle is refused with."""
    with pytest.raises(IntegrityError) as refused:
        load_bundle(bundle)
    said = str(refused.value)
    assert said
    assert "\n" not in said
    return said


def _flip(path: Path, position: int, bits: int) -> None:
    """Flip bits of one byte of a file; the same flip again puts it right."""
    data = bytearray(path.read_bytes())
    data[position] ^= bits
    path.write_bytes(data)


def test_untouched(bundle: Path) -> None:
    """A copy that nobody touched is not refused, and is signed; these are all of its files."""
    assert load_bundle(bundle).signature is not None
    assert sorted(path.name for path in bundle.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_one_byte(bundle: Path, name: str) -> None:
    """Whichever byte of whichever file is flipped, manifest and signature too, the bundle is refused in one line."""
    path = bundle / name
    size = path.stat().st_size
    chance = random.Random(name)  # noqa: S311 (no secret)
    positions = [0, size - 1, *(chance.randrange(size) for _ in range(POSITIONS))]
    for position in positions:
        bits = chance.choice(FLIPS)
        _flip(path, position, bits)
        _refused(bundle)
        _flip(path, position, bits)
    load_bundle(bundle)


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE])
def test_every_byte_of_the_small_files(bundle: Path, name: str) -> None:
    """No byte of the manifest or of the signature can be flipped, in its lowest bit or in its case."""
    for position in range((bundle / name).stat().st_size):
        for bits in (0x01, 0x20):
            _flip(bundle / name, position, bits)
            _refused(bundle)
            _flip(bundle / name, position, bits)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0.0, 0.5, 1.0])
def test_a_file_cut_short(bundle: Path, name: str, kept: float) -> None:
    """A file that lost its last byte, its second half, or everything is refused."""
    data = (bundle / name).read_bytes()
    (bundle / name).write_bytes(data[: min(int(kept * len(data)), len(data) - 1)])
    _refused(bundle)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("more", [b"\n", b" ", b"\x00", b"{}"])
def test_a_file_made_longer(bundle: Path, name: str, more: bytes) -> None:
    """A file with anything after its end, a blank line even, is refused."""
    with (bundle / name).open("ab") as file:
        file.write(more)
    _refused(bundle)


@pytest.mark.parametrize("name", [name for name in FILES if name != SIGNATURE])
def test_a_file_taken_away(bundle: Path, name: str) -> None:
    """A file that is missing is refused; a missing signature only leaves the bundle unsigned."""
    (bundle / name).unlink()
    assert name in _refused(bundle)


def test_the_signature_taken_away(bundle: Path) -> None:
    """Without its signature a bundle is itself still, and says that it is unsigned."""
    (bundle / SIGNATURE).unlink()
    assert load_bundle(bundle).signature is None


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "model.json~", "card.md~", "golden.jsonl.orig"])
def test_a_file_more(bundle: Path, name: str) -> None:
    """A file that the manifest does not list is refused by name, hidden or not, empty or not."""
    (bundle / name).touch()
    assert name in _refused(bundle)


def test_a_folder_more(bundle: Path) -> None:
    """A folder is refused: a bundle holds files and nothing else."""
    (bundle / "extra").mkdir()
    assert "extra" in _refused(bundle)


@pytest.mark.parametrize("name", ["extra", "model.json"])
def test_a_link(bundle: Path, borough_run: Run, name: str) -> None:
    """A symbolic link is refused, be it one more file or in the place of one, with the very bytes behind it."""
    (bundle / name).unlink(missing_ok=True)
    (bundle / name).symlink_to(borough_run.bundle / "model.json")
    assert name in _refused(bundle)


def test_a_pipe(bundle: Path) -> None:
    """A named pipe in the place of a file is refused, and nobody waits for it."""
    (bundle / "plan.toml").unlink()
    os.mkfifo(bundle / "plan.toml")
    assert "plan.toml" in _refused(bundle)


def test_a_file_that_would_fill_the_memory(bundle: Path) -> None:
    """A file larger than any of a bundle is refused before it is read."""
    with (bundle / "model.json").open("ab") as file:
        file.truncate(MAX_BYTES + 1)
    assert "model.json" in _refused(bundle)


def test_files_that_change_places(bundle: Path) -> None:
    """Two files that were swapped are refused: a digest belongs to a name."""
    (bundle / "audit.json").rename(bundle / "aside")
    (bundle / "evaluation.json").rename(bundle / "audit.json")
    (bundle / "aside").rename(bundle / "evaluation.json")
    _refused(bundle)


def test_the_signature_of_another_bundle(bundle: Path, borough_run: Run) -> None:
    """A signature that is good for another bundle is refused."""
    files = {path.name: path.read_bytes() for path in borough_run.bundle.iterdir()}
    files["plan.toml"] += b"# another plan\n"
    manifest = manifest_of({name: data for name, data in files.items() if name not in {MANIFEST, SIGNATURE}})
    (bundle / "plan.toml").write_bytes(files["plan.toml"])
    (bundle / MANIFEST).write_bytes(manifest)
    assert "signature" in _refused(bundle)


def _rename_a_feature(bundle: Path) -> None:
    path = bundle / "contract.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count('name = "hub_minutes"') == 1
    path.write_text(text.replace('name = "hub_minutes"', 'name = "hub_moments"'), encoding="utf-8")


def _digest_again(bundle: Path) -> None:
    """Write the manifest that fits the files as they now are, and take the signature away: as a forger would."""
    (bundle / SIGNATURE).unlink(missing_ok=True)
    (bundle / MANIFEST).unlink()
    (bundle / MANIFEST).write_bytes(manifest_of({path.name: path.read_bytes() for path in bundle.iterdir()}))


def test_a_feature_renamed(bundle: Path) -> None:
    """A feature renamed inside the contract is refused by its digest."""
    _rename_a_feature(bundle)
    assert "contract.toml" in _refused(bundle)


def test_a_feature_renamed_and_digested_again(bundle: Path) -> None:
    """With digests that fit again, the estimator still does not take the contract's features: refused."""
    _rename_a_feature(bundle)
    _digest_again(bundle)
    assert "features" in _refused(bundle)


def test_another_number_digested_again(bundle: Path) -> None:
    """With digests that fit again, a model with one number changed does not reproduce the golden cases: refused."""
    path = bundle / "model.json"
    model = json.loads(path.read_bytes())
    model["estimators"][0]["intercept"] += 1e-6
    path.write_text(json.dumps(model), encoding="utf-8")
    _digest_again(bundle)
    assert "golden case" in _refused(bundle)


def test_another_key(bundle: Path) -> None:
    """A signature whose key id is not that of its key is refused, though it may sign the bundle."""
    path = bundle / SIGNATURE
    signature = json.loads(path.read_bytes())
    signature["key_id"] = signature["key_id"][::-1]
    path.write_text(json.dumps(signature, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8")
    assert SIGNATURE in _refused(bundle)


# The same through the command: one line, exit 5, and the door stays shut.


def _flip_the_middle(bundle: Path) -> None:
    path = bundle / "golden.jsonl"
    _flip(path, path.stat().st_size // 2, 0x01)


def _renamed_and_digested(bundle: Path) -> None:
    _rename_a_feature(bundle)
    _digest_again(bundle)


TOUCHED: dict[str, Callable[[Path], object]] = {
    "flipped": _flip_the_middle,
    "cut short": lambda bundle: os.truncate(bundle / "model.json", 100),
    "one more": lambda bundle: (bundle / "notes.txt").touch(),
    "one fewer": lambda bundle: (bundle / "audit.json").unlink(),
    "renamed": _renamed_and_digested,
    "gone": shutil.rmtree,
}


@pytest.mark.parametrize("touch", TOUCHED.values(), ids=TOUCHED.keys())
def test_verify(bundle: Path, earlyid: Command, touch: Callable[[Path], object]) -> None:
    """`earlyid verify` exits 5, says why in exactly one line, and prints nothing else."""
    touch(bundle)
    done = earlyid("verify", bundle)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (5, "", 1), done.stderr


@pytest.mark.parametrize("touch", [TOUCHED["flipped"], TOUCHED["renamed"]], ids=["flipped", "renamed"])
def test_serve(bundle: Path, earlyid: Command, touch: Callable[[Path], object]) -> None:
    """`earlyid serve` exits 5 before it asks for a port: that the port is taken, it never finds out."""
    touch(bundle)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = earlyid("serve", "--bundle", bundle, "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (5, "", 1), done.stderr
