"""What may be told of a search."""

import dataclasses
import json
from collections.abc import Callable

import pandas as pd
import pytest

from fairness.segment.confirm import Judged
from fairness.segment.reach import Reach
from fairness.segment.search import Characteristic, Segment, worst_segment
from fairness.segment.told import told
from models.readability import grade, measure

LABELS = {"sex": "Sex", "area": "Area"}
HALF = Judged(63, 34, 15.4, 16.1, 1.234, 0.00049, 1_602, 511, 498.2)
FOUND = Segment(
    "review", "later", 3_203, 1_449, (Characteristic("sex", "Girls"), Characteristic(None, "highest fifth of scores")), HALF, Reach(0.1834, 304)
)  # fmt: skip
TOO_FEW = dataclasses.replace(HALF, n=40, events=9)


def test_a_confirmed_segment_is_told_from_rounded_counts() -> None:
    """Definition, words, and shares of counts to the nearest five; excess and interval in whole points."""
    line = told(FOUND, LABELS, set())
    assert (line["landmark"], line["outcome"], line["exploratory"]) == ("review", "later", True)
    assert (line["children"], line["searched"], line["enough"]) == (3_205, 1_449, False)
    assert line["definition"] == [
        {"attribute": "sex", "label": "Sex", "group": "Girls"},
        {"attribute": None, "label": "Score", "group": "highest fifth of scores"},
    ]
    assert line["words"] == "Sex: Girls × highest fifth of scores"
    assert (line["confirmed"], line["why_not"]) == (True, None)
    figures = line["figures"]
    assert (figures["n"], figures["observed"], figures["foreseen"]) == (65, 0.54, 0.24)
    assert (figures["observed_of_everyone"], figures["foreseen_of_everyone"]) == (0.32, 0.31)
    assert figures["low"] < figures["excess"] < figures["high"]
    assert figures["excess"] == 0.28
    assert figures["p"] == 0.0005
    assert line["reach"] == {"share": 0.04, "excess": 0.15, "chance": 0.18, "smallest": 305}


def test_children_who_round_alike_are_told_alike() -> None:
    """What is told of counts is what is told of any others that round to them."""
    other = dataclasses.replace(HALF, n=66, events=36, foreseen=15.4 * 66 / 63, expected=16.1 * 66 / 63, all_n=1_599, all_events=509, all_foreseen=498.2 * 1_599 / 1_602)  # fmt: skip
    assert told(dataclasses.replace(FOUND, judged=other, children=3_206), LABELS, set()) == told(FOUND, LABELS, set())


@pytest.mark.parametrize(
    ("change", "why_not", "confirmed"),
    [
        ({"definition": (), "judged": None}, "none", False),
        ({"judged": None}, "too few", False),
        ({"judged": TOO_FEW}, "too few", False),
        ({"judged": dataclasses.replace(HALF, n=40, events=31)}, "too few", False),
        ({"judged": dataclasses.replace(HALF, p=0.01001)}, "not beyond chance", False),
        ({"judged": dataclasses.replace(HALF, p=0.01)}, None, True),
    ],
)
def test_what_is_not_confirmed_says_why(change: dict[str, object], why_not: str | None, confirmed: bool) -> None:  # noqa: FBT001
    """Nothing found, too few to judge by, or no more than chance; figures only where ten of each outcome are there."""
    line = told(dataclasses.replace(FOUND, **change), LABELS, set())  # type: ignore[arg-type]
    assert (line["why_not"], line["confirmed"]) == (why_not, confirmed)
    assert (line["figures"] is None) == (why_not in {"none", "too few"})
    assert line["figures"] is None or (line["figures"]["p"] <= 0.01) == confirmed


def test_a_segment_of_a_hidden_group_is_not_told() -> None:
    """Neither its name nor a figure of it."""
    line = told(FOUND, LABELS, {("sex", "Girls")})
    assert (line["why_not"], line["definition"], line["words"], line["figures"]) == ("hidden", None, None, None)
    assert not line["confirmed"]
    assert "Girls" not in json.dumps(line)
    assert told(FOUND, LABELS, {("sex", "Boys"), ("area", "Girls")}) == told(FOUND, LABELS, set())


def test_every_search_is_called_exploratory_in_plain_words(invented: Callable[..., pd.DataFrame]) -> None:
    """Whatever came of it, sentences of at most 25 words, at a reading grade of at most 9, say that it is exploratory."""
    searches = [FOUND, *(worst_segment(invented(n, 1), ("sex", "area", "term"), 1) for n in (8, 60, 900, 12_800))]
    halves = [None, TOO_FEW, HALF, dataclasses.replace(HALF, p=0.5, events=14)]
    searches += [dataclasses.replace(FOUND, judged=half) for half in halves]
    for search in searches:
        for line in (told(search, LABELS, hidden) for hidden in (set(), {("sex", "Girls")})):
            assert line["said"][0].startswith("This search is exploratory.")
            assert ("can miss much" in " ".join(line["said"])) == (not line["enough"])
            # The words of groups are the contract's own.
            text = " ".join(line["said"]).replace(str(line["words"]), "this one")
            assert grade(*measure(text)) <= 9
            assert all(len(sentence.split()) <= 25 for sentence in text.split(". "))
            json.dumps(line, allow_nan=False)
