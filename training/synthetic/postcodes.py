"""
Postcodes, streets and houses of an invented authority, none of which exists.

No postcode area begins with Q. An authority of an ordinary size has few enough small areas that neighbours share postcodes,
and a postcode's first part is shared by several areas.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa

from training.synthetic.chance import Chance
from training.synthetic.extracts import Texts, street_codes
from training.synthetic.families import Flags, Ints
from training.synthetic.household import DECILES
from training.synthetic.residence import Residence

_PER_SMALL_AREA, _SMALL_AREAS_PER_SECTOR, _SECTORS_PER_DISTRICT = 40, 5, 4
_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
# Units of a sector are taken in this step, coprime to their number, so that one area's postcodes differ in both letters.
_UNITS, _UNIT_STEP = 400, 147
_FEWEST_HOUSES = 15
_STREETS = tomllib.loads((files("training.synthetic") / "streets.toml").read_text(encoding="utf-8"))
# Ours: families who live at an address that others have too, with no number: hostels, houses of many flats.
_SHARED_ADDRESS = 0.02


@dataclass(frozen=True, slots=True)
class Postcodes:
    """Every postcode of an authority, (k,) each, one small area after another: its street and its small area."""

    code: Texts
    street: Texts
    lsoa: Texts
    decile: Ints
    areas_per_decile: int

    def table(self) -> pa.Table:
        """Return the look-up of small areas by postcode."""
        return pa.table({"postcode": self.code, "lsoa": self.lsoa, "idaci_decile": self.decile})


@cache
def invent_postcodes(births: int) -> Postcodes:
    """Return the postcodes of an authority with so many births a year."""
    per_decile = max(4, round(births / 180))
    place = np.arange(len(DECILES) * per_decile * _PER_SMALL_AREA)
    area = place // _PER_SMALL_AREA
    decile = DECILES[area // per_decile]
    names, kinds = (np.array(_STREETS[part].replace("\n", " ").strip().split(", ")) for part in ("names", "kinds"))
    street = np.char.add(np.char.add(names[place * 37 % len(names)], " "), kinds[place * 7 // len(names) % len(kinds)])
    return Postcodes(_codes(area, place), street, street_codes(area, decile, per_decile), decile, per_decile)


def _codes(area: Ints, place: Ints) -> Texts:
    sector = area // _SMALL_AREAS_PER_SECTOR
    district = sector // _SECTORS_PER_DISTRICT
    unit = place % (_SMALL_AREAS_PER_SECTOR * _PER_SMALL_AREA) * _UNIT_STEP % _UNITS
    parts = [
        _LETTERS[district // 99],
        (district % 99 + 1).astype(np.str_),
        np.char.add(" ", (sector % _SECTORS_PER_DISTRICT + 1).astype(np.str_)),
        _LETTERS[unit // len(_LETTERS)],
        _LETTERS[unit % len(_LETTERS)],
    ]
    found = np.full(len(area), "Q")
    for part in parts:
        found = np.char.add(found, part)
    return found


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of families, (families, SPELLS) each: the place of the postcode, the number of the house, if it has one."""

    postcodes: Postcodes
    place: Ints
    house: Ints
    shared: Flags

    def postcode(self, family: Ints, spell: Ints) -> Texts:
        """Return the postcode each family has in a spell of its own."""
        return np.asarray(self.postcodes.code[self.place[family, spell]])

    def text(self, family: Ints, spell: Ints) -> Texts:
        """Return number and street, or the name of a house that many share."""
        street = self.postcodes.street[self.place[family, spell]]
        numbered = np.char.add(np.char.add(self.house[family, spell].astype(np.str_), " "), street)
        return np.where(self.shared[family, spell], np.char.add(street, " House"), numbered)


def invent_addresses(residence: Residence, postcodes: Postcodes, chance: Chance) -> Addresses:
    """Return where each family lives in each spell, in a small area of the decile it lives in."""
    per_decile, streets = postcodes.areas_per_decile, residence.streets
    area = (residence.deciles - 1) * per_decile + streets % per_decile
    rest = streets // per_decile
    shared = chance.stream("shared addresses").random(streets.shape) < _SHARED_ADDRESS
    within = np.where(shared, 0, rest % _PER_SMALL_AREA)
    houses = _FEWEST_HOUSES + within % 6
    # Even and odd numbers stand on two sides of a street, which are two postcodes.
    house = 2 * (rest // _PER_SMALL_AREA % houses) + 1 + within % 2
    return Addresses(postcodes, area * _PER_SMALL_AREA + within, house, shared)
