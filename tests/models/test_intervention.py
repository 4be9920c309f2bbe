"""Help as a contract declares it: what its handling means for who is learned from."""

import pytest

from models.intervention import Handling, Intervention


@pytest.mark.parametrize(("handling", "learned"), [("report", True), ("stratum", False), ("exclusion", False)])
def test_who_is_learned_from(handling: Handling, learned: bool) -> None:  # noqa: FBT001 (a case, not an option)
    """Only where help is merely reported are those who had it learned from."""
    declared = Intervention(name="visits", label="Visits", source="hub", handling=handling, reason="Few have them.")
    assert declared.learned_from is learned
    assert declared.where == ()
