"""Derived columns: each kind, on one event."""

from collections.abc import Callable
from typing import Any

import pytest

from models.contract_reading import parse_contract
from models.derived import deriver
from models.record import Exact

Document = dict[str, Any]
BIRTH = {"name": "born", "type": "date", "roles": ["identifier"]}
COLUMNS: list[Document] = [
    BIRTH,
    {"name": "weight", "type": "number", "step": "0.25"},
    {"name": "asq_1", "type": "integer", "range": [0, 60]},
    {"name": "asq_2", "type": "integer", "range": [0, 60]},
    {"name": "code", "type": "code", "codes": {"A": "absent", "P": "present"}},
    {"name": "opened", "type": "date"},
    {"name": "closed", "type": "date"},
]
BELOW = {"name": "derived", "kind": "below", "column": "weight", "cut": 2.5}
COUNT = {"name": "derived", "kind": "count_equal", "columns": ["asq_*"], "values": [0, 5]}
CODES = {"name": "derived", "kind": "count_equal", "columns": ["code"], "values": ["absent"]}
LEAD = {"name": "derived", "kind": "difference", "column": "asq_1", "minus": "asq_2"}
DAYS = {"name": "derived", "kind": "days_between", "from": "opened", "to": "closed"}


@pytest.mark.parametrize(
    ("derived", "values", "expected"),
    [
        (BELOW, {"weight": 9}, 1),
        (BELOW, {"weight": 10}, 0),
        (BELOW, {"weight": None}, None),
        (BELOW, {}, None),
        (COUNT, {"asq_1": 0, "asq_2": 5}, 2),
        (COUNT, {"asq_1": 0, "asq_2": None}, 1),
        (COUNT, {"asq_1": 3, "asq_2": None}, 0),
        (COUNT, {"asq_1": None, "asq_2": None}, None),
        (CODES, {"code": "absent"}, 1),
        (CODES, {"code": "present"}, 0),
        (CODES, {"code": None}, None),
        (LEAD, {"asq_1": 3, "asq_2": 10}, -7),
        (LEAD, {"asq_1": 3, "asq_2": None}, None),
        (LEAD, {"asq_2": 3}, None),
        (DAYS, {"opened": 100, "closed": 130}, 30),
        (DAYS, {"opened": 130, "closed": 100}, -30),
        (DAYS, {"opened": 100}, None),
    ],
)
def test_derived(
    as_toml: Callable[[Document], str],
    one_source: Callable[..., Document],
    derived: Document,
    values: dict[str, Exact],
    expected: Exact,
) -> None:
    """A derived column is what its kind says of one event, and not known where it cannot say."""
    document = one_source(COLUMNS, derived=[derived]) | {"birth": {"source": "visits", "column": "born"}}
    source = parse_contract(as_toml(document)).source("visits")
    assert deriver(source, source.derived[0])(values) == expected
