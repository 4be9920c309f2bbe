"""An option as a reader is told of it: what its list finds of everyone and of each group, and what that changes."""

from typing import Any

from models.small_numbers import FEWEST
from training.mitigation.cells import Children, Listed, Protected
from training.mitigation.told import Counts, counts, everyone_else, figure, gap, minus

Part = dict[str, Any]


class Telling:
    """Tells of lists of the same children, each beside the list that ships."""

    def __init__(self, children: Children, shipped: Listed, fewest: int) -> None:
        """
        Of a group of fewer children than `fewest` nothing is told but that it is hidden.

        So it is of all groups of an attribute but the first where these leave few of everyone: what is told of two groups and of
        everyone may tell too well how many the few are.
        """
        self._children, self._shipped, self._fewest = children, shipped, fewest

    def figures(self, listed: Listed) -> Part:
        """Return a list's figures; the changes are None of the list that ships itself."""
        everyone, before = (counts(each, self._shipped, 0) for each in (listed, self._shipped))
        beside = listed is not self._shipped
        return {
            "recall": figure(everyone.recall, *listed.recall),
            "ppv": figure(everyone.ppv, *listed.ppv),
            "recall_change": self._change(minus(everyone.recall, before.recall), listed, "recall") if beside else None,
            "ppv_change": self._change(minus(everyone.ppv, before.ppv), listed, "ppv") if beside else None,
            "of_100": everyone.of_100,
            "groups": [self._group(listed, place, group) for place, group in enumerate(self._children.groups)],
        }

    def _change(self, told: float | None, listed: Listed, name: str) -> Part | None:
        (value, again), (before, before_again) = getattr(listed, name), getattr(self._shipped, name)
        return figure(told, value - before, again - before_again)

    def _group(self, listed: Listed, place: int, group: Protected) -> Part:
        said = {"attribute": group.attribute, "label": group.label, "group": group.group}
        if listed.n[1 + place] < self._fewest or self._leaves_few(listed, place):
            return said | {"hidden": True, **dict.fromkeys(("gap", "gap_change", "of_100", "rest_of_100"))}
        inside, rest = self._sides(listed, place)
        return said | {
            "hidden": False,
            "gap": gap(listed.comparison(place), inside, rest),
            "gap_change": None if listed is self._shipped else self._gap_change(listed, place),
            "of_100": inside.of_100,
            "rest_of_100": rest.of_100,
        }

    def _leaves_few(self, listed: Listed, place: int) -> bool:
        groups, sides = self._children.groups, self._children.sides
        same = [other for other, group in enumerate(groups) if group.attribute == groups[place].attribute]
        left = 1 - sides[:, 1:][:, same].max(axis=1)
        return place != same[0] and min(int(cell) for cell in listed.cells_of(left)) < FEWEST

    def _gap_change(self, listed: Listed, place: int) -> Part | None:
        now, before = (minus(*(side.recall for side in self._sides(each, place))) for each in (listed, self._shipped))
        (value, again), (value_before, again_before) = listed.gaps, self._shipped.gaps
        return figure(
            minus(now, before), float(value[place] - value_before[place]), again[:, place] - again_before[:, place]
        )

    def _sides(self, listed: Listed, place: int) -> tuple[Counts, Counts]:
        """Return what is told of a group and of everyone else."""
        return counts(listed, self._shipped, 1 + place), everyone_else(listed, self._shipped, 1 + place)
