"""Postcodes and addresses."""

import re

import numpy as np
import pytest

from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.postcodes import Addresses, invent_addresses, invent_postcodes

PATTERN = re.compile(r"Q[A-Z][0-9][0-9]? [0-9][A-Z]{2}")


@pytest.fixture(scope="module")
def addresses(batch: Batch) -> Addresses:
    """Where the families of the batch live."""
    return invent_addresses(batch.residence, invent_postcodes(3000), Chance(5, 0))


@pytest.mark.parametrize(("births", "per_decile"), [(1, 4), (720, 4), (2500, 14), (150_000, 833), (600_000, 3333)])
def test_postcodes(births: int, per_decile: int) -> None:
    """However large the authority, its postcodes are of an area that does not exist, each of one small area of one decile."""
    found = invent_postcodes(births)
    assert found.areas_per_decile == per_decile
    assert len(found.code) == per_decile * 10 * 40 == len(np.unique(found.code))
    assert all(PATTERN.fullmatch(code) for code in found.code[:: max(1, len(found.code) // 2000)].tolist())
    assert (np.unique(found.lsoa, return_counts=True)[1] == 40).all()
    assert len(set(zip(found.lsoa.tolist(), found.decile.tolist(), strict=True))) == per_decile * 10
    assert all(code.startswith("E019") for code in found.lsoa[:: len(found.lsoa) // 400].tolist())


def test_small_areas_share_sectors() -> None:
    """A sector, the postcode but for its last two letters, is shared by five small areas."""
    found = invent_postcodes(2500)
    sectors = {(code[:-2], lsoa) for code, lsoa in zip(found.code.tolist(), found.lsoa.tolist(), strict=True)}
    assert set(np.unique([sector for sector, _ in sectors], return_counts=True)[1].tolist()) == {5}


def test_the_look_up() -> None:
    """The look-up holds every postcode with its small area and decile."""
    found = invent_postcodes(10).table()
    assert found.column_names == ["postcode", "lsoa", "idaci_decile"]
    assert found.num_rows == 1600
    assert set(found.column("idaci_decile").to_pylist()) == set(range(1, 11))


def test_addresses_lie_where_families_live(batch: Batch, addresses: Addresses) -> None:
    """Every address has a postcode of the decile the family lives in at that time."""
    assert np.array_equal(addresses.postcodes.decile[addresses.place], batch.residence.deciles)


def test_houses(batch: Batch, addresses: Addresses) -> None:
    """A postcode has 15 to 20 numbers, beside one house that has none and is shared: 2 % of families live so."""
    shape = batch.residence.starts.shape
    family, spell = (part.ravel() for part in np.indices(shape))
    texts, codes = addresses.text(family, spell), addresses.postcode(family, spell)
    numbered = [re.fullmatch(r"[0-9]{1,2} [A-Z][a-z]+ [A-Z][a-z]+", text) is not None for text in texts.tolist()]
    houses = {(code, text) for code, text, own in zip(codes.tolist(), texts.tolist(), numbered, strict=True) if own}
    _, counts = np.unique([code for code, _ in houses], return_counts=True)
    assert counts.max() == 20
    assert 12 < np.median(counts) < 20  # not every house is lived in
    assert 0.015 < 1 - np.mean(numbered) < 0.025
    assert all(text.endswith(" House") for text, own in zip(texts.tolist(), numbered, strict=True) if not own)
    shared = [code for code, own in zip(codes.tolist(), numbered, strict=True) if not own]
    assert len(shared) / len(set(shared)) > 10


def test_one_street_a_postcode(addresses: Addresses) -> None:
    """All numbers of a postcode are of one street."""
    family = np.arange(2000)
    spell = np.zeros(2000, dtype=np.int64)
    street = addresses.postcodes.street[addresses.place[family, spell]]
    assert all(name in text for name, text in zip(street.tolist(), addresses.text(family, spell).tolist(), strict=True))
