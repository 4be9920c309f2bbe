"""The check of a card: a figure that is not its source's, a number without a source, a source that is not there."""

import re
from collections.abc import Mapping

import pytest

from models.documents.artefacts import Artefacts
from models.documents.check_card import check_card
from models.errors import IntegrityError

Files = Mapping[str, bytes]
ARTEFACTS = Artefacts({"evaluation.json": b'{"auc":{"value":0.7125,"low":0.61,"high":0.81},"n":1200,"none":null}'})
SAID = "# Card\n\nAUC 0.713 (0.610 to 0.810) [1] of 1,200 [2] children, with 95 % intervals.\n"
LISTED = "1. `evaluation.json#/auc` to three places, with its interval\n2. `evaluation.json#/n` as a count\n"


def _check(said: str, listed: str = LISTED) -> None:
    check_card(f"{said}\n## Sources\n\n{listed}".encode(), ARTEFACTS)


def test_a_good_card() -> None:
    """Figures that are their sources', the level of intervals, and a source used twice are all right."""
    _check(SAID)
    _check(f"{SAID}\nAgain 1,200 [2].\n")


@pytest.mark.parametrize(
    ("now", "was", "why"),
    [
        ("0.714", "0.713", r"does not say what stands at evaluation\.json#/auc"),
        ("0.811", "0.810", r"does not say what stands at evaluation\.json#/auc"),
        ("1,201", "1,200", r"does not say what stands at evaluation\.json#/n"),
        ("41,200", "1,200", r"does not say what stands at evaluation\.json#/n"),
        ("-0.713", "0.713", r"does not say what stands at evaluation\.json#/auc"),
        ("0.713 (0.610 to 0.810) [2]", "0.713 (0.610 to 0.810) [1]", r"does not say what stands at evaluation\.json#/n"),
        ("1,200 [3]", "1,200 [2]", "line 3: there is no source 3"),
        ("1,200", "1,200 [2]", "line 3: a number has no source"),
        ("1,200 [2] or 7", "1,200 [2]", "line 3: a number has no source"),
        ("90 %", "95 %", "line 3: a number has no source"),
        ("# Card 2", "# Card", "line 1: a number has no source"),
        (" children", ", of 1,200 [2] children", None),
    ],
)  # fmt: skip
def test_a_figure_is_changed(now: str, was: str, why: str | None) -> None:
    """Any figure that is not its source's, or has none, is refused with the source or the line."""
    said = SAID.replace(was, now) if why else SAID.replace(" of 1,200 [2]", "")
    with pytest.raises(IntegrityError, match=why or r"source 2 is not used"):
        _check(said)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (LISTED.replace("#/n", "#/m"), r"evaluation\.json#/m leads nowhere"),
        (LISTED.replace("#/n", "#/none"), r"evaluation\.json#/none leads nowhere"),
        (LISTED.replace("evaluation.json#/n", "other.json#/n"), r"other\.json#/n leads nowhere"),
        (LISTED.replace("as a count", "as it likes"), 'told "as it likes"'),
        (LISTED.replace("as a count", "to two places, with its interval"), "told"),
        (LISTED.replace("2. ", "3. "), "source 2 cannot be read"),
        (LISTED + "and more\n", "source 3 cannot be read"),
    ],
)
def test_a_source_is_changed(now: str, why: str) -> None:
    """A source that leads nowhere, or cannot be read or told, is refused."""
    with pytest.raises(IntegrityError, match=why):
        _check(SAID, now)


@pytest.mark.parametrize("data", [b"\xff", b"# Card\n", b""])
def test_no_card(data: bytes) -> None:
    """What is no text, or names no sources, is no card."""
    with pytest.raises(IntegrityError, match=r"card\.md"):
        check_card(data, ARTEFACTS)


def test_every_figure_of_a_real_card(written: Files) -> None:
    """In the card of a learned bundle no digit can be another without its being refused."""
    artefacts = Artefacts({name: data for name, data in written.items() if name != "card.md"})
    card = written["card.md"].decode()
    digits = [found.start() for found in re.finditer(r"\d", card.partition("\n## Sources\n")[0])]
    for at in digits[:: max(1, len(digits) // 40)]:
        other = card[:at] + str((int(card[at]) + 1) % 10) + card[at + 1 :]
        with pytest.raises(IntegrityError, match=r"card\.md"):
            check_card(other.encode(), artefacts)
