"""An agency writing down who people are: how many of its entries it gets wrong, and which."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.families import Flags, Floats, Ints
from training.synthetic.household import MAIN_OF, MAINS
from training.synthetic.identity import Identities
from training.synthetic.mistakes import FIFTHS, Mistake, Mistakes
from training.synthetic.postcodes import Addresses
from training.synthetic.registers import Agency
from training.synthetic.residence import NEVER

# Ours: one entry in ten is made in haste, and each mistake about it is six times as likely: whoever gets the name wrong
# tends to get the rest wrong too.
_HASTY, _AS_OFTEN = 0.1, 6


@dataclass(frozen=True, slots=True)
class Authority:
    """All that people files are made from: a batch, who its children are, where they live, and the mistakes made."""

    batch: Batch
    identities: Identities
    addresses: Addresses
    mistakes: Mistakes
    chance: Chance


class Clerk:
    """One agency's mistakes about entries, each kind drawn apart from all others."""

    def __init__(self, agency: Agency, authority: Authority, child: Ints, spell: Ints) -> None:
        self._agency, self._mistakes, self._chance = agency, authority.mistakes, authority.chance
        self._groups = groups(authority.batch, child, spell)
        drawn = authority.chance.stream(f"{agency.name} haste").random(len(authority.batch.children.key))
        self._hasty = (drawn < _HASTY)[child]

    def slips(self, mistake: Mistake) -> Iterator[tuple[int, np.random.Generator]]:
        """Yield the entries of which this mistake is made, with the stream that says how."""
        chance = in_haste(self._mistakes.chance(self._agency, mistake, self._groups), self._hasty)
        rng = self._chance.stream(f"{self._agency.name} {mistake}")
        for entry in np.flatnonzero(rng.random(len(chance)) < chance).tolist():
            yield entry, rng


def in_haste(chance: Floats, hasty: Flags) -> Floats:
    """Return the chances (m,) of entries made in haste or with care; over all entries they are as they were."""
    more = np.minimum(1, _AS_OFTEN * chance)
    return np.asarray(np.where(hasty, more, (chance - _HASTY * more) / (1 - _HASTY)))


def groups(batch: Batch, child: Ints, spell: Ints) -> dict[str, Flags]:
    """Return who of these children (m,), living where they do in a spell of their own, belongs to which group."""
    family = batch.children.family[child]
    main = MAIN_OF[batch.households.ethnic[family]]
    fifth = (batch.residence.deciles[family, spell] - 1) // 2
    return {
        **{name: main == i for i, name in enumerate(MAINS)},
        **{name: fifth == i for i, name in enumerate(FIFTHS)},
        "other_language": batch.households.other_language[family],
        "looked_after": batch.care.looked_after[child] < NEVER,
    }
