"""The matrix that is learned from, compared with records out of which all that became known later was taken."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from benchmarks.leaks import too_soon
from training.alarms.later_rows import cut_records, differing, later_rows
from training.plan import Plan


def test_what_is_learned_from_is_quiet(as_read: Any) -> None:
    """The features of every landmark stay the same, to the bit, without what became known later."""
    matrices = {name: cohort.matrix for name, cohort in as_read.cohorts.items()}
    assert [alarm.rings for alarm in later_rows(as_read.con, as_read.contract, matrices, Plan())] == [False]


def test_what_was_not_asked_of_linked_extracts(as_read: Any) -> None:
    """Of linked extracts nobody can ask for later days that the contract passes over, and the gate says so."""
    asked = [
        later_rows(as_read.con, as_read.contract, {}, Plan(), linked=linked)[0].threshold for linked in (True, False)
    ]
    assert ["not looked for" in each for each in asked] == [True, False]
    assert "no extract with later days that the contract passes over" in asked[1]


@pytest.mark.parametrize("landmark", ["one_year", "two_year"])
def test_facts_known_after_ring(as_read: Any, landmark: str) -> None:
    """Reviews taken as known on the day they happened, though they were recorded later, ring at every landmark."""
    wrong = too_soon(as_read.contract, "reviews", as_read.folder, as_read.contract.landmark(landmark))
    (alarm,) = later_rows(as_read.con, as_read.contract, {landmark: wrong}, Plan())
    assert (alarm.rings, alarm.code, alarm.place) == (True, "known_after_landmark", landmark)
    assert "first_problem_solving" in alarm.found
    assert "birthweight" not in alarm.found


def test_it_names_the_feature(as_read: Any) -> None:
    """One number that differs in one feature, of every child, names that feature and no other."""
    matrix = as_read.cohorts["one_year"].matrix
    numbers = matrix.numbers.copy()
    numbers[:, 2] = np.where(np.isnan(numbers[:, 2]), 1.0, np.nan)
    wrong = dataclasses.replace(matrix, numbers=numbers)
    assert differing(as_read.con, as_read.contract, wrong, Plan()) == (matrix.names[2],)


def test_cut_records_hold_nothing_known_later(as_read: Any) -> None:
    """No event and no span of coverage in a cut record became known after the age it was cut at."""
    children = as_read.cohorts["one_year"].matrix.children[:50].tolist()
    records = cut_records(as_read.con, as_read.contract, children, 365).values()
    known = [event.known for record in records for events in record.events.values() for event in events]
    known += [span.known for record in records for spans in record.coverage.values() for span in spans]
    assert len(known) > 100
    assert max(known) <= 365
