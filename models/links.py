"""
What the least certain link of a child's record does to a score: the band with that link taken out.

Records that agencies hold under ids of their own were found to be one child's with a probability each. If the weakest of
those links is wrong, what it brought is of another child.
"""

from collections.abc import Collection
from typing import NamedTuple

from models.snapshot import Snapshot
from models.source import Source

# A link this probable is wrong for fewer than one child in a hundred: what it does is said, and is no doubt of its own.
CERTAIN = 0.99


class LinkDoubt(NamedTuple):
    """
    The weakest link: its probability, the sources that are of another child if it is wrong, and the bands without them.

    `places` has the place of the band for each score of the answer; None where there would be no score.
    """

    probability: float
    sources: tuple[Source, ...]
    places: tuple[int | None, ...]

    def moves(self, score: int, place: int) -> bool:
        """Whether without the link the score would be in another band than the one at `place`, or none."""
        return self.places[score] != place

    @property
    def doubtful(self) -> bool:
        """Whether the link is uncertain enough to make an answer less reliable."""
        return self.probability < CERTAIN


def weakest_link(
    snapshot: Snapshot, asked: Collection[str], needed: Collection[str]
) -> tuple[float, frozenset[str]] | None:
    """
    Return the least probability of any link that the score rests on, and the sources it stands for.

    It rests on those that brought something into the snapshot of a source that is `asked` there, or `needed`.

    Those are the sources of that link, unless the score needs one of them and others were linked: then what stays is
    theirs, and all others are of another child. None where nothing in the snapshot was linked, or every link is certain.
    """
    links = {source: link for source, link in snapshot.links.items() if source in asked or source in needed}
    least = min(links.values(), default=1.0)
    if least >= 1.0:
        return None
    weakest = frozenset(source for source, probability in links.items() if probability == least)
    others = frozenset(links) - weakest
    return least, weakest if weakest.isdisjoint(needed) or not others else others
