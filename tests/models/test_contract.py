"""A contract narrowed to what a plan learns."""

from models.contract import Contract


def test_narrowed_to_nothing_less(borough: Contract) -> None:
    """A contract narrowed to no names in particular, or to all of them, is the contract."""
    names = {landmark.name for landmark in borough.landmarks}
    assert borough.narrowed(None, None) == borough.narrowed(names, {"not_gld"}) == borough


def test_narrowed_to_some(borough: Contract) -> None:
    """Narrowed, a contract has the landmarks and outcomes of these names alone, in its own order; the rest is as it was."""
    assert len(borough.landmarks) > 1
    last = borough.landmarks[-1]
    narrowed = borough.narrowed({last.name, "of no such name"}, None)
    assert narrowed.landmarks == (last,)
    assert narrowed.outcomes == borough.outcomes
    assert borough.narrowed(None, ()).outcomes == ()
    kept = borough.model_dump() | {"landmarks": narrowed.model_dump()["landmarks"]}
    assert narrowed.model_dump() == kept


def test_narrowed_answers_as_before(borough: Contract) -> None:
    """Narrowing changes neither the contract it is made from nor what either says of features, sources and windows."""
    landmarks, first = borough.landmarks, borough.landmarks[0]
    sources, columns = borough.feature_sources, borough.feature_columns
    narrowed = borough.narrowed({first.name}, None)
    assert borough.landmarks == landmarks
    assert (narrowed.feature_sources, narrowed.feature_columns) == (sources, columns)
    assert narrowed.features_at(first) == borough.features_at(first)
    assert narrowed.landmark_for(first.age) == first
    assert narrowed.landmark_for(landmarks[-1].age) is None
