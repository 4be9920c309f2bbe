"""The Makefile, run for real, and the locks and the option that it and `.ci/run` stand on."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-serve.lock", "requirements-spark.lock")


def make(*words: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run make in the repository on a machine that has only the programs in `path`."""
    program = shutil.which("make")
    assert program
    return subprocess.run(
        [program, "-C", str(ROOT), *words],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def put(program: Path, script: str) -> None:
    """Put an executable shell script in place."""
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def put_python(folder: Path, but: str = "pass") -> None:
    """Put a `python3` in `folder` that runs `-c` code in this Python, after the statement `but`."""
    put(
        folder / "python3",
        f"exec '{sys.executable}' -c 'import sys; {but}; exec(sys.argv[1])' \"$2\"",
    )


def assert_refused(done: subprocess.CompletedProcess[str], remedy: str) -> None:
    """Exit status 2, and one line (beside make's own) that holds the remedy."""
    said = [line for line in done.stderr.splitlines() if not line.startswith("make: ")]
    assert done.returncode == 2
    assert len(said) == 1, said
    assert remedy in said[0]


def test_no_python(tmp_path: Path) -> None:
    """A machine without python3 is told which packages to install."""
    assert_refused(make("prerequisites", path=tmp_path), "apt-get install python3 python3-venv")


def test_old_python(tmp_path: Path) -> None:
    """A machine whose python3 is too old is told how to name a newer one."""
    put_python(tmp_path, but='sys.version_info = (3, 9, 2, "final", 0)')
    assert_refused(make("prerequisites", path=tmp_path), "make PY=python3.12")


def test_no_venv(tmp_path: Path) -> None:
    """A machine whose python3 lacks ensurepip, as on Debian, is told which package to install."""
    put_python(tmp_path, but='sys.modules["ensurepip"] = None')
    assert_refused(make("prerequisites", path=tmp_path), "apt-get install python3-venv")


def test_no_git(tmp_path: Path) -> None:
    """A machine without git is told which package to install."""
    put_python(tmp_path)
    assert_refused(make("prerequisites", path=tmp_path), "apt-get install git")


def test_nothing_missing(tmp_path: Path) -> None:
    """A machine with all that is needed hears nothing about it."""
    put_python(tmp_path)
    put(tmp_path / "git", "exit 0")
    done = make("prerequisites", path=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("lock", LOCKS)
def test_no_host_in_lock(lock: str) -> None:
    """A lock names no host, so that it installs from whatever index a machine is given."""
    assert "://" not in (ROOT / lock).read_text()


def test_served_versions_are_the_tested_ones() -> None:
    """Every version in the serving lock is the one in the full lock, which the tests run on."""
    full, serve, _ = (set(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS)
    assert serve
    assert serve <= full


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(("options", "status"), [((), 0), (("--forbid-skips",), 1)])
def test_forbidden_skips(tmp_path: Path, workers: str, options: tuple[str, ...], status: int) -> None:
    """A skipped test or module fails exactly the runs that forbid skips, which print its reason."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_kept.py").write_text("def test_kept(): pass\n")
    skip = "import pytest\n{}pytest.skip('no {}'{})\n"
    (tmp_path / "test_one.py").write_text(skip.format("def test_one(): ", "java", ""))
    (tmp_path / "test_all.py").write_text(skip.format("", "browser", ", allow_module_level=True"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", workers, *options],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert all((f"no {what}" in done.stdout) == bool(status) for what in ("java", "browser"))
    assert re.search(r"1 passed, 2 skipped in ", done.stdout.splitlines()[-1])
