"""What no audit of records can see, in the words of the contract."""

import json
from typing import Any

import pytest

from fairness.pack.reading import Reading, read
from fairness.pack.sections.judgement import cannot_be_seen, shortly

_CONTRACT = """
[[source]]
name = "visits"
agency = "{agency}"
[[source]]
name = "births"
agency = "Maternity"
[[outcome]]
name = "late"
source = "visits"
"""


def _reading(audit: dict[str, Any], agency: str) -> Reading:
    contract = _CONTRACT.format(agency=agency).encode() if agency else None
    return read({"audit.json": json.dumps(audit).encode()} | ({} if contract is None else {"contract.toml": contract}))


@pytest.mark.parametrize(
    ("agency", "whose"),
    [
        ("Schools", "The outcome is a teacher's judgement, of children up to twelve months apart in age."),
        ("Well-baby clinic", "The outcome is people's judgement, recorded by: Well-baby clinic."),
        ("", "The outcome is people's judgement. An early years profile is a teacher's, of children up to twelve"),
    ],
)
def test_a_judgement_is_told_as_whose_it_is(audit: dict[str, Any], agency: str, whose: str) -> None:
    """A school's outcome is a teacher's judgement; of another agency's, no teacher is spoken of."""
    reading = _reading(audit, agency)
    full = " ".join(cannot_be_seen(reading))
    for said in (shortly(reading), full):
        assert whose in said
        assert ("teacher" in said) == (agency != "Well-baby clinic")
    assert "Every verdict here can then read “within the agreed margin”." in full
    assert "Ask how the judgements were made and moderated." in full
