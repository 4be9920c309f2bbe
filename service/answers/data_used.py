"""What an answer rests on, agency by agency: which features were known of all that are asked, how old, and what is proven."""

from typing import Any

from models.contract import Contract
from models.feature import Landmark
from models.record import ChildRecord
from models.scorer import Scored
from models.snapshot import take_snapshot
from models.withdrawal import Asked


class DataUsed:
    """Tells what the answers of one landmark rest on."""

    def __init__(self, contract: Contract, landmark: Landmark) -> None:
        asked = Asked(contract, landmark)
        self._age, self._asked = landmark.age, asked
        self._sources = [(contract.source(name), columns) for name, columns in asked.columns.items()]
        self._features = [feature.name for feature in contract.features_at(landmark)]

    def used(self, record: ChildRecord, answer: Scored) -> list[dict[str, Any]]:
        """Return it for every source that is asked, in the contract's order; ages in days."""
        snapshot = take_snapshot(record, self._age)
        proven = self._asked.proven(snapshot)
        return [
            {
                "name": source.name,
                "label": source.label,
                "agency": source.agency,
                "known": [self._features[k] for k in columns if answer.row[k] == answer.row[k]],
                "not_known": [self._features[k] for k in columns if answer.row[k] != answer.row[k]],
                "events": len(snapshot.events.get(source.name, ())),
                "latest": max((event.happened for event in snapshot.events.get(source.name, ())), default=None),
                "proven": source.name in proven,
                "link": snapshot.links.get(source.name),
            }
            for source, columns in self._sources
        ]
