"""The command that shows a model, run as a process: what it writes, and how it ends."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.small_bundle import bundle_files
from models.bundle import MANIFEST, SIGNATURE, load_bundle, manifest_of
from models.signature import key_id, sign
from service.model_sheet.sheet import sheet

ROOT = Path(__file__).parents[2]
LEARNERS = {"duckdb", "fairlearn", "lightgbm", "mlflow", "pandas", "pyarrow", "scipy", "sklearn", "sqlglot"}
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, borough_text: str) -> Path:
    """The folder of a bundle of the borough, with nothing in its refits."""
    folder = tmp_path_factory.mktemp("shown") / "bundle"
    folder.mkdir()
    files = bundle_files(borough_text) | {"refits.json": b'{"format":1,"refits":[]}\n'}
    for name, data in (files | {MANIFEST: manifest_of(files)}).items():
        (folder / name).write_bytes(data)
    return folder


def test_show(earlyid: Command, folder: Path, tmp_path: Path) -> None:
    """The page is written, its path is printed, and it is the same in every process; written again, it is left as it is."""
    out = tmp_path / "page.html"
    for _ in range(2):
        done = earlyid("model", "show", folder, "--out", out)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{out}\n", "")
    assert out.read_text(encoding="utf-8") == sheet(load_bundle(folder))
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_signature_is_told(folder: Path, tmp_path: Path, signing_key: Ed25519PrivateKey) -> None:
    """A signature is told with its key, as that of nobody known."""
    signed = shutil.copytree(folder, tmp_path / "signed")
    (signed / SIGNATURE).write_bytes(sign(load_bundle(folder).id, signing_key))
    page = sheet(load_bundle(signed))
    assert key_id(signing_key.public_key()) in page
    assert "whose it is was not checked" in page
    assert "It is unsigned" not in page


def test_another_file_is_kept(earlyid: Command, folder: Path, tmp_path: Path) -> None:
    """A file that is there already is not written over, and a folder that is not there is not made."""
    out = tmp_path / "contract.toml"
    out.write_text("mine", encoding="utf-8")
    done = earlyid("model", "show", folder, "--out", out)
    assert (done.returncode, done.stdout) == (3, "")
    assert "contract.toml is there already; name another file with --out" in done.stderr
    assert out.read_text(encoding="utf-8") == "mine"
    for place in (tmp_path, tmp_path / "absent" / "page.html"):
        done = earlyid("model", "show", folder, "--out", place)
        assert (done.returncode, done.stdout) == (3, "")
        assert "cannot be written there" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["contract.toml"]


def test_a_broken_bundle(earlyid: Command, folder: Path, tmp_path: Path) -> None:
    """A bundle in which a byte was flipped is not shown."""
    broken = shutil.copytree(folder, tmp_path / "broken")
    model = bytearray((broken / "model.json").read_bytes())
    model[-3] ^= 1
    (broken / "model.json").write_bytes(model)
    done = earlyid("model", "show", broken, "--out", tmp_path / "page.html")
    assert (done.returncode, done.stdout) == (5, "")
    assert "model.json was altered" in done.stderr
    assert not (tmp_path / "page.html").exists()


def test_no_learner() -> None:
    """To show a model no library of training is loaded, nor the training itself."""
    code = "import sys, service.model_commands; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert {"service", "models"} <= loaded
    assert loaded & {*LEARNERS, "training", "fairness"} == set()
