"""Who invented children are."""

import numpy as np
import pytest

from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.household import ETHNIC, MAIN_OF, MAINS
from training.synthetic.identity import Identities, _communities, invent_identities
from training.synthetic.naming import communities, drawable, shares


@pytest.fixture(scope="module")
def identities(batch: Batch) -> Identities:
    """Who the children of the batch are."""
    return invent_identities(batch, Chance(5, 0))


def _of(batch: Batch, code: str) -> np.ndarray:
    return np.asarray(batch.households.ethnic[batch.children.family] == [e.code for e in ETHNIC].index(code))


def test_brothers_and_sisters(batch: Batch, identities: Identities) -> None:
    """No two children of a family have the same forename, twins least of all, who share their day of birth."""
    family = batch.children.family
    named = set(zip(family.tolist(), identities.forename, strict=True))
    assert len(named) == len(family)
    twins = np.flatnonzero(batch.children.twin)
    days = set(zip(family[twins].tolist(), batch.children.born[twins].tolist(), strict=True))
    assert len(days) == len(twins) / 2


def test_families_share_a_surname(batch: Batch, identities: Identities) -> None:
    """Children of a British family have one surname; sons and daughters of others may have two, and never more."""
    for code, most in (("WBRI", 1), ("APKN", 2), ("WOTH", 2)):
        own = np.flatnonzero(_of(batch, code))
        borne = set(zip(batch.children.family[own].tolist(), identities.surname[own], strict=True))
        counts = np.bincount([family for family, _ in borne])
        assert counts.max() == most


def test_numbers_are_of_one_person(batch: Batch, identities: Identities) -> None:
    """No two people have one NHS number, mothers among them, no two children one UPN; children of one mother have hers."""
    mothers = dict(zip(batch.children.family.tolist(), identities.mothers_nhs_number.tolist(), strict=True))
    everyone = [*identities.nhs_number.tolist(), *mothers.values()]
    assert len(set(everyone)) == len(everyone)
    assert len(set(identities.upn.tolist())) == len(identities.upn)
    assert [mothers[family] for family in batch.children.family.tolist()] == identities.mothers_nhs_number.tolist()


def test_another_batch_has_other_numbers(batch: Batch, identities: Identities) -> None:
    """Another batch of the same seed gives nobody a number that this one gave."""
    other = invent_identities(batch, Chance(5, 1))
    for name in ("nhs_number", "mothers_nhs_number", "upn"):
        assert not set(getattr(other, name).tolist()) & set(getattr(identities, name).tolist())


def test_relatives(batch: Batch, identities: Identities) -> None:
    """The relative's number is that of another child of the family, or the mother's where there is none."""
    family_of = dict(zip(identities.nhs_number.tolist(), batch.children.family.tolist(), strict=True))
    alone = np.bincount(batch.children.family)[batch.children.family] == 1
    assert (identities.relatives_nhs_number != identities.nhs_number).all()
    assert (identities.relatives_nhs_number[alone] == identities.mothers_nhs_number[alone]).all()
    theirs = [family_of[number] for number in identities.relatives_nhs_number[~alone].tolist()]
    assert theirs == batch.children.family[~alone].tolist()


def test_named_anew(batch: Batch, identities: Identities) -> None:
    """About 7 % of children are known by their mother's name at birth, and by their own within some 13 months."""
    count = len(identities.named)
    everyone, born = np.arange(count), batch.children.born
    at_birth = identities.surname_on(everyone, born)
    assert 0.055 < (at_birth != identities.surname).mean() < 0.085
    assert (identities.surname_on(everyone, born + 400) == identities.surname).all()
    assert (identities.surname_on(everyone, identities.named) == identities.surname).all()


def test_names_are_the_community_s(batch: Batch, identities: Identities) -> None:
    """Families have surnames of the communities of their ethnic group."""
    own = _of(batch, "CHNE")
    listed = drawable(communities()["chinese"].surnames).man
    assert set(identities.surname[own]) <= set(listed)


def test_mixed_families_draw_from_two(batch: Batch) -> None:
    """A mixed family's forenames may come from another community than its surname; of all others from the same."""
    first, second = _communities(batch.households.ethnic, np.random.default_rng(3))
    mixed = MAIN_OF[batch.households.ethnic] == MAINS.index("mixed")
    assert (first[mixed] != second[mixed]).all()
    assert (first[~mixed] == second[~mixed]).all()
    names = list(communities())
    for i, ethnic in enumerate(ETHNIC):
        own = batch.households.ethnic == i
        assert {names[c] for c in np.concatenate([first[own], second[own]]).tolist()} <= set(shares()[ethnic.code])


def test_the_same_chance_the_same_people(batch: Batch, identities: Identities) -> None:
    """Asked again, everyone is who they were; by another seed, hardly anyone."""
    again, other = invent_identities(batch, Chance(5, 0)), invent_identities(batch, Chance(6, 0))
    assert (again.forename == identities.forename).all()
    assert (again.surname == identities.surname).all()
    assert (other.forename == identities.forename).mean() < 0.05
    assert (other.nhs_number == identities.nhs_number).mean() < 0.01
