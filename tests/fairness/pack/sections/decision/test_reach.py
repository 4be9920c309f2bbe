"""What the data could show."""

import copy
import json
from typing import Any

import pytest

from fairness.pack.reading import Reading, read
from fairness.pack.sections.decision.reach import reach, whom
from fairness.pack.sections.decision.sheet import sheet
from fairness.pack.sections.method import method

Part = dict[str, Any]


def _reading(audit: Part) -> Reading:
    return read({"audit.json": json.dumps(audit).encode()})


def _pooled(audit: Part, **told: Any) -> Part:
    """Return the audit with children of earlier years, of as many more at each score."""
    one = {
        "cohorts": [2018, 2019, 2020],
        "of_what_ships": 450,
        "words": "Each was judged by a model that is older.",
        **told,
    }
    places = [{"landmark": each["landmark"], "outcome": each["outcome"]} for each in audit["audits"]]
    return audit | {"pooled": [place | {"children": 900 + 100 * at} | one for at, place in enumerate(places)]}


def test_what_the_data_could_reach_is_said_first(audit: Part) -> None:
    """Before any gap is told: of how many groups the data could have said anything, added over the scores."""
    said = reach(_reading(audit))
    assert said.startswith(
        "Of 84 comparisons of a group with everyone else (4 scores), 48 rest on enough children to be judged at all."
    )
    assert "For 16, the data could have shown a gap within the margin of 5 points." in said
    single = copy.deepcopy(audit) | {"audits": audit["audits"][:1]}
    assert reach(_reading(single)).startswith("Of 21 groups, 12 rest on")


def test_protected_groups_are_counted_apart(audit: Part) -> None:
    """How many of their comparisons there are, and how many have a verdict other than that the data cannot tell."""
    assert "Of the 20 of protected groups, 20 could be given a verdict." in reach(_reading(_judged(audit, 0)))
    assert "Of the 20 of protected groups, none could be given a verdict." in reach(_reading(_judged(audit, 3)))
    nobody = copy.deepcopy(audit)
    for part in nobody["audits"]:
        for attribute in part["attributes"]:
            attribute["groups"] = [line | {"protected": False} for line in attribute["groups"]]
    assert "protected" not in reach(_reading(nobody))


def _judged(audit: Part, verdict: int) -> Part:
    changed = copy.deepcopy(audit)
    for part in changed["audits"]:
        for attribute in part["attributes"]:
            for line in attribute["groups"]:
                line["figures"] = {"recall": [0.4, 0.3, 0.5, 0.0, -0.1, 0.1, 0.1, verdict]}
    return changed


def test_whom_the_audit_is_of_comes_before_what_it_could_show(audit: Part) -> None:
    """Of how many years children were judged, how many for each score; the first thing under the heading."""
    reading = _reading(_pooled(audit))
    said = whom(reading)
    assert said.startswith(
        "Judged were children born in the academic years from 2018, 2019 and 2020 (900 to 1,200 for each score)."
    )
    assert f"<h3>What the data could show</h3><p>{said}Of 84" in sheet(reading)


def test_the_method_says_of_each_score_whom_it_is_of(audit: Part) -> None:
    """Years, children and how many of them were judged by what ships, with the audit's own words."""
    drawn = method(_reading(_pooled(audit)))
    assert drawn.count("Each was judged by a model that is older.") == 1
    assert '<td class="words">2018, 2019 and 2020</td>' in drawn
    assert [f"<td>{n}</td><td>450</td>" in drawn for n in ("900", "1,000", "1,100", "1,200")] == [True] * 4


@pytest.mark.parametrize("children", [None, 900])
def test_without_a_calendar_no_years_are_told_of(audit: Part, children: int | None) -> None:
    """Children who were all judged by folds have no years of birth; a number that is hidden is not told."""
    reading = _reading(_pooled(audit, cohorts=None, of_what_ships=None, children=children))
    assert whom(reading) == "Every child was judged by a model that had not seen that child. "
    assert '<td class="words">all</td>' in method(reading)


def test_quick_evidence_says_whom_it_leaves_out(audit: Part) -> None:
    """Where earlier years were not looked for, the sheet says so, and the method in the audit's words; where nobody says, nothing."""
    quick = _reading(audit | {"not_computed": {"pooled": "Full evidence adds earlier years."}})
    assert whom(quick).startswith("The evidence is quick:")
    assert "Full evidence adds earlier years." in method(quick)
    assert whom(_reading(audit)) == ""
