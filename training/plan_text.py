"""A plan spelled out as TOML: every field, what it means, and what is left out where nothing is said."""

from typing import Any

from models.toml_text import About, spelled_out

# What a person reads above a field or a table; inside tables, only of fields that may be left out.
_WORDS = {
    "format": "The form of this file.",
    "contract": "The digest of the contract it was written for: with another one, or a changed one, it is refused.",
    "evidence": 'quick, or full: sites, learning curve, what is left out costs what, earlier cohorts audited; a release needs "full".',
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
    "logistic": "The candidate that is a weighted sum of features.",
    "glass_box": "The candidate made of steps of one feature or two, each of which can be printed and read.",
    "full_booster": "What nobody could read, learned beside them to say what that costs; it never ships.",
    "gates": "What must hold: too little signal, or a leak unexplained, leaves no bundle; the rest keeps it from release.",
    "gates.reason": "why anything here is looser than by default; a reason that would hold without this run's results.",
    "bands": "Whose lists they are, and the share of children that the team can see.",
    "bands.owner": "nobody has agreed to the bands yet.",
    "bands.agreed": "the day on which the owner agreed.",
    "bands.children_a_month": "in place of capacity, how many children the team can see in a month.",
    "bands.band": "What each band may be offered; the first is offered first.",
    "sign_off": "no leak alarm was looked into and found to be none (alarm, where, reason, by, on).",
}


def plan_text(fields: dict[str, Any]) -> str:
    """Return a plan's fields as TOML."""
    return spelled_out(fields, "How to train. Write it before results are seen.", About(_WORDS, {}))
