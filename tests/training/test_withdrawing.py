"""What the rows of one source decide: who would fall to the last band without it, and what one more row changes."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from models.capacities import CAPACITIES
from models.contract import Contract
from models.estimator import Estimator
from models.feature import Landmark
from models.terms import EstimatorSpec, Input, LinearTerm
from training.capacities import thresholds
from training.withdrawing import Withdrawn, one_more_row, unflagged, withdraw

Floats = NDArray[np.float64]
COUNT = 200


@pytest.fixture
def landmark(borough: Contract) -> Landmark:
    """The borough's last landmark."""
    return borough.landmarks[-1]


def _estimator(borough: Contract, landmark: Landmark, weights: dict[str, float]) -> Estimator:
    """Return an estimator with a line for each named feature, worth nothing where that is not known."""
    features = borough.features_at(landmark)
    terms = tuple(
        LinearTerm(feature=name, coefficient=weight, centre=0.0, low=-99.0, high=99.0, not_known=0.0)
        for name, weight in weights.items()
    )
    inputs = tuple(
        Input(feature=f.name, low=-99.0, high=99.0, typical=0.0, n_known=COUNT, n_not_known=1) for f in features
    )
    return Estimator(
        EstimatorSpec(
            landmark=landmark.name, outcome="later", kind="logistic", intercept=-1.0, inputs=inputs, terms=terms
        )
    )


def _first_of(borough: Contract, landmark: Landmark, source: str) -> str:
    return next(feature.name for feature in borough.features_at(landmark) if feature.source == source)


@pytest.fixture
def x(borough: Contract, landmark: Landmark) -> Floats:
    """Rows of the matrix, everything known."""
    return np.random.default_rng(4).normal(size=(COUNT, len(borough.features_at(landmark))))


def test_what_rests_on_one_source(borough: Contract, landmark: Landmark, x: Floats) -> None:
    """Withdrawing the one source that scores rest on puts everybody in one place; withdrawing another changes nothing."""
    estimator = _estimator(borough, landmark, {_first_of(borough, landmark, "reviews"): 1.0})
    at = thresholds(estimator.log_odds(x))[0]
    before = x.copy()
    found = withdraw(borough, landmark, x, estimator, at)
    assert found.without.keys() == {feature.source for feature in borough.features_at(landmark)}
    assert len(set(found.without["reviews"].tolist())) == 1
    for source, place in found.without.items():
        assert (place == found.now).all() == (source != "reviews")
    assert (x == before).all()


def test_shares_by_hand() -> None:
    """The share is of those in any band but the last, overall and by group, worked out from counts to the nearest five."""
    last = CAPACITIES.index(0.20)
    now = np.array([0] * 24 + [last] * 24 + [last + 1] * 12)
    # Eighteen of the first two dozen and three of the next fall out; one of those on no list would come on it.
    after = now.copy()
    after[:18] = after[24:27] = last + 1
    after[48] = 0
    scored = pd.DataFrame({"audit_side": ["A"] * 24 + ["B"] * 22 + ["C"] * 2 + ["A"] * 10 + ["D"] * 2})
    found = unflagged(Withdrawn(now, {"hub": after, "births": now}), scored, ["side"], 0.20)
    assert (found["capacity"], found["listed"], found["hidden_in"]) == (0.20, 50, {"side": "A"})
    hub, births = found["sources"]
    # 21 of 48; 18 of 24 and the 2 of C; 3 of 22.
    shares = {"A": 0.8, "B": 0.25, "C": None, "D": None}
    assert hub == {"source": "hub", "unflagged": 0.4, "groups": {"side": shares}}
    assert births["groups"] == {"side": {"A": 0.0, "B": 0.0, "C": None, "D": None}}


def test_a_hidden_group_is_counted_with_the_largest() -> None:
    """Whether few or many of a hidden group would fall is told with the largest group, and moves that group's share only."""
    now = np.zeros(50, dtype=np.int64)
    scored = pd.DataFrame({"audit_side": ["A"] * 25 + ["B"] * 17 + ["C"] * 8})
    after = np.where(scored["audit_side"] == "C", 20, 0)
    (hub,) = unflagged(Withdrawn(now, {"hub": after}), scored, ["side"], 0.20)["sources"]
    assert hub == {"source": "hub", "unflagged": 0.2, "groups": {"side": {"A": 0.286, "B": 0.0, "C": None}}}


@pytest.mark.parametrize("few", [0, 1, 9])
def test_hardly_anybody_is_listed(few: int) -> None:
    """Where fewer than the smallest cell are in any band but the last, neither how many nor any share is written."""
    now = np.array([0] * few + [20] * 9)
    found = unflagged(Withdrawn(now, {"hub": now}), pd.DataFrame({"audit_side": ["A"] * len(now)}), ["side"], 0.20)
    assert (found["listed"], found["hidden_in"]) == (None, {"side": None})
    assert found["sources"] == [{"source": "hub", "unflagged": None, "groups": {"side": {"A": None}}}]


def test_one_more_row(borough: Contract, landmark: Landmark, x: Floats) -> None:
    """Of each source with a count, the largest change of probability that one more in it makes; what is not known stays so."""
    counts = [feature for feature in borough.features_at(landmark) if feature.take == "count"]
    assert counts
    x[0] = np.nan
    estimator = _estimator(borough, landmark, {counts[0].name: 0.5})
    found = one_more_row(borough, landmark, x, estimator)
    assert found.keys() == {feature.source for feature in counts}
    now = estimator.log_odds(x)[1:]
    assert found[counts[0].source] == pytest.approx((expit(now + 0.5) - expit(now)).max(), abs=1e-6)
    assert [change for source, change in found.items() if source != counts[0].source] == [0.0] * (len(found) - 1)
