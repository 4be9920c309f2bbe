"""The sections after the first page, each by what only it can say."""

import json
import re
from typing import Any

import pytest

from fairness.pack.reading import Reading, read
from fairness.pack.sections.cannot_judge import cannot_judge
from fairness.pack.sections.challenger import challenger
from fairness.pack.sections.choices import choices
from fairness.pack.sections.how_well import how_well
from fairness.pack.sections.intersections import intersections
from fairness.pack.sections.lists import lists
from fairness.pack.sections.method import method
from fairness.pack.sections.missed import missed
from fairness.pack.sections.what_it_does import what_it_does
from fairness.pack.sections.who_is_missing import who_is_missing
from fairness.pack.sections.with_and_without import with_and_without
from fairness.pack.sections.worst_segment import worst_segment
from models.capacities import CAPACITIES

Part = dict[str, Any]


def _cells(drawn: str, name: str) -> list[str]:
    """Return the cells of the first row of that name."""
    row = re.search(rf'<th scope="row">{re.escape(name)}(?:<small>.*?</small>)?</th>(.*?)</tr>', drawn)
    assert row is not None, name
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[1])]


def _under(drawn: str, caption: str) -> str:
    """Return the table whose caption begins so."""
    return drawn.partition(f"<caption><span>{caption}")[2].partition("</table>")[0]


def test_bands_are_told_by_their_place_in_the_order(full_reading: Reading) -> None:
    """A band holds the children between two lengths of list; the last one everybody else."""
    drawn = what_it_does(full_reading)
    assert _cells(drawn, "Invite")[0] == "11 to 20"
    assert _cells(drawn, "What every family is offered")[0] == "21 to 100"
    assert "Agreed on 1 September 2026, owned by Head of early help." in drawn


def test_the_figure_to_quote_stands_beside_the_other(full_reading: Reading) -> None:
    """AUC as shipped, and as old as in use where that is known."""
    drawn = how_well(full_reading)
    assert _cells(drawn, "Not at a good level of development, from two months")[3] == "0.68 (0.65 to 0.71)"
    assert _cells(drawn, "Not at a good level of development, from two-year review")[3] == "–"


def test_the_gap_that_decides_stands_with_the_smallest_that_could_be_seen(full_reading: Reading, audit: Part) -> None:
    """Beside each group's gap: the smallest gap that could be seen."""
    line = audit["audits"][0]["attributes"][1]["groups"][5]
    smallest = line["figures"]["recall"][6]
    row = re.findall(r'<th scope="row">Pakistani \*<small>.*?</tr>', missed(full_reading))[1]
    assert f'<td class="n">{round(smallest * 100)}</td>' in row


def test_a_group_that_cannot_be_judged_is_told_what_it_would_take(audit: Part) -> None:
    """The smallest gap seen, and how many times as many children would see the margin: with the square, rounded up."""
    one = json.loads(json.dumps(audit))
    line = one["audits"][0]["attributes"][1]["groups"][5]
    line["figures"]["recall"][6:] = [0.12, 3]
    drawn = cannot_judge(read({"audit.json": json.dumps(one).encode()}))
    assert _cells(drawn, "Ethnicity: Pakistani")[:2] == ["100 to 249", "12; 6×"]
    assert _cells(drawn, "Ethnicity: Gypsy or Roma")[:2] == ["fewer than 10", "c"]
    assert _cells(drawn, "Ethnicity: Traveller of Irish heritage")[:2] == ["nobody", "z"]
    assert _cells(drawn, "Ethnicity: White and Black Caribbean")[-1].startswith("Mixed background (")
    assert re.search(r"<p class=\"headline\">Of \d+ groups we cannot tell.*; \d are protected\.</p>", drawn)


def test_children_who_could_not_be_scored_are_told_by_reason(full_reading: Reading) -> None:
    """By age and reason; a small number is hidden; and whom linking missed, by agency."""
    drawn = who_is_missing(full_reading)
    assert _cells(drawn, "too little was known") == ["210"]
    assert _cells(drawn, "not certain enough that all records are of one child") == ["c"]
    assert "Health: children found in another agency too, of 100" in drawn


def test_both_models_stand_side_by_side(full_reading: Reading) -> None:
    """As it ships, the other way, and the change with its range; and that both cannot be equal."""
    drawn = with_and_without(full_reading)
    recall = _under(drawn, "Sex: on the list, of 100 with the outcome")
    assert _cells(recall, "Girls") == ["1,240", "36", "44", "+8 (+5 to +11)"]
    assert _cells(recall, "Boys") == ["c", "c", "c", "c"]
    assert "calibration and recall cannot both be equal" in drawn


def test_quick_evidence_is_told_so(full_files: dict[str, bytes]) -> None:
    """Where nothing was learned again, the section says how to have it."""
    quick = json.dumps({"evaluations": [], "not_computed": ["without"]}).encode()
    assert "The evidence is quick." in with_and_without(read(full_files | {"evaluation.json": quick}))


def test_combinations_are_told_with_their_verdict(full_reading: Reading, audit: Part) -> None:
    """Each combination has a row, with its gap and the mark of its verdict at every age."""
    drawn = intersections(full_reading)
    line = next(each for each in audit["audits"][0]["attributes"] if each["kind"] == "intersection")["groups"][0]
    mark = "●▲◆○"[line["figures"]["recall"][7]]
    assert _cells(drawn, line["group"])[1].endswith(mark)


def test_a_segment_is_called_exploratory(full_reading: Reading) -> None:
    """The search says what it is, and tells figures only where it found something."""
    drawn = worst_segment(full_reading)
    assert "Exploratory: of 4 searches, 1 found a segment that other children confirmed." in drawn
    assert _cells(drawn, "Summer-born × highest fifth of scores")[:3] == ["85", "61", "47"]
    assert "more than 2 in 100 beyond what was foreseen" in drawn
    assert "A segment of one characteristic stands in the tables of sections 4 and 5 too" in drawn


def test_choices_are_told_as_what_they_change_for_a_hundred(full_reading: Reading) -> None:
    """What ships as counts of a hundred, each other choice as changes of them; and what is never served, and why."""
    drawn = choices(full_reading)
    girls = _under(drawn, "Sex: Girls: of 100 children")
    assert _cells(girls, "1. as it ships") == ["20", "11", "21", "9", "18", "8", "10", "10"]
    assert _cells(girls, "3. a list of 25% of children") == [
        "+2",
        "+1",
        "\N{MINUS SIGN}2",
        "about 0",
        "+4",
        "c",
        "about 0",
        "about 0",
    ]
    assert "others: on the list" in girls
    assert "A draw by chance. " in drawn


def test_a_choice_whose_shortfall_is_hidden_is_not_drawn(full_files: dict[str, bytes]) -> None:
    """Its number is in no drawing, and its row says that it is hidden; others are drawn where the widest told shortfall is."""
    evaluation = json.loads(full_files["evaluation.json"])
    options = evaluation["evaluations"][0]["full"]["options"]["options"]
    options[2]["shortfall"] = None
    for option in options:
        untold = option["groups"][0] | {"gap": None}
        # Nobody may take the gap of a group for the widest of which nothing is told of what ships.
        found = {"value": -0.5, "low": -0.6, "high": -0.4}
        option["groups"] += [untold if option is options[0] else untold | {"gap": found}]
    drawn = choices(read(full_files | {"evaluation.json": json.dumps(evaluation).encode()}))
    assert re.findall(r'class="label">(\d)<', drawn) == ["1", "2", "1", "2"]
    assert _cells(drawn, "3. a list of 25% of children")[0] == "c"
    assert "\N{MINUS SIGN}40</text>" not in drawn


def test_what_is_never_served_is_said_without_any_choice(audit_files: dict[str, bytes]) -> None:
    """Chance, and a cut-off for each group, are ruled out whether or not anything else was tried."""
    drawn = choices(read(audit_files))
    assert "A draw by chance. " in drawn
    assert "A cut-off for each group. " in drawn


def test_the_challenger_is_told_beside_the_champion(full_reading: Reading) -> None:
    """Both, the difference, who would move, and whether a gap is new."""
    drawn = challenger(full_reading)
    assert _cells(drawn, "Sex: Girls") == ["36", "39", "+3 (\N{MINUS SIGN}1 to +7)"]
    assert _cells(_under(drawn, "Children who would move"), "Sex: Girls") == ["40", "c", "190"]
    assert "not enough data to tell" in drawn


def test_every_audited_list_is_there(full_reading: Reading) -> None:
    """Twenty lengths, the team's marked, with the widest shortfall of a protected group alone."""
    drawn = lists(full_reading)
    first = _under(drawn, "Of 100 with the outcome")
    assert first.count('<th scope="row">') == len(CAPACITIES)
    assert "20 (the team&#x27;s list)" in first
    assert _cells(first, "5")[1] == "16"


@pytest.mark.parametrize(
    ("agreed", "said"), [("2026-09-15", "was agreed on before results"), (None, "Nobody has agreed yet")]
)
def test_the_method_says_whether_anybody_agreed(audit: Part, agreed: str | None, said: str) -> None:
    """A policy that nobody agreed to is not told as one that was."""
    policy = audit["policy"] | {"agreed": agreed}
    drawn = method(read({"audit.json": json.dumps(audit | {"policy": policy}).encode()}))
    assert said in drawn
    assert audit["policy"]["digest"] in drawn


def test_a_change_that_rounding_could_make_is_told_as_about_none(full_files: dict[str, bytes]) -> None:
    """With few children one child can move a count by five: such a change is no number, in any table; a larger one is."""
    evaluation = json.loads(full_files["evaluation.json"])
    first = evaluation["evaluations"][0]
    first |= {"n": 115, "events": 50}
    first["full"]["options"]["options"][1]["recall_change"] = {"value": -0.1, "low": -0.23, "high": 0.04}
    first["full"]["options"]["options"][2]["recall_change"] = {"value": -0.2, "low": -0.3, "high": -0.1}
    drawn = choices(read(full_files | {"evaluation.json": json.dumps(evaluation).encode()}))
    assert "These are about 115 children" in drawn
    assert _cells(drawn, "2. weights for Girls, step 3 of 5")[2] == "about 0"
    assert _cells(drawn, "3. a list of 25% of children")[2].startswith("\N{MINUS SIGN}20 (")
    assert _cells(_under(drawn, "Everyone: of 100 children"), "3. a list of 25% of children")[0] == "about 0"


def test_a_choice_that_nothing_is_told_of_has_no_drawing(full_files: dict[str, bytes]) -> None:
    """Where every shortfall is hidden there is nothing to draw, and the table stands alone."""
    evaluation = json.loads(full_files["evaluation.json"])
    for option in evaluation["evaluations"][0]["full"]["options"]["options"]:
        option["shortfall"] = None
    drawn = choices(read(full_files | {"evaluation.json": json.dumps(evaluation).encode()}))
    assert "<svg" not in drawn
    assert _cells(drawn, "1. as it ships")[0] == "c"


def test_only_attributes_of_few_groups_have_tables(full_files: dict[str, bytes]) -> None:
    """Every attribute says what it changes for everyone; one with more than three groups sends to the evaluation for them."""
    evaluation = json.loads(full_files["evaluation.json"])
    asked = evaluation["evaluations"][0]["full"]["without"]["attributes"][0]
    asked["groups"] *= 2
    drawn = with_and_without(read(full_files | {"evaluation.json": json.dumps(evaluation).encode()}))
    assert "Its 4 groups stand in evaluation.json." in drawn
    assert "Learned with it" in drawn
    assert "Sex: on the list" not in drawn
    assert "Term of birth: on the list" in drawn


def test_a_segment_is_told_with_all_the_children_it_would_take(full_reading: Reading) -> None:
    """The search tells how many children of the segment; the pack adds how many that is of everyone."""
    assert "in all, about 4,500 would have to be audited" in worst_segment(full_reading)


def test_children_of_a_group_are_told_at_the_score_with_fewest_and_with_most(audit: Part) -> None:
    """A group that is hidden at one score and shown at another is told with both."""
    one = json.loads(json.dumps(audit))
    told = one["audits"][1]["attributes"][1]["groups"][8]
    assert told["group"] == "Gypsy or Roma"
    told |= {"n": 20, "figures": one["audits"][1]["attributes"][1]["groups"][7]["figures"]}
    one["labels"]["outcomes"]["not_communication"] = one["labels"]["outcomes"]["not_gld"]
    drawn = cannot_judge(read({"audit.json": json.dumps(one).encode()}))
    assert _cells(drawn, "Ethnicity: Gypsy or Roma")[0] == "fewer than 10; up to 20, by score"
