"""
Names as communities give them: lists of our own, composed to thousands, some names far commoner than others.

The files in `names/` say what the names are; a community's conventions are theirs too: forms for a man and a woman, names
that sons and daughters bear instead of the family's, double names, mothers who keep a name of their own.
"""

import math
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from training.synthetic.families import Flags, Floats, Ints

Words = NDArray[np.object_]
_FOLDER = files("training.synthetic") / "names"
# Ours: a community's first few names are about equally common.
_EQUALS = 4


class Stock(BaseModel):
    """
    Names parted by commas, and roots and endings that make more of them.

    `skew` is the exponent of Zipf's law, `otherwise` the share who do not spell a name the first way.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    common: str
    skew: float = Field(ge=0, strict=False)
    otherwise: float = Field(default=0.12, ge=0, le=1, strict=False)
    roots: str = ""
    endings: str = ""
    between: str = ""


class Surnames(Stock):
    """Surnames, `double` the share of two joined; a share `by_sex` of families names sons and daughters apart."""

    double: float = Field(default=0, ge=0, le=1, strict=False)
    by_sex: float = Field(default=0, ge=0, le=1, strict=False)
    sons: str = ""
    daughters: str = ""


class Community(BaseModel):
    """The names of one community; `mothers_own_name` is the share of mothers whose surname is not the child's."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    mothers_own_name: float = Field(ge=0, le=1, strict=False)
    boys: Stock
    girls: Stock
    surnames: Surnames


@dataclass(frozen=True, slots=True)
class Drawable:
    """Every spelling of every name of a stock, (k,) each: its form for a man and a woman, its first spelling, weight."""

    man: Words
    woman: Words
    first: Words
    weight: Floats

    def draw(self, count: int, rng: np.random.Generator) -> Ints:
        """Draw names, by their places in the stock."""
        return rng.choice(len(self.weight), count, p=self.weight)


@cache
def communities() -> dict[str, Community]:
    """Return every community by its name, in the order of their names."""
    found = sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml"))
    return {name: Community.model_validate(_read(name)) for name in found if name != "shares"}


@cache
def shares() -> dict[str, dict[str, float]]:
    """Return how many of the families of each ethnic group take their names from which communities."""
    return {
        code: {name: weight / math.fsum(weights.values()) for name, weight in weights.items()}
        for code, weights in _read("shares").items()
    }


def _read(name: str) -> dict[str, dict[str, float]]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def drawable(names: Stock) -> Drawable:
    """Return the names of a stock as they are drawn: the common ones first, then the composed, in a fixed disorder."""
    composed = list(dict.fromkeys(_composed(names)))
    disorder = np.random.default_rng(zlib.crc32(names.common.encode())).permutation(len(composed))
    entries = [*_listed(names.common), *(composed[i] for i in disorder.tolist())]
    weights = 1 / (np.arange(len(entries)) + _EQUALS) ** names.skew
    spelled = [
        (man, woman, entry[0][0], weight * share)
        for entry, weight in zip(entries, weights.tolist(), strict=True)
        for (man, woman), share in zip(entry, _spelling_shares(len(entry), names.otherwise), strict=True)
    ]
    man, woman, first, weight = (np.array(part, dtype=np.object_) for part in zip(*spelled, strict=True))
    weight = weight.astype(np.float64)
    return Drawable(man, woman, first, weight / weight.sum())


Entry = tuple[tuple[str, str], ...]


def _listed(text: str) -> list[Entry]:
    """Read names parted by commas, their spellings parted by slashes, a man's form from a woman's by a bar."""
    return [tuple(_forms(spelling) for spelling in name.split("/")) for name in _words(text)]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _forms(spelling: str) -> tuple[str, str]:
    man, _, woman = spelling.partition("|")
    return man, woman or man


def _composed(names: Stock) -> Iterator[Entry]:
    for root in _words(names.roots):
        for man, woman in (_forms(ending) for ending in _words(names.endings)):
            yield ((root + names.between + man, root + names.between + woman),)


def _spelling_shares(count: int, otherwise: float) -> list[float]:
    return [1.0] if count == 1 else [1 - otherwise, *[otherwise / (count - 1)] * (count - 1)]


def draw_surnames(community: Ints, rng: np.random.Generator) -> tuple[Words, Words]:
    """Return a surname for each family of a community (index into `communities()`): what its sons and daughters bear."""
    sons, daughters = np.empty((2, len(community)), dtype=np.object_)
    for i, names in enumerate(communities().values()):
        own = np.flatnonzero(community == i)
        stock = drawable(names.surnames)
        drawn, other = stock.draw(len(own), rng), stock.draw(len(own), rng)
        double = rng.random(len(own)) < names.surnames.double
        sons[own] = _joined(stock.man, drawn, other, double)
        daughters[own] = _joined(stock.woman, drawn, other, double)
        apart = own[rng.random(len(own)) < names.surnames.by_sex]
        for found, listed in ((sons, names.surnames.sons), (daughters, names.surnames.daughters)):
            if listed:
                borne = drawable(Stock(common=listed, skew=names.surnames.skew, otherwise=names.surnames.otherwise))
                found[apart] = borne.man[borne.draw(len(apart), rng)]
    return sons, daughters


def _joined(names: Words, drawn: Ints, other: Ints, double: Flags) -> Words:
    found = names[drawn]
    twice = double & (drawn != other)
    found[twice] = found[twice] + "-" + names[other[twice]]
    return found


def draw_forenames(community: Ints, boy: Flags, rng: np.random.Generator) -> tuple[Words, Words]:
    """Return a forename for each child of a community, as spelled, and in its first spelling."""
    spelled, first = np.empty((2, len(community)), dtype=np.object_)
    for i, names in enumerate(communities().values()):
        for sex, listed in ((boy, names.boys), (~boy, names.girls)):
            own = np.flatnonzero((community == i) & sex)
            drawn = drawable(listed).draw(len(own), rng)
            spelled[own], first[own] = drawable(listed).man[drawn], drawable(listed).first[drawn]
    return spelled, first


@cache
def spellings() -> dict[str, tuple[str, ...]]:
    """Return, for every name that has them, its other spellings and forms."""
    found: dict[str, dict[str, None]] = {}
    for names in communities().values():
        for text in (names.boys.common, names.girls.common, *_surname_lists(names.surnames)):
            for entry in _listed(text):
                forms = dict.fromkeys(form for spelling in entry for form in spelling)
                for form in forms:
                    found.setdefault(form, {}).update(forms)
    return {name: tuple(other for other in forms if other != name) for name, forms in found.items() if len(forms) > 1}


def _surname_lists(surnames: Surnames) -> tuple[str, str, str]:
    return surnames.common, surnames.sons, surnames.daughters


def variants(name: str) -> tuple[str, ...]:
    """Return how else people write a name: its other spellings; parts of a double one; without apostrophe or hyphen."""
    found = list(spellings().get(name, ()))
    for mark in "-' ":
        if mark in name:
            parts = name.split(mark)
            found += ["".join(parts), *([" ".join(parts)] if mark != " " else []), *(p for p in parts if len(p) > 2)]
    return tuple(found)
