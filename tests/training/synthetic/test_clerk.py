"""Which entries an agency gets wrong."""

import numpy as np

from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.clerk import Authority, Clerk, groups
from training.synthetic.household import ETHNIC, MAIN_OF
from training.synthetic.identity import invent_identities
from training.synthetic.mistakes import FIFTHS, GROUPS, Mistake, Mistakes
from training.synthetic.postcodes import invent_addresses, invent_postcodes
from training.synthetic.registers import BY_NAME
from training.synthetic.residence import NEVER

SCHOOLS = BY_NAME["schools"]


def _clerk(batch: Batch, mistakes: Mistakes, name: str = "schools") -> Clerk:
    chance = Chance(5, 0)
    addresses = invent_addresses(batch.residence, invent_postcodes(100), chance)
    everyone = np.arange(len(batch.children.key))
    authority = Authority(batch, invent_identities(batch, chance), addresses, mistakes, chance)
    return Clerk(BY_NAME[name], authority, everyone, np.zeros(len(everyone), dtype=np.int64))


def _wrong(clerk: Clerk, mistake: Mistake) -> list[int]:
    return [entry for entry, _ in clerk.slips(mistake)]


def test_as_often_as_said(batch: Batch) -> None:
    """A mistake is made of the share of entries that its rate says, more of a group whose multiplier says more."""
    clerk = _clerk(batch, Mistakes(rates={"schools": {"sex_wrong": 0.1}}, multipliers={"black": {"every": 3}}))
    found = np.zeros(len(batch.children.key), dtype=np.bool_)
    found[_wrong(clerk, "sex_wrong")] = True
    black = np.array([e.main == "black" for e in ETHNIC])[batch.households.ethnic[batch.children.family]]
    assert 0.27 < found[black].mean() < 0.33
    assert 0.09 < found[~black].mean() < 0.11


def test_each_kind_apart(batch: Batch) -> None:
    """Whatever the other rates, and at whatever agency, the entries of one kind stay the same, and no two kinds agree."""
    alone = _clerk(batch, Mistakes(rates={"schools": {"sex_wrong": 0.1}}))
    beside = _clerk(batch, Mistakes(rates={"schools": {"sex_wrong": 0.1, "forename_typo": 0.1}}))
    assert _wrong(alone, "sex_wrong") == _wrong(beside, "sex_wrong") == _wrong(alone, "sex_wrong")
    assert _wrong(beside, "sex_wrong") != _wrong(beside, "forename_typo")
    elsewhere = _clerk(batch, Mistakes(rates={"early_help": {"sex_wrong": 0.1}}), "early_help")
    assert _wrong(elsewhere, "sex_wrong") != _wrong(alone, "sex_wrong")
    assert _wrong(alone, "forename_typo") == []


def test_groups(batch: Batch) -> None:
    """Every child is of one main ethnic group and one fifth, that of the address in question; the rest as they are."""
    child = np.arange(len(batch.children.key))
    found = groups(batch, child, np.ones(len(child), dtype=np.int64))
    assert set(found) == set(GROUPS)
    mains = [name for name in found if name in {ethnic.main for ethnic in ETHNIC}]
    assert (np.sum([found[name] for name in mains], axis=0) == 1).all()
    assert (np.sum([found[name] for name in FIFTHS], axis=0) == 1).all()
    assert np.array_equal(found["fifth_1"], batch.residence.deciles[batch.children.family, 1] <= 2)
    assert np.array_equal(
        found["asian"], MAIN_OF[batch.households.ethnic[batch.children.family]] == mains.index("asian")
    )
    assert np.array_equal(found["looked_after"], batch.care.looked_after < NEVER)
