"""Of which cohorts a bundle was made."""

from typing import Any

import pytest

from training.made_of import cohorts_made_of
from training.plan import Plan

PLACE = {"landmark": "one_year", "outcome": "not_gld"}


def _made_of(procedure: dict[str, Any], plan: Plan, **recalibrated: Any) -> list[int] | None:
    evaluation = {
        "evaluations": [{**PLACE, "landmark": "birth", "procedure": {}}, {**PLACE, "procedure": procedure}],
        "recalibrated": {"heads": [{**PLACE, **recalibrated}]},
    }
    return cohorts_made_of(evaluation, *PLACE.values(), plan)


@pytest.mark.parametrize(
    ("procedure", "named", "expected"),
    [
        ({"kind": "time", "cohorts": [2013, 2014]}, None, [2013, 2014]),
        ({"kind": "time", "cohorts": [2013, 2014]}, (2012, 2013, 2014), [2013, 2014]),
        ({"kind": "time"}, (2013, 2014), [2013, 2014]),
        ({"kind": "folds"}, None, None),
    ],
)
def test_of_what_was_learned(
    procedure: dict[str, Any], named: tuple[int, ...] | None, expected: list[int] | None
) -> None:
    """They are those the evaluation tells of, or else those of the plan; without either nothing tells."""
    assert _made_of(procedure, Plan(cohorts=named)) == expected


@pytest.mark.parametrize(
    ("own", "learned_from", "expected"),
    [
        ([2019], [2013, 2014], [2013, 2014, 2019]),
        ([2014], [2013, 2014], [2013, 2014]),
        ([2019], None, None),
        ([], [2013], None),
    ],
)
def test_of_what_was_recalibrated(own: list[int], learned_from: list[int] | None, expected: list[int] | None) -> None:
    """They are those it was set on and those its terms were learned from; where one is not known, nothing tells."""
    assert (
        _made_of({"kind": "recalibrated", "cohorts": own}, Plan(cohorts=(2001,)), learned_from=learned_from) == expected
    )
