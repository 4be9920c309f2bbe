"""How each gate stands that said no: at how many scores, for how many it still blocks beside exceptions, and what was found."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairness.pack.reading import Part, Reading
from fairness.pack.words import counted, in_full, listed
from models.exceptions import IN_FORCE, ReleaseException, still_blocked
from models.gates import Gate, Gates

_LONG = 120


@dataclass(frozen=True, slots=True)
class Standing:
    """The gates of one label that said no, those of them that still block, and the exceptions in force to the rest."""

    gates: Sequence[Gate]
    left: Sequence[Gate]
    exceptions: Sequence[ReleaseException]

    @property
    def blocking(self) -> bool:
        """Whether any of them still blocks."""
        return bool(self.left)

    def said(self, reading: Reading) -> str:
        """Say where they said no, how they stand, and what was found, in short: of several, at the first."""
        first = self.gates[0]
        scores = counted(len(reading.heads), "score")
        places = "" if first.landmark is None else f" ({len(self.gates)} of {scores})"
        return f"{first.label}{places}: {self._state()}{_found(self.gates, reading)}"

    def _state(self) -> str:
        if not self.exceptions:
            return ""
        ends = [f"{in_full(each.expires.isoformat())} (minute: {each.minute})" for each in self.exceptions]
        over = f"passed over by exception until {listed(list(dict.fromkeys(ends)))}"
        return f"{len(self.left)} still blocked; others {over}. " if self.left else f"{over}. "


def standing(gates: Part, exceptions: Sequence[Part]) -> list[Standing]:
    """Return how each gate stands that said no, in the order of their labels; exceptions as `models.exceptions.Standing` shows them."""
    asked = Gates.model_validate_json(json.dumps(gates))
    force = [_read(one) for one in exceptions if one.get("state", IN_FORCE).startswith(IN_FORCE)]
    # All in force are of one bundle, and hold on the day that the last of them was made.
    on = max((each.on for each in force), default=None)
    blocked = [*asked.blocked("build"), *asked.blocked("release")]
    left = blocked if on is None else still_blocked(asked, force, force[0].bundle, on)
    by_label: dict[str, list[Gate]] = {}
    for gate in blocked:
        by_label.setdefault(gate.label, []).append(gate)
    return [_of(alike, [gate for gate in alike if gate in left], force) for alike in by_label.values()]


def _of(gates: list[Gate], left: list[Gate], force: list[ReleaseException]) -> Standing:
    lifted = [gate for gate in gates if gate not in left]
    return Standing(gates, left, [each for each in force if any(each.is_of(gate) for gate in lifted)])


def _read(one: Mapping[str, object]) -> ReleaseException:
    return ReleaseException.model_validate_json(json.dumps({name: one[name] for name in one if name != "state"}))


def _found(gates: Sequence[Gate], reading: Reading) -> str:
    """Return what was found, in one short sentence, a long one up to its first pause; of several scores that differ, at the first."""
    first = gates[0]
    words = re.split(r"(?<=[.!?])\s+", first.words)[0]
    words = words if len(words) < _LONG else f"{re.split(r': |, which ', words)[0].rstrip('.')}."
    if len({gate.words for gate in gates}) == 1 or first.landmark is None:
        return words
    place = next(
        (head.title for head in reading.heads if (head.landmark, head.outcome) == (first.landmark, first.outcome)), ""
    )
    return f"{place}: {words}" if place else words
