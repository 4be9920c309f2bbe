"""Bands in words: their names, and whether what is not known could put a child in an earlier one."""

from typing import Literal, NamedTuple

from models.bands import Banding, Policy
from models.doubt_words import FLOOR_OPEN, NEAR

Floor = Literal["established", "not established"]
TOO_LITTLE_KNOWN = "too little known for this band"


class ToldBand(NamedTuple):
    """A band in words; `label` says so where too little is known for the last band."""

    code: str
    label: str
    offer: str
    floor: Floor
    near_threshold: bool
    words: str


class BandWords:
    """Puts the bands of one policy into words."""

    def __init__(self, policy: Policy) -> None:
        self._told = {
            (place, near, first): _told(policy, place, near=near, first=first)
            for place in range(len(policy.bands))
            for near in (False, True)
            for first in range(place + 1)
        }

    def told(self, banding: Banding) -> ToldBand:
        """Put one score's band into words."""
        return self._told[banding.place, banding.near_threshold, banding.first]


def _told(policy: Policy, place: int, *, near: bool, first: int) -> ToldBand:
    band = policy.bands[place]
    floor_open = first < place
    label = TOO_LITTLE_KNOWN if floor_open and place == len(policy.bands) - 1 else band.label
    sentences = [f"Band: {label}.", *([NEAR] if near else ())]
    if floor_open:
        sentences.append(f"{FLOOR_OPEN} It could be: {policy.bands[first].label}.")
    floor: Floor = "not established" if floor_open else "established"
    return ToldBand(band.code, label, band.offer, floor, near, " ".join(sentences))
