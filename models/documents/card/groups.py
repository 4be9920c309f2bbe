"""How errors differ between groups, in what the audit may tell."""

from collections.abc import Iterator, Sequence

from models.documents.artefacts import Pointer
from models.documents.forms import COUNT, TWO_PLACES
from models.documents.heads import AUDIT, CONTRACT, Head
from models.documents.sheet import Sheet, table


def groups(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield between which groups the audit's figures lie furthest apart, and of which groups little can be said."""
    yield (
        "Every group of every attribute stands in `audit.json`; none is left out. Counts are rounded, and of fewer than "
        f"{sheet.tell(AUDIT / 'minimum_cell', COUNT)} children nothing is told. Here: of the children with the outcome, the share "
        "who are on the team's list; of everyone, and of the groups where it is lowest and highest. These are figures without "
        "intervals: a difference between two of them is not yet a finding, and no difference is no proof that there is none. "
        "What the board has asked of them is told under the gates."
    )
    yield ""
    yield from table(
        ("What is foreseen, from when", "Everyone", "Lowest", "Highest"),
        [(head.title(sheet), *_furthest(sheet, head.audit)) for head in heads],
    )
    yield from _small(sheet, heads)
    yield ""
    yield (
        "An outcome that people judge carries what they expect of a group; no audit of it can see that. Where one group has the "
        "outcome more often, no list can both foresee in each group as many as happen and find the same share of each."
    )


def _furthest(sheet: Sheet, audit: Pointer) -> tuple[str, str, str]:
    told = [
        (sheet.at(_recall(group)), attribute, group)
        for attribute in _attributes(sheet, audit)
        for group in sheet.listed(attribute / "groups")
        if sheet.at(_recall(group)) is not None and not sheet.at(group / "small")
    ]
    everyone = sheet.tell(_recall(audit / "overall"), TWO_PLACES)
    if not told:
        return everyone, "not known", "not known"
    lowest, highest = min(told, key=lambda one: one[0]), max(told, key=lambda one: one[0])
    return everyone, _group(sheet, *lowest[1:]), _group(sheet, *highest[1:])


def _group(sheet: Sheet, attribute: Pointer, group: Pointer) -> str:
    return f"{_named(sheet, attribute)}, {sheet.quote(group / 'group')}: {sheet.tell(_recall(group), TWO_PLACES)}"


def _attributes(sheet: Sheet, audit: Pointer) -> list[Pointer]:
    """Return the attributes alone: not the pools of one, nor two together."""
    return [each for each in sheet.listed(audit / "attributes") if sheet.at(each / "kind") in {None, "attribute"}]


def _recall(line: Pointer) -> Pointer:
    """Return where a line's recall stands: the first of a figure's numbers."""
    return line / "figures" / "recall" / 0


def _named(sheet: Sheet, attribute: Pointer) -> str:
    """Return the label that the contract has for an attribute; its name where it has none."""
    name = sheet.at(attribute / "attribute")
    declared = (each for each in sheet.listed(CONTRACT / "audit") if sheet.at(each / "name") == name)
    beside = attribute / ("attribute" if sheet.at(attribute / "label") is None else "label")
    return sheet.quote(next((each / "label" for each in declared), beside))


def _small(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield the groups that are small for some landmark and outcome, by attribute, each once."""
    small: dict[object, dict[object, Pointer]] = {}
    named: dict[object, Pointer] = {}
    for head in heads:
        for attribute in _attributes(sheet, head.audit):
            for group in sheet.listed(attribute / "groups"):
                if sheet.at(group / "small"):
                    name = sheet.at(attribute / "attribute")
                    named.setdefault(name, attribute)
                    small.setdefault(name, {}).setdefault(sheet.at(group / "group"), group / "group")
    if small:
        each = [
            f"{_named(sheet, named[name])} ({', '.join(map(sheet.quote, of.values()))})" for name, of in small.items()
        ]
        yield (
            f"Of groups of fewer than {sheet.tell(AUDIT / 'small_group', COUNT)} children for at least one of these lines little "
            f"can be said, and a score may serve them worse without anybody seeing it: {'; '.join(each)}."
        )
