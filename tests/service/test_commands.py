"""The commands of the door, run as processes: what they print, and how they end."""

import json
import shutil
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.small_bundle import write_bundle
from models.bundle import MANIFEST, SIGNATURE, Bundle, manifest_of
from models.signature import key_id, load_key, sign

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]


@pytest.fixture
def broken(tmp_path: Path, small_bundle: Path) -> Path:
    """A bundle in which one byte was flipped."""
    folder = shutil.copytree(small_bundle, tmp_path / "broken")
    model = bytearray((folder / "model.json").read_bytes())
    model[-3] ^= 1
    (folder / "model.json").write_bytes(model)
    return folder


def _assert_refused(done: Done, status: int, why: str) -> None:
    """That status, nothing printed, and one line of error that says why."""
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (status, "")
    assert why in line


def test_verify(earlyid: Command, small_bundle: Path, bundle: Bundle) -> None:
    """A good bundle is told with its id, its files, its golden cases, its documents and that it is unsigned."""
    done = earlyid("verify", small_bundle)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        bundle.id,
        "15 files have their digests",
        "4 golden cases are reproduced",
        "the model card and the TRIPOD+AI table say what the other files say",
        "unsigned",
    ]


def test_verify_for_programs(
    earlyid: Command, tmp_path: Path, small_bundle: Path, bundle: Bundle, signing_key: Ed25519PrivateKey
) -> None:
    """A summary for programs tells the same; a signature is told with its key, as that of nobody known."""
    signed = shutil.copytree(small_bundle, tmp_path / "signed")
    (signed / SIGNATURE).write_bytes(sign(bundle.id, signing_key))
    done = earlyid("verify", signed, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "bundle": bundle.id,
        "files": 15,
        "golden_cases": 4,
        "signature": f"signer unknown (key id {key_id(signing_key.public_key())})",
    }


def test_verify_a_broken_bundle(earlyid: Command, broken: Path, tmp_path: Path) -> None:
    """A broken bundle, or none, ends with 5 and one line."""
    _assert_refused(earlyid("verify", broken), 5, "model.json was altered")
    _assert_refused(earlyid("verify", tmp_path / "none"), 5, "there is no such bundle folder")


@pytest.mark.parametrize(
    ("name", "was", "now", "why"),
    [
        ("evaluation.json", b"{}", b'{"evaluations":[]}', "evaluation.json"),
        (
            "calibration.json",
            b'"n":',
            b'"n":9',
            "card.md does not say what stands at calibration.json#/calibrations/0/n",
        ),
        ("card.md", b"It decides nothing.", b"It decides 1 thing.", "card.md, line 3: a number has no source"),
    ],
)
def test_verify_documents(
    earlyid: Command, tmp_path: Path, small_bundle: Path, name: str, was: bytes, now: bytes, why: str
) -> None:
    """With digests that fit again, a card that does not say what the other files say is refused with the place."""
    folder = shutil.copytree(small_bundle, tmp_path / "other")
    (folder / name).write_bytes((folder / name).read_bytes().replace(was, now, 1))
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MANIFEST}
    (folder / MANIFEST).write_bytes(manifest_of(files))
    _assert_refused(earlyid("verify", folder), 5, why)


def test_serve_a_broken_bundle(earlyid: Command, broken: Path) -> None:
    """A broken bundle is refused before any address is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _assert_refused(
            earlyid("serve", "--bundle", broken, "--port", taken.getsockname()[1]), 5, "model.json was altered"
        )


def test_serve_an_expired_gateway(earlyid: Command, tmp_path: Path, borough_text: str) -> None:
    """A bundle with a lawful gateway that has expired ends with 3 and one line that names the source."""
    expired = write_bundle(tmp_path / "expired", borough_text)
    _assert_refused(earlyid("serve", "--bundle", expired, "--port", "0"), 3, "Family hub session (2020-01-01)")


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org"])  # noqa: S104 - refused, that is the point
def test_evaluate_elsewhere(earlyid: Command, small_bundle: Path, host: str) -> None:
    """A bundle is evaluated on this machine only: any other host ends with 3 and one line."""
    done = earlyid("serve", "--bundle", small_bundle, "--host", host)
    _assert_refused(done, 3, "a bundle is evaluated on this machine only")


def test_serve_on_a_taken_port(earlyid: Command, small_bundle: Path, tmp_path: Path) -> None:
    """A port that is taken ends with 2 and one line that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = earlyid("serve", "--bundle", small_bundle, "--port", port, "--home", tmp_path)
    _assert_refused(done, 2, "choose another with --port")


@pytest.mark.parametrize(
    "words",
    [["verify"], ["verify", "a", "b"], ["keys", "new"], ["serve", "--port", "x"], ["verify", "--secret"]],
)
def test_usage(earlyid: Command, words: list[str]) -> None:
    """A wrong use ends with 2, and with words about it instead of a traceback."""
    done = earlyid(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Usage: earlyid {words[0]}")


def test_new_key(earlyid: Command, tmp_path: Path) -> None:
    """A new key is the owner's alone, is never written over, and its public part and its id are told apart."""
    path = tmp_path / "key"
    done = earlyid("keys", "new", path)
    public = load_key(path).public_key()
    assert done.returncode == 0
    assert done.stdout == f"public {public.public_bytes_raw().hex()}\nid     {key_id(public)}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    _assert_refused(earlyid("keys", "new", path), 3, "exists already")
