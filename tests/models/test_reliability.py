"""Reliability: *good*, *limited* or *poor*, and the grounds."""

import itertools
from typing import Any

import pytest

from models.bands import Banding
from models.contract import Contract
from models.reliability import GOOD, Doubts, reliability

STAYS, COULD_MOVE = Banding(2, near_threshold=False, first=2, last=2), Banding(2, near_threshold=False, first=1, last=2)
COULD_FALL = Banding(2, near_threshold=False, first=2, last=3)
NOTHING = Doubts((), (), (), 1.0)


def test_good() -> None:
    """With nothing to doubt an answer is good, near a threshold or not, and has no ground."""
    assert reliability(NOTHING, STAYS, ()) == GOOD
    assert reliability(NOTHING, STAYS._replace(near_threshold=True), ()).level == "good"


@pytest.mark.parametrize(("banding", "level"), [(STAYS, "good"), (COULD_MOVE, "limited"), (COULD_FALL, "limited")])
def test_a_source_that_is_not_known(borough: Contract, banding: Banding, level: str) -> None:
    """A source that is not known limits an answer where it could move the child to another band, earlier or later."""
    found = reliability(NOTHING._replace(unknown_sources=(borough.source("hub"),)), banding, ())
    assert found.level == level
    assert found.grounds == ((("source-not-known", (borough.source("hub").label,)),) if level != "good" else ())


def test_each_ground_alone(borough: Contract) -> None:
    """Each ground alone limits an answer and names what it is about; knowing little makes it poor by itself."""
    feature, source = borough.features[0], borough.source("hub")
    never = reliability(NOTHING._replace(never_learned=(feature,)), STAYS, ())
    assert (never.level, never.grounds) == ("limited", (("nothing-learned-of-not-known", (feature.label,)),))
    outside = reliability(NOTHING._replace(outside_range=(feature,)), STAYS, ())
    assert (outside.level, outside.grounds) == ("limited", (("outside-range-seen", (feature.label,)),))
    link = reliability(NOTHING, STAYS, (source,))
    assert (link.level, link.grounds) == ("limited", (("link-not-certain", (source.label,)),))
    little = reliability(NOTHING._replace(known_share=0.49), STAYS, ())
    assert (little.level, little.grounds) == ("poor", (("little-known", ()),))
    assert reliability(NOTHING._replace(known_share=0.5), STAYS, ()) == GOOD


def test_two_grounds(borough: Contract) -> None:
    """Any two grounds together make an answer poor, and both are told."""
    features, sources = borough.features[:1], (borough.source("hub"),)
    grounds: list[dict[str, Any]] = [
        {"unknown_sources": sources},
        {"never_learned": features},
        {"outside_range": features},
    ]
    for one, other in itertools.combinations(grounds, 2):
        found = reliability(NOTHING._replace(**one, **other), COULD_MOVE, ())
        assert (found.level, len(found.grounds)) == ("poor", 2)
    for one in grounds:
        found = reliability(NOTHING._replace(**one), COULD_MOVE, sources)
        assert (found.level, len(found.grounds)) == ("poor", 2)
