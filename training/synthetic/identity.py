"""Who invented children are: names, national numbers, and the names that change. No agency holds all of it."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.batch import Batch
from training.synthetic.calendar import Days
from training.synthetic.chance import Chance
from training.synthetic.extracts import Texts
from training.synthetic.families import Children, Flags, Floats, Ints
from training.synthetic.household import ETHNIC, MAIN_OF, MAINS
from training.synthetic.identity_numbers import NHS_NUMBERS, nhs_numbers, upns
from training.synthetic.naming import Words, communities, draw_forenames, draw_surnames, shares
from training.synthetic.residence import NEVER

# Indices set apart for each batch, more than it has children or families: enough numbers for seven million children.
_PER_BATCH = 2**16
# Ours: days after birth within which a child who was known by its mother's name takes its own.
_NAMED_FROM, _NAMED_UNTIL = 14, 400


@dataclass(frozen=True, slots=True)
class Identities:
    """
    Who the children of a batch are, (n,) each; all texts as a careful clerk would write them.

    A child bears `first_surname`, its mother's, until the day `named`, and `surname` from then on; of most the two are
    the same. `partners_surname` is that of its mother's partner, under which it is sometimes known.
    """

    forename: Words
    surname: Words
    first_surname: Words
    partners_surname: Words
    named: Days
    nhs_number: Texts
    mothers_nhs_number: Texts
    relatives_nhs_number: Texts  # a brother's or sister's, or else the mother's
    upn: Texts

    def surname_on(self, child: Ints, on: Days) -> Words:
        """Return the surname each of these children bears on a day of its own."""
        return np.where(on < self.named[child], self.first_surname[child], self.surname[child])


def invent_identities(batch: Batch, chance: Chance) -> Identities:
    """Return who the children of a batch are."""
    children, rng = batch.children, chance.stream("surnames")
    first, second = _communities(batch.households.ethnic, chance.stream("communities"))
    family = children.family
    surname, partners = (_borne(children, draw_surnames(first, rng)) for _ in range(2))
    mothers = draw_surnames(first, rng)[1][family]
    own_name = _own_names()[first[family]] > rng.random(children.families)[family]
    days = rng.integers(_NAMED_FROM, _NAMED_UNTIL, len(family))
    shift = int(chance.shared("national numbers").integers(NHS_NUMBERS))
    first_index = chance.batch * _PER_BATCH
    index = first_index + np.arange(len(family))
    own, mothers_own = nhs_numbers(2 * index, shift), nhs_numbers(2 * (first_index + family) + 1, shift)
    sibling = _sibling(family)
    return Identities(
        forename=_forenames(children, first, second, chance.stream("forenames")),
        surname=surname,
        first_surname=np.where(own_name, mothers, surname),
        partners_surname=partners,
        named=np.where(own_name, children.born + days, -NEVER),
        nhs_number=own,
        mothers_nhs_number=mothers_own,
        relatives_nhs_number=np.where(sibling == np.arange(len(family)), mothers_own, own[sibling]),
        upn=upns(index, shift),
    )


def _communities(ethnic: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return the communities (indices) a family's surname and its forenames come from: of a mixed family, two."""
    weights = np.zeros((len(ETHNIC), len(communities())))
    for row, group in zip(weights, ETHNIC, strict=True):
        for name, share in shares()[group.code].items():
            row[list(communities()).index(name)] = share
    first = _drawn(weights[ethnic], rng)
    mixed = MAIN_OF[ethnic] == MAINS.index("mixed")
    other = weights[ethnic].copy()
    other[np.flatnonzero(mixed), first[mixed]] = 0
    return first, np.where(mixed, _drawn(other / other.sum(axis=1, keepdims=True), rng), first)


def _drawn(weights: Floats, rng: np.random.Generator) -> Ints:
    return np.asarray((weights.cumsum(axis=1) <= rng.random((len(weights), 1))).sum(axis=1)).clip(
        0, weights.shape[1] - 1
    )


def _sibling(family: Ints) -> Ints:
    """Return a brother or sister of each child, the one next in line; of an only child itself."""
    order = np.argsort(family, kind="stable")
    found = np.arange(len(family))
    for ordered in (order, order[::-1]):
        same = family[ordered[1:]] == family[ordered[:-1]]
        found[ordered[:-1][same]] = ordered[1:][same]
    return found


def _own_names() -> Floats:
    return np.array([community.mothers_own_name for community in communities().values()])


def _borne(children: Children, borne: tuple[Words, Words]) -> Words:
    sons, daughters = borne
    return np.where(children.boy, sons[children.family], daughters[children.family])


def _forenames(children: Children, first: Ints, second: Ints, rng: np.random.Generator) -> Words:
    """Return forenames; of brothers and sisters no two have the same, however it is spelled."""
    family = children.family
    community = np.where(rng.random(len(family)) < 0.5, first[family], second[family])
    spelled, heads = draw_forenames(community, children.boy, rng)
    while (again := np.flatnonzero(_taken(family, heads) | _taken(family, spelled))).size:
        spelled[again], heads[again] = draw_forenames(community[again], children.boy[again], rng)
    return spelled


def _taken(family: Ints, names: Words) -> Flags:
    """Whether an earlier child of the family has the name."""
    _, name = np.unique(names.astype(np.str_), return_inverse=True)
    _, earliest = np.unique(family * (name.max(initial=0) + 1) + name, return_index=True)
    taken = np.ones(len(family), dtype=np.bool_)
    taken[earliest] = False
    return taken
