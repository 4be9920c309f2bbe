"""The authority file: whole, in plain words, and told in every answer as it was written."""

import datetime
import json
from pathlib import Path

import pytest

from service.answers.authority import NOBODY, Authority, AuthorityError, read_authority

TEXT = """
format = 1
controller = "Borough Council"
owner = "Director of children's services, senior information risk owner"
enquiries = "early.help@borough.example"
data_protection_contact = "dpo@borough.example"
decision_maker = "the early help practitioner"
own_view_first = true
privacy_notice = "https://borough.example/privacy"
challenge = "https://borough.example/challenge"
human_contact = "0300 000 0000"
how_to_object = "Write to us, or tell any practitioner."
dpia = "DPIA 12"
eqia = "EqIA 7"
review_due = 2027-09-01
"""


def _read(folder: Path, text: str) -> Authority:
    path = folder / "authority.toml"
    path.write_text(text, encoding="utf-8")
    return read_authority(path)


def test_reading(tmp_path: Path) -> None:
    """A whole file is read; a transparency record may be left out."""
    found = _read(tmp_path, TEXT)
    assert (found.controller, found.own_view_first, found.atrs) == ("Borough Council", True, None)
    assert found.review_due == datetime.date(2027, 9, 1)


def test_the_example() -> None:
    """The example that authorities copy is whole, and leaves nothing out."""
    found = read_authority(Path(__file__).parents[3] / "examples" / "authority.toml")
    assert None not in found.model_dump().values()


def test_every_problem_at_once(tmp_path: Path) -> None:
    """Whatever is missing, misspelled, empty or blames people is named at once, each with its remedy."""
    text = TEXT.replace("enquiries = ", "enquires = ", 1).replace('eqia = "EqIA 7"\n', "").replace("DPIA 12", " ")
    with pytest.raises(AuthorityError) as refused:
        _read(tmp_path, text.replace("Write to us", "Tell us if you are a problem family, and write to us"))
    assert {problem.place for problem in refused.value.problems} == {
        "enquiries",
        "enquires",
        "eqia",
        "dpia",
        "how_to_object",
    }


@pytest.mark.parametrize("text", ["format = ", "\x00"])
def test_no_toml(tmp_path: Path, text: str) -> None:
    """What is no TOML is refused in a line; so is a file that is not there."""
    with pytest.raises(AuthorityError, match="not TOML"):
        _read(tmp_path, text)
    with pytest.raises(AuthorityError, match="no such authority file"):
        read_authority(tmp_path / "absent.toml")


def test_what_is_not_known_is_null() -> None:
    """Where there is no authority every word of it is null, but that a person decides."""
    said = NOBODY.fragments
    assert json.loads(said.human_review) == {
        "required": True,
        "must_not_be_sole_basis": True,
        "decision_maker": None,
        "own_view_first": None,
    }
    assert set(json.loads(said.responsibility).values()) == set(json.loads(said.rights).values()) == {None}
    assert said.review_due == b"null"
