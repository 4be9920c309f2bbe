"""What docs/access.md shows works as it is shown, and leaves out no permission, setting or reason."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from service.access.agreements import read_agreements
from service.access.buckets import OwnBuckets, headers_of
from service.access.caller import PERMISSIONS
from service.access.commands import main
from service.access.refusals import Why
from service.access.token_keys import ALGORITHMS
from service.access.tokens import _said

PAGE = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")


def _shown(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return str(found)


@pytest.fixture
def shown_clients(tmp_path: Path) -> Path:
    """The file of clients that the page shows."""
    path = tmp_path / "clients.toml"
    path.write_text(_shown("toml"), encoding="utf-8")
    return path


def test_clients(shown_clients: Path) -> None:
    """The file of clients that is shown is one, and what it says may be left out is what it says."""
    shown = read_agreements(shown_clients).clients
    assert set(shown) == {"mosaic", "information-governance"}
    left_out = shown["information-governance"]
    assert (left_out.per_minute, left_out.burst) == (shown["mosaic"].per_minute, shown["mosaic"].burst)


def test_commands(shown_clients: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command that is shown runs, in that order."""
    home, id_ = str(shown_clients.parent), ""
    lines = [line.partition("#")[0].split() for line in _shown("sh").splitlines()]
    assert [words[:3] for words in lines] == [["earlyid", "access", "key"]] * 4
    for words in lines:
        with pytest.raises(SystemExit) as ended:
            main([id_ if word == "KEYID" else word for word in words[1:]] + ["--home", home])
        assert ended.value.code == 0
        id_ = id_ or capsys.readouterr().out.split("_")[1]


def test_claims() -> None:
    """The claims that are shown are those of an access token, and say what the page says of them."""
    claims = json.loads(_shown("json"))
    found = _said(claims)
    assert (found.client, found.subject, found.scopes) == ("case-system", "worker-7", {"score", "read"})
    assert claims.keys() >= {"iss", "aud", "exp", "iat"}


def test_headers(shown_clients: Path, clock: Any) -> None:
    """The headers that are shown are what the client that is shown gets at its first request."""
    client = read_agreements(shown_clients).clients["mosaic"]
    taken = asyncio.run(OwnBuckets(lambda: clock.steady).take(client))
    for name, value in headers_of(client, taken).items():
        assert f"{name}: {value}\n" in PAGE


@pytest.mark.parametrize(
    "words", [PERMISSIONS, get_args(Why), sorted(ALGORITHMS - {"EdDSA"})], ids=["permissions", "reasons", "algorithms"]
)
def test_nothing_is_left_out(words: tuple[str, ...]) -> None:
    """Every permission, every reason of a refusal and every algorithm stands on the page."""
    assert [word for word in words if word not in PAGE] == []
    assert {f"`{word}`" for word in PERMISSIONS} <= set(re.findall(r"`[a-z]+`", PAGE))
