"""`earlyid verify --trusted`: who signed a bundle, by name, or a refusal."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.small_bundle import bundle_files
from models.bundle_writing import write_bundle
from models.errors import IntegrityError, KeyFileError
from models.signature import load_key, new_key
from service.ledger.trusted import TrustedKeys, trusted_key, write_trusted
from service.verify_commands import main

Verify = Callable[..., None]
SINCE = datetime.date(2020, 1, 1)


@pytest.fixture
def verify(tmp_path: Path, borough_text: str) -> Verify:
    """Verify a small bundle, signed or not, with a file that trusts its key for that, to that day."""

    def run(may: str, until: datetime.date | None = None, *, signed: bool = True) -> None:
        new_key(tmp_path / "key")
        key = load_key(tmp_path / "key") if signed else None
        folder = write_bundle(tmp_path / "made", bundle_files(borough_text), key)
        trusted = trusted_key(str(tmp_path / "key"), "Tom Train, analyst", may, SINCE, until)  # type: ignore[arg-type]
        write_trusted(tmp_path / "trusted.json", TrustedKeys(keys=(trusted,)))
        main(["verify", str(folder), "--trusted", str(tmp_path / "trusted.json")])

    return run


def test_by_name(verify: Verify, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever signed is told by name."""
    with pytest.raises(SystemExit) as ended:
        verify("bundle")
    assert ended.value.code == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("signed by Tom Train, analyst (key id ")


@pytest.mark.parametrize(
    ("may", "until", "signed", "said"),
    [
        ("release", None, True, "not trusted for bundles"),
        ("bundle", datetime.date(2020, 6, 1), True, "not trusted for bundles"),
        ("bundle", None, False, "unsigned"),
    ],
)
def test_refused(verify: Verify, may: str, until: datetime.date | None, *, signed: bool, said: str) -> None:
    """A bundle that nobody signed who is trusted for bundles today is refused."""
    with pytest.raises(IntegrityError, match=said):
        verify(may, until, signed=signed)


def test_no_such_file(small_bundle: Path, tmp_path: Path) -> None:
    """A file of trusted keys that is not there is not a file that trusts nobody."""
    with pytest.raises(KeyFileError, match="no file absent"):
        main(["verify", str(small_bundle), "--trusted", str(tmp_path / "absent")])
