"""A plan spelled out as TOML: every field, what it means, and what is left out where nothing is said."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

# What a person reads above a field or a table; inside tables, only of fields that may be left out.
ABOUT = {
    "format": "The form of this file.",
    "contract": "The digest of the contract it was written for: with another one, or a changed one, it is refused.",
    "evidence": 'quick, or full: sites, learning curve and what is left out costs what, too; a release needs "full".',
    "seed": "What every random draw starts from: the same plan and data give the same bundle.",
    "cohorts": "all; otherwise the years of birth to learn from and judge by, each named by the year it starts in.",
    "landmarks": "The ages at which children are scored; left out, all of the contract's.",
    "outcomes": "What is foreseen; left out, all of the contract's.",
    "candidates": "What competes to be shipped; where neither is clearly better, the simpler does.",
    "set_aside_share": "With more than this share of an extract's rows set aside, nothing is learned from any.",
    "folds": "Where there is no calendar: the parts that children are judged in, each by a model that never saw it.",
    "inner_folds": "Of the children learned from, the parts that pairs and calibration are worked out in.",
    "repeats": "How often the folds are drawn again.",
    "bootstrap": "How many draws of whole families each interval rests on.",
    "capacities": "Shares of children that a list may hold; each list is judged.",
    "refits": "How often what ships is learned again, to see whom that would move.",
    "audit_small_group": "Groups of fewer children are marked as small.",
    "logistic": "The candidate that is a weighted sum of features.",
    "glass_box": "The candidate made of steps of one feature or two, each of which can be printed and read.",
    "full_booster": "What nobody could read, learned beside them to say what that costs; it never ships.",
    "gates": "What must hold: too little signal, or a leak unexplained, leaves no bundle; the rest keeps it from release.",
    "gates.reason": "why anything here is looser than by default; a reason that would hold without this run's results.",
    "fairness": "What a board asks of gaps between groups: a margin of 0.05 is five points of recall.",
    "fairness.reason": "why the margin is above 0.1.",
    "fairness.owner": "nobody has agreed to this yet, and until somebody has, no release passes.",
    "fairness.agreed": "the day on which the owner agreed.",
    "fairness.protects": "The groups whose shortfall keeps a bundle from release; those that the contract declares:",
    "bands": "Whose lists they are, and the share of children that the team can see.",
    "bands.owner": "nobody has agreed to the bands yet.",
    "bands.agreed": "the day on which the owner agreed.",
    "bands.children_a_month": "in place of capacity, how many children the team can see in a month.",
    "bands.band": "What each band may be offered; the first is offered first.",
    "sign_off": "no leak alarm was looked into and found to be none (alarm, where, reason, by, on).",
}
Table = dict[str, Any]


def spelled_out(fields: Table, groups: Mapping[str, list[str]]) -> str:
    """Return a plan's fields as TOML; `groups`, by audit attribute, are those that it could protect."""
    named = [f"# {name} = {_value(group)}" for name, group in groups.items()]
    return "\n".join(["# How to train. Write it before results are seen.", *_lines(fields, "", named)]) + "\n"


def _lines(table: Table, path: str, named: list[str]) -> Iterator[str]:
    """Yield the lines of a table: its own fields first, then the tables in it, as TOML needs it."""
    for name, value in table.items():
        if not _holds_tables(value):
            yield from _field(path + name, name, value)
    for name, value in table.items():
        place = path + name
        if isinstance(value, dict):
            protects = named if place == "fairness.protects" else []
            yield from ("", f"# {ABOUT[place]}", f"[{place}]", *protects, *_lines(value, f"{place}.", named))
        elif _holds_tables(value):
            yield from ("", f"# {ABOUT[place]}")
            for each in value:
                yield from (f"[[{place}]]", *_lines(each, f"{place}.", named))


def _field(place: str, name: str, value: Any) -> Iterator[str]:
    if value is None or value == []:
        yield f"# {name}, left out: {ABOUT[place]}"
        return
    if place in ABOUT:
        yield f"# {ABOUT[place]}"
    yield f"{name} = {_value(value)}"


def _holds_tables(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value))


def _value(value: Any) -> str:
    """Return a value as TOML, which spells numbers, texts and lists as JSON does but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
