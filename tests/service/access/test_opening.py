"""Which settings of tokens can be used: all of them or none, and keys only from where they can be trusted."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput
from service.access.opening import open_access, trust_of
from service.access.tokens import TokenTrust
from service.record.references import References

GOOD = ("https://issuer.example", "https://scores.example", "https://issuer.example/keys")
PERSON = References(b"a key of tests").person


def test_settings() -> None:
    """All three settings of tokens are given, or none of them."""
    assert trust_of(*GOOD) == TokenTrust(*GOOD)
    assert trust_of(None, None, None) is None
    assert trust_of("", "", "") is None
    for left_out in range(3):
        given = [value if place != left_out else None for place, value in enumerate(GOOD)]
        with pytest.raises(BadInput, match="EARLYID_TOKEN_ISSUER, EARLYID_TOKEN_AUDIENCE and EARLYID_TOKEN_KEYS"):
            trust_of(*given)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("http://issuer.example/keys", "must come by https"),
        ("nowhere/issuer.json", "there is no such file of the issuer's keys"),
    ],
)
def test_where_keys_are(clients_file: Path, keys_file: Path, clock: Any, keys: str, why: str) -> None:
    """Keys that could be changed on their way, or are not there, stop the service from opening."""
    with pytest.raises(BadInput, match=why):
        open_access(clients_file, keys_file, TokenTrust(*GOOD[:2], keys), clocks=clock.clocks, person=PERSON)


def test_an_issuer_that_is_down(clients_file: Path, keys_file: Path, clock: Any) -> None:
    """An issuer that does not answer does not stop the service from opening: it is asked when a token comes."""
    assert open_access(
        clients_file, keys_file, TokenTrust(*GOOD[:2], "http://127.0.0.1:9/keys"), clocks=clock.clocks, person=PERSON
    )


def test_tokens_alone(clients_file: Path, keys_file: Path, tmp_path: Path, clock: Any, issuer: Any) -> None:
    """No API key is needed where a client has tokens, and none could be known where no client does."""
    (tmp_path / "issuer.json").write_text(json.dumps(issuer.key_set), encoding="utf-8")
    trust = TokenTrust(*GOOD[:2], str(tmp_path / "issuer.json"))
    assert open_access(clients_file, keys_file, trust, clocks=clock.clocks, person=PERSON)
    text = clients_file.read_text(encoding="utf-8").replace('token_client = "case-system"', "")
    clients_file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="no client could be known"):
        open_access(clients_file, keys_file, trust, clocks=clock.clocks, person=PERSON)
