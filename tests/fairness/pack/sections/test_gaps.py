"""Gaps to a group's disadvantage."""

import copy
import json
import re
from typing import Any

from fairness.pack.reading import Reading, read
from fairness.pack.sections.calibration import calibration
from fairness.pack.sections.gaps import beyond, found, gravest, is_worse, protected_groups, unjudged
from fairness.pack.sections.missed import missed

Part = dict[str, Any]
_NOTHING = [0.4, 0.3, 0.5, 0.0, -0.1, 0.1, 0.14, 3]


def _reading(audit: Part, **gaps: list[Any]) -> Reading:
    """Return an audit in which nothing differs but the first attribute's first group's figures."""
    changed = copy.deepcopy(audit)
    for part in (*changed["audits"], *changed["foresight"]):
        for attribute in part["attributes"]:
            for line in attribute["groups"]:
                line["figures"] = {name: list(_NOTHING) for name in line["figures"]}
    group = changed["audits"][0]["attributes"][0]["groups"][0]
    group["figures"] |= gaps
    return read({"audit.json": json.dumps(changed).encode()})


def test_a_gap_in_a_group_s_favour_is_not_told_as_its_disadvantage(audit: Part) -> None:
    """More found, or fewer flagged needlessly, than among others is no shortfall, however large."""
    favour = [0.6, 0.5, 0.7, 0.2, 0.1, 0.3, 0.14, 1]
    assert found(_reading(audit, recall=favour, ppv=favour)) == []


def test_a_shortfall_is_told_in_natural_frequencies(audit: Part) -> None:
    """So many of a hundred missed, beside everyone else, then the difference with its range, so that more is worse."""
    (gap,) = found(_reading(audit, recall=[0.59, 0.54, 0.64, -0.11, -0.16, -0.06, 0.07, 1]))
    assert gap.what_differs() == (
        "Children in this group with the outcome were missed more often: about 41 in 100, compared with 30 in 100 for others. "
        "The difference is 11 (range 6 to 16)."
    )
    assert gap.briefly() == "About 41 in 100 missed, compared with 30 in 100 for others."


def test_needless_flags_are_told_too(audit: Part) -> None:
    """The second error is the list's: of a hundred on it, those without the outcome."""
    (gap,) = found(_reading(audit, ppv=[0.5, 0.4, 0.6, -0.08, -0.15, -0.01, 0.1, 2]))
    assert (gap.measure, gap.beside) == ("fdr", (50, 42))
    assert "flagged needlessly more often: about 50 in 100, compared with 42 in 100 for others" in gap.what_differs()


def test_the_gravest_gap_of_a_group_comes_first_and_alone(audit: Part) -> None:
    """One that is larger than agreed goes before one that is possible, and each group is told of once."""
    larger = [0.5, 0.4, 0.6, -0.2, -0.3, -0.1, 0.1, 1]
    (gap,) = found(_reading(audit, recall=[0.3, 0.2, 0.4, -0.3, -0.5, -0.1, 0.2, 2], ppv=larger))
    assert gap.measure == "fdr"


def test_the_measure_that_decides_goes_first(audit: Part) -> None:
    """Among gaps of one verdict, that of the primary measure is told, whichever the policy chose."""
    both = {"recall": [0.3, 0.2, 0.4, -0.1, -0.2, -0.01, 0.2, 2], "ppv": [0.3, 0.2, 0.4, -0.3, -0.4, -0.2, 0.2, 2]}
    assert [each.measure for each in found(_reading(audit, **both))] == ["recall"]
    policy = audit["policy"] | {"primary": {"measure": "fdr", "reason": "A needless flag is an intrusion."}}
    assert [each.measure for each in found(_reading(audit | {"policy": policy}, **both))] == ["fdr"]


def test_protected_groups_come_first_then_the_measure_that_decides_then_the_largest(audit: Part) -> None:
    """Neither a larger gap of a group that nobody protects, nor one of needless flags, goes before a protected group's shortfall."""
    shortfall = {"recall": [0.3, 0.2, 0.4, -0.1, -0.2, -0.01, 0.2, 2]}
    changed = json.loads(json.dumps(_reading(audit, **shortfall).audit))
    attributes = changed["audits"][0]["attributes"]
    larger = [0.2, 0.1, 0.3, -0.4, -0.5, -0.3, 0.1, 1]
    attributes[0]["groups"][1]["figures"]["ppv"] = larger
    attributes[1]["groups"][0]["figures"]["recall"] = larger
    attributes[1]["groups"][5]["figures"]["recall"] = larger
    reading = read({"audit.json": json.dumps(changed).encode()})
    whose = ["Ethnicity: Pakistani", "Sex: Girls", "Sex: Boys", "Ethnicity: White British"]
    assert [each.who for each in found(reading)] == whose
    assert set(whose[:3]) <= protected_groups(reading)
    assert whose[3] not in protected_groups(reading)


def test_the_score_with_the_gravest_gap_is_unfolded(audit: Part) -> None:
    """Not the first, where another has a larger one in the measures that the section tells of; without any gap, the first."""
    quiet = json.loads(json.dumps(_reading(audit).audit))
    assert gravest(read({"audit.json": json.dumps(quiet).encode()}), "recall") is None
    quiet["audits"][2]["attributes"][0]["groups"][0]["figures"]["recall"] = [0.2, 0.1, 0.3, -0.4, -0.5, -0.3, 0.1, 1]
    reading = read({"audit.json": json.dumps(quiet).encode()})
    assert gravest(reading, "recall", "fdr") is reading.heads[2]
    assert gravest(reading, "fdr") is None
    assert re.findall('id="missed-score-(.)" open="open"', missed(reading)) == ["3"]
    assert re.findall('<p class="paper">(.*?)</p>', missed(reading)) == [
        "Not on paper: 3 other scores, on screen and in pack.csv."
    ]


def test_a_group_of_which_a_section_shows_nothing_is_named_under_its_table(audit: Part) -> None:
    """Of a group of many children one measure may be hidden: where it would be drawn, the group is named with the symbol."""
    changed = json.loads(json.dumps(audit))
    for name, hidden in (("audits", ("recall", "ppv")), ("foresight", ("observed_over_expected",))):
        line = changed[name][0]["attributes"][0]["groups"][0]
        line["figures"] |= {measure: [None] * 8 for measure in hidden}
    reading = read({"audit.json": json.dumps(changed).encode()})
    for section in (missed(reading), calibration(reading)):
        assert "Not shown: Sex: Girls (c); Ethnicity:" in section


def test_which_side_is_worse() -> None:
    """Fewer found, more flagged needlessly, and scores that are off either way."""
    assert [is_worse(measure, -0.1) for measure in ("recall", "fdr", "observed_over_expected")] == [True, False, True]
    assert [is_worse(measure, 0.1) for measure in ("recall", "fdr", "observed_over_expected")] == [False, True, True]


def test_whoever_cannot_be_judged_is_counted_at_each_score(audit: Part) -> None:
    """Hidden groups, and those of whom nobody is there, are among them at every score; whoever was judged is not."""
    reading = _reading(audit, recall=[0.6, 0.5, 0.7, 0.2, 0.1, 0.3, 0.14, 1])
    counts = unjudged(reading)
    assert counts["Ethnicity: Gypsy or Roma"] == counts["Ethnicity: Traveller of Irish heritage"] == len(reading.heads)
    assert counts["Sex: Girls"] == len(reading.heads) - 1
    assert beyond(reading) == ["Ethnicity: Black African"]
