"""Derived columns: each kind, on one event."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contract_reading import parse_contract
from models.derived import deriver, exact_cuts
from models.exact import Step
from models.record import Exact

Document = dict[str, Any]
BIRTH = {"name": "born", "type": "date", "roles": ["identifier"]}
COLUMNS: list[Document] = [
    BIRTH,
    {"name": "weight", "type": "number", "step": "0.25"},
    {"name": "asq_1", "type": "integer", "range": [0, 60]},
    {"name": "asq_2", "type": "integer", "range": [0, 60]},
    {"name": "code", "type": "code", "codes": {"A": "absent", "P": "present"}},
    {"name": "interval", "type": "code", "codes": {"Q24": "24", "Q27": "27", "Q30": "30", "Q33": "33"}},
    {"name": "talk", "type": "number", "step": "0.5"},
    {"name": "walk", "type": "number", "step": "0.5"},
    {"name": "opened", "type": "date"},
    {"name": "closed", "type": "date"},
]
BELOW = {"name": "derived", "kind": "below", "column": "weight", "cut": 2.5}
COUNT = {"name": "derived", "kind": "count_equal", "columns": ["asq_*"], "values": [0, 5]}
CODES = {"name": "derived", "kind": "count_equal", "columns": ["code"], "values": ["absent"]}
LEAD = {"name": "derived", "kind": "difference", "column": "asq_1", "minus": "asq_2"}
# 25.17 and 38.07 lie between two totals that can be; no total is judged at 33, and walking at 24 only.
OWN_CUTS = {"talk": {"24": 25.17, "27": 24, "30": -0.3}, "walk": {"24": 38.07}}
BELOW_OWN = {"name": "derived", "kind": "count_below", "by": "interval", "cuts": OWN_CUTS}
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
        (BELOW_OWN, {"interval": "24", "talk": 50, "walk": 76}, 2),
        (BELOW_OWN, {"interval": "24", "talk": 50, "walk": 77}, 1),
        (BELOW_OWN, {"interval": "24", "talk": 51, "walk": 76}, 1),
        (BELOW_OWN, {"interval": "24", "talk": 51, "walk": 77}, 0),
        (BELOW_OWN, {"interval": "24", "talk": None, "walk": 0}, 1),
        (BELOW_OWN, {"interval": "24", "walk": 77}, 0),
        (BELOW_OWN, {"interval": "24", "talk": None, "walk": None}, None),
        (BELOW_OWN, {"interval": "24"}, None),
        (BELOW_OWN, {"interval": "27", "talk": 47, "walk": 0}, 1),
        (BELOW_OWN, {"interval": "27", "talk": 48, "walk": 0}, 0),
        (BELOW_OWN, {"interval": "27", "talk": None, "walk": 0}, None),
        (BELOW_OWN, {"interval": "30", "talk": -1}, 1),
        (BELOW_OWN, {"interval": "30", "talk": 0}, 0),
        (BELOW_OWN, {"interval": "33", "talk": 0, "walk": 0}, None),
        (BELOW_OWN, {"interval": None, "talk": 0, "walk": 0}, None),
        (BELOW_OWN, {"talk": 0, "walk": 0}, None),
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


@settings(derandomize=True, database=None, deadline=None)
@given(
    step=st.sampled_from(("1", "0.5", "0.25", "0.01", "5", "0.000001", "1000000")),
    cut=st.one_of(
        st.integers(-100, 100),
        st.floats(-1e3, 1e3),
        st.sampled_from((25.17, 33.30, -0.3, 1e-7, 5e-324, -5e-324, 1e30, -(2**60))),
    ),
    away=st.integers(-3, 3),
)
def test_cut_offs_off_the_step(
    as_toml: Callable[[Document], str], one_source: Callable[..., Document], step: str, cut: float, away: int
) -> None:
    """A number that a column can hold is below a cut-off as counted exactly where it is below the one the contract has written."""
    columns: list[Document] = [{"name": "kind", "type": "code", "codes": ["a"]}]
    columns.append({"name": "total", "type": "number", "step": step})
    derived = {"name": "derived", "kind": "count_below", "by": "kind", "cuts": {"total": {"a": cut}}}
    source = parse_contract(as_toml(one_source(columns, derived=[derived]))).source("visits")
    (counted,) = exact_cuts(source, "total", {"a": cut}).values()
    most = Step.parse(step).max_units
    near = max(-most, min(most, int(Fraction(str(cut)) / Fraction(step)) + away))
    assert (near < counted) is (near * Fraction(step) < Fraction(str(cut)))
    assert deriver(source, source.derived[0])({"kind": "a", "total": near}) == int(near < counted)
