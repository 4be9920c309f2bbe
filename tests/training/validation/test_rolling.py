"""Rolling test cohorts: who is added to an audit, by what they were judged, and what is said of it."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from models.capacities import CAPACITIES
from models.contract import Contract
from models.small_numbers import rounded
from training.cohort import CohortTable
from training.judging import judge, judge_by_folds
from training.plan import Plan
from training.plan_parts import GatesPlan, GlassBox
from training.scores import PLACE, scored_table
from training.snapshots import Matrix
from training.study import Study, study_of
from training.validation.rolling import Pooled, rolling_scored

YEARS, A_YEAR = range(2014, 2020), 500
FULL = Plan(
    evidence="full",
    seed=3,
    bootstrap=100,
    folds=3,
    inner_folds=2,
    repeats=2,
    glass_box=GlassBox(trees=20, pairs=2),
)


@pytest.fixture(scope="module")
def study(borough: Contract) -> Study:
    """Children of six cohorts, two or three of a family and often of two cohorts, of whom birthweight tells something."""
    chance, landmark, (outcome,) = np.random.default_rng(8), borough.landmark("two_year"), borough.outcomes
    names = tuple(feature.name for feature in borough.features_at(landmark))
    years = chance.permutation(np.repeat(np.array(YEARS), A_YEAR))
    x = np.round(chance.normal(size=(len(years), len(names))), 2)
    cohort = CohortTable(
        Matrix(landmark, np.array([f"child {i:05}" for i in range(len(years))]), names, x),
        {outcome.name: (chance.random(len(years)) < expit(-1 - x[:, names.index("birthweight")])).astype(float)},
        np.array([f"family {i}" for i in chance.integers(0, 1200, len(years))]),
        years,
        {"sex": chance.choice(["Boys", "Girls"], len(years))},
        np.ones(len(years)),
        {},
    )
    return study_of(borough, landmark, outcome, cohort, FULL)


@pytest.fixture(scope="module")
def pooled(study: Study) -> Pooled:
    """What the audit reads of them."""
    return _pooled(study)


def _pooled(study: Study, plan: Plan = FULL) -> Pooled:
    shipped = judge("logistic", study.task, study.rows, study.split, plan)
    return rolling_scored(study, "logistic", shipped, _scored(study, plan), plan)


def _scored(study: Study, plan: Plan = FULL) -> pd.DataFrame:
    held_out = judge("logistic", study.task, study.rows, study.split, plan).held_out
    return scored_table(study.cohort, study.outcome.name, study.known, held_out)


def _years(study: Study, rows: pd.DataFrame) -> list[int]:
    assert study.years is not None
    year_of = dict(zip(study.cohort.matrix.children[study.known].tolist(), study.years.tolist(), strict=True))
    return [year_of[child] for child in rows["child"]]


def _turned(study: Study, children: "pd.Series[str]") -> Study:
    """Return the study with the other outcome for every fourth of these children."""
    turned = np.isin(study.cohort.matrix.children[study.known], children.iloc[::4])
    outcome = study.outcome.name
    y = np.where(turned, 1 - study.rows.y, study.rows.y)
    cohort = dataclasses.replace(study.cohort, outcomes={outcome: y})
    return dataclasses.replace(study, cohort=cohort, rows=dataclasses.replace(study.rows, y=y))


def test_every_child_of_each_cohort_once(study: Study, pooled: Pooled) -> None:
    """Every child with an outcome, of the latest cohort and of each that at least half as many were before, stands there once."""
    assert not pooled.rows.duplicated("child").any()
    # What ships has learned from five cohorts; three stood before 2017.
    assert pd.Series(_years(study, pooled.rows)).value_counts().to_dict() == dict.fromkeys((2017, 2018, 2019), A_YEAR)


def test_what_ships_comes_first_and_as_it_is(study: Study, pooled: Pooled) -> None:
    """The rows that what ships was judged by are unchanged, lists and all; the halves that are added are numbered after them."""
    scored = _scored(study)
    pd.testing.assert_frame_equal(pooled.rows.iloc[: len(scored)], scored)
    assert (scored["fold"] == 0).all()
    years = pd.Series(_years(study, pooled.rows)).groupby(pooled.rows["fold"]).unique().map(list).to_dict()
    assert years == {0: [2019], 1: [2019], 2: [2018], 3: [2018], 4: [2017], 5: [2017]}


def test_families_of_a_cohort_are_whole(study: Study, pooled: Pooled) -> None:
    """No family has children of one cohort in both of its halves, of which one calibrates what judges the other."""
    of_family = pooled.rows.assign(year=_years(study, pooled.rows)).groupby(["year", "family"])
    assert of_family["fold"].nunique().max() == 1
    assert (of_family.size() > 1).any()


@pytest.mark.parametrize(("half", "moves"), [(0, {1}), (1, {0}), (2, {0, 1, 3}), (5, {0, 1, 2, 3, 4})])
def test_nobody_is_judged_by_what_saw_them(study: Study, pooled: Pooled, half: int, moves: set[int]) -> None:
    """Other outcomes of one half move the scores of the half it calibrates and of later cohorts, never its own or earlier ones."""
    before = pooled.rows
    after = _pooled(_turned(study, before["child"][before["fold"] == half])).rows
    pd.testing.assert_series_equal(after["child"], before["child"])
    moved = (after["probability"] != before["probability"]).groupby(before["fold"]).mean()
    assert set(moved.index[moved > 0]) == moves


def test_lists_are_of_each_half(pooled: Pooled) -> None:
    """Of every half as many are on a list as the list has room for, those with its highest scores."""
    for _, half in pooled.rows.groupby("fold"):
        for place, capacity in enumerate(CAPACITIES):
            on = half[PLACE] <= place
            # Scores of 250 children hardly tie: no list is more than a few short.
            assert capacity * len(half) - 3 <= on.sum() <= capacity * len(half)
            assert half["probability"][on].min() > half["probability"][~on].max()


def test_what_is_told(study: Study, pooled: Pooled) -> None:
    """A board is told in round numbers how many children were judged, how many of them by what ships, and of which years."""
    assert pooled.told == {
        "landmark": "two_year",
        "outcome": "not_gld",
        "children": 3 * A_YEAR,
        "cohorts": [2017, 2018, 2019],
        "of_what_ships": rounded(len(_scored(study))),
        "words": (
            "Judged were children born in the academic years that began in 2017, 2018 and 2019. Each was judged by a "
            "model learned on earlier years and calibrated on other children of the same year. For half of those of 2019 that is the "
            "model that ships, as it ships. For the others it is one made in the same way; those of earlier years had fewer years "
            "to learn from."
        ),
    }


def test_the_candidate_that_ships_is_learned_again(study: Study) -> None:
    """The glass box is judged by glass boxes, whose scores of earlier cohorts are not those of a logistic regression."""
    assert study.split is not None
    shipped = judge("glass box", study.task, study.rows, study.split, FULL)
    scored = scored_table(study.cohort, study.outcome.name, study.known, shipped.held_out)
    found = rolling_scored(study, "glass box", shipped, scored, FULL).rows
    # A step function of few steps has far fewer different scores than children, a linear one nearly as many.
    assert found["probability"][found["fold"] > 1].nunique() < 0.8 * (found["fold"] > 1).sum()


def test_too_few_to_learn_from(study: Study) -> None:
    """A cohort with fewer children with the outcome before it than the plan asks for is not judged, nor named."""
    assert study.years is not None
    events = int(study.rows.y[study.years < 2018].sum())
    enough, short = (
        FULL.model_copy(update={"gates": GatesPlan(least_events=least, least_without=100)})
        for least in (events, events + 1)
    )
    for plan, cohorts in ((enough, [2018, 2019]), (short, [2019])):
        told = _pooled(study, plan).told
        assert told is not None
        assert told["cohorts"] == cohorts


def test_a_cohort_that_nothing_can_be_calibrated_on(study: Study) -> None:
    """Where the outcome of a cohort runs against all before it, its children are left out, and that is said."""
    assert study.years is not None
    against = study.years == 2018
    y = np.where(against, 1 - study.rows.y, study.rows.y)
    told = _pooled(dataclasses.replace(study, rows=dataclasses.replace(study.rows, y=y))).told
    assert told is not None
    assert told["cohorts"] == [2017, 2019]
    assert told["children"] == 2 * A_YEAR
    assert told["words"].endswith(" Left out, since no calibration could be made for them: children of 2018.")


def test_two_cohorts(study: Study, borough: Contract) -> None:
    """With one cohort to learn from, both halves of the other are judged, one by what ships."""
    (outcome,) = borough.outcomes
    plan = FULL.model_copy(update={"cohorts": (2018, 2019)})
    two = study_of(borough, study.landmark, outcome, study.cohort, plan)
    told = _pooled(two, plan).told
    assert told is not None
    assert (told["cohorts"], told["children"]) == ([2019], A_YEAR)
    assert "academic year that began in 2019." in told["words"]
    assert told["words"].endswith("For the other half it is the same model, calibrated on the first.")


def test_quick_evidence_adds_nobody(study: Study) -> None:
    """With quick evidence the audit reads the rows that what ships was judged by, and nothing is told of others."""
    found = _pooled(study, FULL.model_copy(update={"evidence": "quick"}))
    pd.testing.assert_frame_equal(found.rows, _scored(study))
    assert found.told is None


def test_without_a_calendar(study: Study) -> None:
    """Where children were judged by folds, in every repeat, the audit reads those rows; it says that there are no others to add."""
    folds = dataclasses.replace(study, split=None, years=None)
    shipped = judge_by_folds("logistic", folds.task, folds.rows, FULL)
    scored = scored_table(folds.cohort, folds.outcome.name, folds.known, shipped.held_out)
    found = rolling_scored(folds, "logistic", shipped, scored, FULL)
    pd.testing.assert_frame_equal(found.rows, scored)
    assert found.told is not None
    assert (found.told["cohorts"], found.told["of_what_ships"]) == (None, None)
    assert found.told["children"] == len(YEARS) * A_YEAR
    assert "no children of earlier cohorts to add" in found.told["words"]
