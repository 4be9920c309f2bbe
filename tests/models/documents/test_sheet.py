"""A document as it is written: figures with their sources, and nothing told that is not there."""

from models.documents.artefacts import Artefacts, Pointer
from models.documents.sheet import Sheet, table

AT = Pointer("a.json")


def _sheet() -> Sheet:
    return Sheet(Artefacts({"a.json": b'{"n":1234,"none":{"value":null},"plain":"some words","counted":"5 words"}'}))


def test_each_source_has_one_number() -> None:
    """What is told twice in one form has one source, in another form another."""
    sheet = _sheet()
    assert [sheet.tell(AT / "n", form) for form in ("as a count", "to one place", "as a count")] == [
        "1,234 [1]",
        "1234.0 [2]",
        "1,234 [1]",
    ]
    assert list(sheet.sources()) == ["## Sources", "", "1. `a.json#/n` as a count", "2. `a.json#/n` to one place"]


def test_what_is_not_there() -> None:
    """What is not there, or has no value, is not known, and has no source."""
    sheet = _sheet()
    assert {
        sheet.tell(AT / "no"),
        sheet.tell(AT / "none", "to one place, with its interval"),
        sheet.quote(AT / "no"),
    } == {"not known"}
    assert list(sheet.sources()) == ["## Sources", ""]


def test_words() -> None:
    """Words have a source where there is a number in them."""
    sheet = _sheet()
    assert (sheet.quote(AT / "plain"), sheet.quote(AT / "counted")) == ("some words", "5 words [1]")


def test_table() -> None:
    """A table is a line of names, a rule, a line for each row, and an empty line."""
    assert list(table(("a", "b"), [("x", "y")])) == ["| a | b |", "| --- | --- |", "| x | y |", ""]
