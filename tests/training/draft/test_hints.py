"""The list of what names suggest is data that can be read, and says of each name what the first fitting line says."""

import pytest

from training.draft.hints import hint_of, shipped_hints


@pytest.mark.parametrize(
    ("name", "says", "characteristic"),
    [
        ("DOB", "born", None),
        ("child_nhs_number", "identifier", None),
        ("updated_on", "known", None),
        ("episode_end_date", "ended", None),
        ("household_id", "family", None),
        ("school_urn", "site", None),
        ("sampling_weight", "weight", None),
        ("weight", None, None),
        ("birth_weight", "birth", None),
        ("gender", "code", "sex"),
        ("ethnic_origin", None, "ethnicity"),
        ("first_language", None, "language"),
        ("religion", None, "religion"),
        ("disability_flag", None, "disability"),
        ("sen_support", None, "sen"),
        ("ehcp_date", None, "sen"),
        ("sentence", None, None),
        ("essex", None, None),
        ("total", None, None),
    ],
)
def test_names(name: str, says: str | None, characteristic: str | None) -> None:
    """A name suggests what people mean by it, and one that only resembles it suggests nothing."""
    assert (hint_of(name).says, hint_of(name).characteristic) == (says, characteristic)


def test_each_line_can_be_reached() -> None:
    """No two lines of the list have one pattern, and every outcome is made of columns."""
    patterns = [hint.like for hint in shipped_hints().hints]
    assert len(patterns) == len(set(patterns))
    assert all(outcome.columns for outcome in shipped_hints().outcomes)
