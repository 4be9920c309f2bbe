"""Bands in words: a floor that is not established is never told as if it were."""

from benchmarks.small_bundle import POLICY
from models.band_words import BandWords
from models.bands import Banding

TOLD = BandWords(POLICY)


def test_established() -> None:
    """A band is told by the policy's own name and offer."""
    told = TOLD.told(Banding(1, near_threshold=False, first=1, last=1))
    assert told == ("band_2", "Band 2", "What band 2 may be offered", "established", False, "Band: Band 2.")


def test_near() -> None:
    """A score whose interval reaches over a threshold is said to reach into another band."""
    told = TOLD.told(Banding(1, near_threshold=True, first=1, last=3))
    assert told.near_threshold
    assert told.floor == "established"
    assert told.words.startswith("Band: Band 2. The range of the score reaches into another band.")


def test_too_little_known() -> None:
    """The last band, where what is not known could lift the child out of it, is told as too little known."""
    told = TOLD.told(Banding(3, near_threshold=False, first=0, last=3))
    assert (told.code, told.label, told.floor) == ("band_4", "too little known for this band", "not established")
    assert told.words == (
        "Band: too little known for this band. Something that is not known could put this child in an earlier band. "
        "It could be: Band 1."
    )


def test_a_middle_band_keeps_its_name() -> None:
    """Another band keeps its name, and says that it could be an earlier one."""
    told = TOLD.told(Banding(2, near_threshold=False, first=1, last=3))
    assert (told.label, told.floor) == ("Band 3", "not established")
    assert told.words.endswith("It could be: Band 2.")
