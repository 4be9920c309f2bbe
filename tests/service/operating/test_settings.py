"""The settings: each with a sentence, which the guide repeats."""

import re
from pathlib import Path

import pytest

from models.errors import BadInput
from service.operating.settings import PREFIX, Settings, known_names, read_settings

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "running.md"


def table() -> str:
    """Return the table of the settings as the guide has it."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {'' if field.default is None else f'`{field.default}`'} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | if left out | what it is |", "|---|---|---|", *rows])


def test_the_guide() -> None:
    """The table of the guide is that of the settings, sentence by sentence."""
    assert table() in GUIDE.read_text(encoding="utf-8")


def test_each_has_a_sentence() -> None:
    """Every setting says in a sentence what it is."""
    for name, field in Settings.model_fields.items():
        assert re.fullmatch(r"[A-Z].+\.", field.description or ""), name


def test_every_name_in_the_code_is_known() -> None:
    """No part of the program reads a variable that the settings would refuse."""
    code = [
        path.read_text(encoding="utf-8")
        for part in ("service", "training", "models")
        for path in (ROOT / part).rglob("*.py")
    ]
    read = set(re.findall(r"\bEARLYID_[A-Z_]+[A-Z]", "\n".join(code)))
    assert read <= known_names(), sorted(read - known_names())


def test_what_is_given_goes_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word on the command line goes before the environment, and an empty variable is as none."""
    monkeypatch.setenv("EARLYID_PORT", "8111")
    monkeypatch.setenv("EARLYID_HOST", "")
    settings = read_settings(port=8222, host=None)
    assert (settings.port, settings.host) == (8222, "127.0.0.1")
    assert read_settings().port == 8111


def test_no_address_is_not_every_address() -> None:
    """An empty word for the address to listen on is refused: it would be every address of the machine."""
    with pytest.raises(BadInput, match="EARLYID_HOST: string should have at least 1 character"):
        read_settings(host="")


def test_everything_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting that cannot be used is named at once, without what it was set to."""
    for name in ("PORT", "TRACES", "LOG_LEVEL"):
        monkeypatch.setenv(f"EARLYID_{name}", "canary")
    with pytest.raises(BadInput) as refused:
        read_settings()
    assert [problem.place for problem in refused.value.problems] == [
        "EARLYID_PORT",
        "EARLYID_LOG_LEVEL",
        "EARLYID_TRACES",
    ]
    assert "canary" not in str(refused.value)
