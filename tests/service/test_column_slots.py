"""What a caller is told a column may hold."""

import pytest

from models.source import Column
from service.column_slots import column_slot


@pytest.mark.parametrize(("codes", "rule"), [(["24", "27"], "one of 24, 27, as text"), (["ECO", "Y"], "one of ECO, Y")])
def test_codes_that_look_like_numbers(codes: list[str], rule: str) -> None:
    """Codes that a caller could send as numbers are said to be texts, since a number is refused; others need no such word."""
    column = Column.model_validate({"name": "interval", "type": "code", "codes": codes, "roles": ["feature"]})
    assert column_slot(column).rule == rule
