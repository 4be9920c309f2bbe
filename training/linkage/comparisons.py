"""How parts of two identities are compared: for each kind a ladder of levels, from the same to not alike, for Splink."""

from typing import Any

from splink.comparison_level_library import (
    ArrayIntersectLevel,
    CustomLevel,
    DamerauLevenshteinLevel,
    ElseLevel,
    ExactMatchLevel,
    JaroWinklerLevel,
    NullLevel,
    Or,
)
from splink.comparison_library import CustomComparison
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from models.linkage import Part
from training.linkage.people import CROSSED, HELD

Level = ComparisonLevelCreator


def comparison(part: Part) -> CustomComparison:
    """Return the comparison of one part: a level for *not known*, and the ladder of its kind."""
    levels: list[Level | dict[str, Any]] = [
        NullLevel(part.name),
        *_ladder(part),
        ElseLevel().configure(label_for_charts="not alike"),
    ]
    return CustomComparison(levels, output_column_name=part.name, comparison_description=part.name)


def _ladder(part: Part) -> list[Level]:
    match part.kind:
        case "name":
            return _names(part)
        case "date":
            return _dates(part)
        case "postcode":
            return _postcodes(part)
        case "text":
            return [_same(part, common_counts_less=True), *(_nearly(part, similarity) for similarity in part.close)]
        case "number":
            return [_same(part), _said(DamerauLevenshteinLevel(part.name, 1), "one slip of the pen")]
        case "nhs_number" | "upn" | "code":
            return [_same(part)]


def _same(part: Part, *, common_counts_less: bool = False) -> Level:
    return _said(ExactMatchLevel(part.name, term_frequency_adjustments=common_counts_less), "the same")


def _said(level: Level, words: str) -> Level:
    return level.configure(label_for_charts=words)


def _nearly(part: Part, similarity: float) -> Level:
    return _said(JaroWinklerLevel(part.name, similarity), f"alike ({similarity:g})")


def _names(part: Part) -> list[Level]:
    near = [JaroWinklerLevel(part.name, similarity) for similarity in part.close]
    sound = CustomLevel(f"{part.name}__sound_l = {part.name}__sound_r")
    first = _said(Or(near[0], sound) if near else sound, "sounds the same, or nearly the same")
    swapped = [_swapped(part.name, part.swaps_with)] if part.swaps_with is not None else []
    rest = [_nearly(part, similarity) for similarity in part.close[1:]]
    return [_same(part, common_counts_less=True), first, *swapped, *rest]


def _swapped(name: str, other: str) -> Level:
    """The two names stand in each other's place; only one of the two parts should declare it, or it counts twice."""
    return _said(CustomLevel(f"{name}_l = {other}_r AND {other}_l = {name}_r"), "in another's place")


def _dates(part: Part) -> list[Level]:
    name = part.name
    slip = Or(CustomLevel(f"{name}_l = {name}{CROSSED}_r"), DamerauLevenshteinLevel(name, 1))
    pairs = (("year", "month"), ("year", "day"), ("month", "day"))
    two = " OR ".join(f"({name}__{a}_l = {name}__{a}_r AND {name}__{b}_l = {name}__{b}_r)" for a, b in pairs)
    return [
        _same(part),
        _said(slip, "day and month crossed, or one slip"),
        _said(CustomLevel(two), "two of day, month and year"),
    ]


def _postcodes(part: Part) -> list[Level]:
    name = part.name
    same = Or(CustomLevel(f"{name}_l = {name}_r"), ArrayIntersectLevel(name + HELD, 1))
    return [
        _said(same, "one postcode in common"),
        _said(CustomLevel(f"{name}__sector_l = {name}__sector_r"), "the same sector"),
        _said(CustomLevel(f"{name}__district_l = {name}__district_r"), "the same district"),
    ]
