"""
Sources of which nothing is known, and records with sources taken out: absence is not safety (M5).

To withdraw a source is to delete its rows and its proven coverage: an agency that sends nothing looks just so.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from models.contract import Contract
from models.feature import Landmark
from models.snapshot import Snapshot
from models.source import Source

_T = TypeVar("_T")


class Asked:
    """
    The sources that a landmark's features ask, each with the columns of the matrix that rest on it.

    `windows` are the spans of ages, both ends included, that the features of a source ask about.
    """

    def __init__(self, contract: Contract, landmark: Landmark) -> None:
        columns: dict[str, list[int]] = {}
        windows: dict[str, set[tuple[int, int]]] = {}
        for column, feature in enumerate(contract.features_at(landmark)):
            columns.setdefault(feature.source, []).append(column)
            windows.setdefault(feature.source, set()).add(feature.window(landmark.age))
        self.columns = {name: tuple(found) for name, found in columns.items()}
        self.windows = {name: tuple(sorted(found)) for name, found in windows.items()}
        self._sources = [(contract.source(name), found) for name, found in self.columns.items()]

    def proven(self, snapshot: Snapshot) -> frozenset[str]:
        """
        Return the sources that are proven to cover all that one of their features asks about: no row is then known.

        Less will not do. An agency that sent nothing but a day of coverage would pass for one that knows the child.
        """
        return frozenset(
            source
            for source in snapshot.coverage
            if any(snapshot.covers(source, *window) for window in self.windows.get(source, ()))
        )

    def unknown(self, row: Sequence[float], proven: Collection[str]) -> tuple[Source, ...]:
        """Return the sources of which nothing is known: no feature of theirs is, and they are not `proven`."""
        return tuple(
            source
            for source, columns in self._sources
            if source.name not in proven and all(row[column] != row[column] for column in columns)
        )

    def columns_of(self, sources: Sequence[Source]) -> tuple[int, ...]:
        """Return every column that rests on one of these sources."""
        return tuple(column for source in sources for column in self.columns[source.name])


def without(snapshot: Snapshot, sources: Collection[str]) -> Snapshot:
    """Return the snapshot as it would be had these sources sent nothing."""
    return Snapshot(
        snapshot.age,
        _left(snapshot.events, sources),
        _left(snapshot.coverage, sources),
        _left(snapshot.links, sources),
    )


def _left(part: Mapping[str, _T], sources: Collection[str]) -> dict[str, _T]:
    return {source: held for source, held in part.items() if source not in sources}
