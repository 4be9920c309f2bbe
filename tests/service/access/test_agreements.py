"""The file of sharing agreements: every error is named at once, and nobody else may change it."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import BadInput
from service.access.agreements import read_agreements
from service.access.caller import Caller, check_purpose
from service.problems import NOT_THE_PURPOSE, Refused


def test_clients(clients_file: Path) -> None:
    """Clients are found by their name, and by what their tokens call them; whoever is known may read of the model."""
    found = read_agreements(clients_file)
    assert list(found.clients) == ["mosaic", "board"]
    assert found.of_tokens == {"case-system": found.clients["mosaic"]}
    assert found.clients["board"].allowed == {"operate", "model"}


def test_the_last_day(clients_file: Path) -> None:
    """An agreement holds to the end of the day on which it expires."""
    client = read_agreements(clients_file).clients["mosaic"]
    assert client.holds(datetime.date(2027, 3, 31))
    assert not client.holds(datetime.date(2027, 4, 1))


def test_every_error_at_once(tmp_path: Path) -> None:
    """All that is wrong is told in one go, with its place."""
    path = tmp_path / "clients.toml"
    path.write_text(
        '[[client]]\nname = "Mosaic"\nlabel = " "\nexpires = "soon"\npermissions = ["scoer"]\nper_minute = 0\nbrust = 1\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as refused:
        read_agreements(path)
    told = str(refused.value)
    assert told.startswith("clients.toml: 7 problems")
    for place in ("name", "label", "agreement", "expires", "permissions › 0", "per_minute", 'Did you mean "burst"?'):
        assert place in told


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('name = "board"', 'name = "mosaic"', "client › name: 2 clients have the same: mosaic"),
        ('name = "board"', 'name = "board"\ntoken_client = "case-system"', "client › token_client: 2 clients"),
        ('name = "board"', 'name = "evaluation"', "client › evaluation: the name of callers of an evaluation"),
        ('["early_help"]', "[]", "client › mosaic › purposes: it may ask for scores for no purpose"),
        ('["operate"]', '["correct"]', "client › board › purposes: it may ask for scores for no purpose"),
    ],
)
def test_what_cannot_be(clients_file: Path, before: str, after: str, why: str) -> None:
    """Two clients of one name, the name of an evaluation, and scores for no purpose are refused."""
    clients_file.write_text(clients_file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(BadInput, match=why):
        read_agreements(clients_file)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.chmod(0o664), "others can change clients.toml"),
        (lambda path: path.chmod(0o646), "others can change clients.toml"),
        (lambda path: path.write_bytes(b"\xff"), "clients.toml: not TOML"),
        (lambda path: path.unlink(), "clients.toml: there is no such clients file"),
    ],
)
def test_files(clients_file: Path, spoil: Callable[[Path], object], why: str) -> None:
    """A file that others can change, that is not TOML or not there is refused."""
    spoil(clients_file)
    with pytest.raises(BadInput, match=why):
        read_agreements(clients_file)


def test_purposes() -> None:
    """A purpose that is not in the agreement is refused, and not repeated; an evaluation has any."""
    caller = Caller("mosaic", frozenset({"score"}), frozenset({"early_help"}))
    check_purpose(caller, "early_help")
    with pytest.raises(Refused) as refused:
        check_purpose(caller, "canary")
    assert refused.value.kind is NOT_THE_PURPOSE
    assert "canary" not in str(refused.value)
    check_purpose(Caller("evaluation", frozenset(), None), "anything")
