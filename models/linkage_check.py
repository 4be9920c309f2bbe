"""Whether what a contract says of linking fits together, and fits its sources."""

from collections import Counter
from collections.abc import Iterable, Iterator

from models.contract import Contract
from models.errors import Problem
from models.feature import Pointer
from models.linkage import ASPECTS, RESERVED, RESERVED_FILES, Agency, Block, Key, Linkage
from models.source import Source

_TEN_DIGITS = 1_000_000_000


def linkage_problems(contract: Contract) -> list[Problem]:
    """Return everything about linking that does not fit; nothing where a contract does not link."""
    linkage = contract.linkage
    return list(_all(contract, linkage)) if linkage is not None else []


def _all(contract: Contract, linkage: Linkage) -> Iterator[Problem]:
    yield from _parts(linkage)
    for agency in linkage.agencies:
        yield from _agency(contract, linkage, agency)
    for number, block in enumerate(linkage.blocks, start=1):
        yield from _block(linkage, block, f"linkage › block number {number}")
    yield from _sources(contract, linkage)
    yield from _narrow(contract, linkage)
    if linkage.birth_month is not None:
        yield from _pointer(contract, linkage, linkage.birth_month, "linkage › birth_month")
    yield from _places(contract, linkage)
    yield from _siblings(contract, linkage)


def _parts(linkage: Linkage) -> Iterator[Problem]:
    yield from _twice("part", (part.name for part in linkage.parts))
    yield from _twice("agency", (agency.name for agency in linkage.agencies))
    yield from _twice("agency › file", (agency.file for agency in linkage.agencies))
    names = {part.name for part in linkage.parts if part.kind == "name"}
    for part in linkage.parts:
        place = f'linkage › part "{part.name}"'
        if part.name in RESERVED:
            yield Problem(place, "linking has this word for something of its own", "Choose another name.")
        if "__" in part.name:
            yield Problem(place, "two underscores together are kept for the aspects of a part", "Use one.")
        if part.swaps_with is not None and part.swaps_with not in names - {part.name}:
            yield Problem(place, f'"{part.swaps_with}" is no other name', "Name the part it may change places with.")
    if not any(part.kind == "date" for part in linkage.parts):
        yield Problem("linkage", "no part is a date", "Declare the date of birth: ages are counted from it.")


def _twice(part: str, names: Iterable[str]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(f'linkage › {part} "{name}"', f"declared {count} times", "Give each its own name.")


def _agency(contract: Contract, linkage: Linkage, agency: Agency) -> Iterator[Problem]:
    place = f'linkage › agency "{agency.name}"'
    parts, sources = {part.name for part in linkage.parts}, {source.name for source in contract.sources}
    for name in agency.holds:
        if name not in parts:
            yield Problem(f"{place} › holds", f'there is no part "{name}"', "Name a declared part.")
    for name in agency.sources:
        if name not in sources:
            yield Problem(f"{place} › sources", f'there is no source "{name}"', "Name a declared source.")


def _block(linkage: Linkage, block: Block, place: str) -> Iterator[Problem]:
    kinds = {part.name: part.kind for part in linkage.parts}
    for key in dict.fromkeys(key for pair in block.keys for key in pair):
        yield from _key(key, kinds.get(key.part), place)


def _key(key: Key, kind: str | None, place: str) -> Iterator[Problem]:
    if kind is None:
        yield Problem(place, f'there is no part "{key.part}"', "Name a declared part.")
        return
    allowed = ASPECTS[kind]  # type: ignore[index]
    if key.aspect is not None and key.aspect not in allowed:
        words = f"Use the part itself{', or one of ' + ', '.join(allowed) if allowed else ''}."
        yield Problem(place, f'a {kind} has no aspect "{key.aspect}"', words)


def _sources(contract: Contract, linkage: Linkage) -> Iterator[Problem]:
    """Every source comes from one agency, or is worked out: rows that nobody's ids lead to could not be linked."""
    held = Counter(name for agency in linkage.agencies for name in agency.sources)
    worked_out = linkage.older_siblings.source if linkage.older_siblings is not None else None
    for source in contract.sources:
        place = f'source "{source.name}"'
        if source.file in RESERVED_FILES:
            yield Problem(place, f"linking writes a file of its own called {source.file}", "Give it another name.")
        if held[source.name] > 1:
            yield Problem(place, "is held by several agencies", "Leave it with one.")
        if (held[source.name] == 0) == (source.name != worked_out):
            what = "is held by no agency" if source.name != worked_out else "is worked out, and held by an agency"
            yield Problem(place, what, "Name it under sources of the agency that sends it, and there only.")


def _narrow(contract: Contract, linkage: Linkage) -> Iterator[Problem]:
    """A number that may be as long as an identifier could be one, typed into the wrong cell, and would come out."""
    for source in contract.sources:
        for column in source.columns if source.name in linkage.agency_of else ():
            low, high = (abs(bound) * column.grid.numerator // column.grid.denominator for bound in column.bounds)
            if column.numeric and column.type != "date" and max(low, high) >= _TEN_DIGITS:
                place = f'source "{source.name}" › column "{column.name}"'
                yield Problem(place, "may hold numbers as long as an NHS number", "Give it a range.")


def _pointer(contract: Contract, linkage: Linkage, pointer: Pointer, place: str) -> Iterator[Problem]:
    source = _linked(contract, linkage, pointer.source)
    if source is None:
        yield Problem(place, f'no agency holds a source "{pointer.source}"', "Name a source that is linked.")
    elif (column := source.column(pointer.column)) is None or column.type != "integer":
        yield Problem(place, f'source "{source.name}" has no whole number "{pointer.column}"', "Declare the column.")


def _linked(contract: Contract, linkage: Linkage, name: str) -> Source | None:
    return next((s for s in contract.sources if s.name == name and name in linkage.agency_of), None)


def _places(contract: Contract, linkage: Linkage) -> Iterator[Problem]:
    places, where = linkage.places, "linkage › places"
    if places is None:
        return
    source = _linked(contract, linkage, places.source)
    if source is None:
        yield Problem(where, f'no agency holds a source "{places.source}"', "Name a source that is linked.")
        return
    for name in places.columns:
        if source.column(name) is None:
            yield Problem(where, f'source "{source.name}" has no column "{name}"', "Declare the column.")
    if source.column(places.postcode) is not None:
        yield Problem(where, "the postcode is a column of the source, and would be kept", "Take that column out.")


def _siblings(contract: Contract, linkage: Linkage) -> Iterator[Problem]:
    told, where = linkage.older_siblings, "linkage › older_siblings"
    if told is None:
        return
    source = next((source for source in contract.sources if source.name == told.source), None)
    column = source.column(told.not_happened) if source is not None else None
    if source is None or column is None or column.type != "flag":
        yield Problem(where, f'no source has a flag "{told.not_happened}"', "Name a source and its flag.")
    elif source.happened.date is None or source.known.date is None:
        yield Problem(where, "the source needs dates for when it happened and was known", "Declare both.")
    if told.outcome not in {outcome.name for outcome in contract.outcomes}:
        yield Problem(where, f'there is no outcome "{told.outcome}"', "Name a declared outcome.")
    if contract.family is None:
        yield Problem(where, "no family key is declared", "Add [family] with its source and column.")
