"""The decision sheet."""

import copy
import json
import re
from typing import Any

import pytest

from fairness.pack.reading import Reading, read
from fairness.pack.sections.decision.sheet import sheet

Part = dict[str, Any]


def _drawn(audit: Part, **beside: Any) -> str:
    files = {f"{name}.json": json.dumps(document).encode() for name, document in {"audit": audit, **beside}.items()}
    return re.sub(r"<[^>]+>", " ", sheet(read(files)))


def test_the_board_chooses_and_people_sign(audit: Part) -> None:
    """Every decision has a box, and everyone who must have a view a line to give it on."""
    drawn = _drawn(audit)
    for asked in (
        "Approve with conditions",
        "Pause",
        "Retire",
        "Data protection view",
        "Equality lead",
        "Next review date",
        "Signed",
    ):
        assert asked in drawn
    assert "Director of children&#x27;s services, agreed on 15 September 2026" in drawn


def test_a_policy_that_nobody_agreed_to_is_told_so(audit: Part) -> None:
    """The owner's line says that there is none."""
    assert "nobody yet" in _drawn(audit | {"policy": audit["policy"] | {"owner": None, "agreed": None}})


def test_the_list_is_set_beside_a_rule_and_chance(full_reading: Reading) -> None:
    """Of 100 on the list: the score, the score as old as in use, chance; the best rule and the score as long, and what is gained."""
    drawn = sheet(full_reading)
    (row,) = re.findall(r'<th scope="row">two months</th>(.*?)</tr>', drawn.split("not at the expected")[0])[:1]
    assert re.findall(r"<td[^>]*>(.*?)</td>", row)[1:] == ["50 (47 to 53)", "32", "41 and 50", "+9 (+3 to +16)"]
    assert "home in the most deprived fifth of areas (lists about 20 in 100)" in drawn


def test_at_most_five_groups_are_told_of(full_reading: Reading) -> None:
    """The gravest five, and how many there are in all."""
    (table,) = re.findall(r'<table class="gaps">.*?</table>', sheet(full_reading), re.DOTALL)
    assert table.count('<th scope="row">') == 5
    assert re.search(r"The gravest 5 of \d+ groups", table)


def test_no_gap_found_is_not_told_as_none_there(audit: Part) -> None:
    """Where nothing was shown, the sheet says that this shows nothing either."""
    quiet = copy.deepcopy(audit)
    for part in (*quiet["audits"], *quiet["foresight"]):
        for attribute in part["attributes"]:
            for line in attribute["groups"]:
                line["figures"] = {}
    assert "That does not show that there is none." in _drawn(quiet)


def test_gates_and_exceptions_are_named(full_reading: Reading, audit: Part) -> None:
    """Each gate not passed with how many scores it is of; each exception with who, when, until when, why and where it is minuted."""
    drawn = sheet(full_reading)
    assert "Recall of protected groups (2 of 4 scores)" in drawn
    assert "Calibration slope" not in drawn
    for said in (
        "A. Officer, head of early help",
        "on 1 October 2026",
        "until 31 March 2027",
        "Board, item 4",
        "in force",
    ):
        assert said in drawn
    assert "Exceptions: none was given to this pack." in _drawn(audit)
    assert "Gates not passed: none." in _drawn(audit, gates={"format": 1, "evidence": "full", "gates": []})


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (1, "holds today: 1 shortfall of protected groups"),
        (2, "near: 1 possible shortfall"),
        (0, "The first one was not shown to be near"),
    ],
)
def test_stop_conditions_say_whether_one_is_near(audit: Part, verdict: int, said: str) -> None:
    """A protected group's shortfall that is larger than agreed, or possible, is told of beside the condition."""
    changed = copy.deepcopy(audit)
    for part in changed["audits"]:
        for attribute in part["attributes"]:
            for line in attribute["groups"]:
                line["figures"] = {
                    name: [*figure[:3], 0.0, -0.01, 0.01, 0.02, 0] for name, figure in line["figures"].items()
                }
    girls = changed["audits"][0]["attributes"][0]["groups"][0]
    girls["figures"]["recall"][3:6], girls["figures"]["recall"][7] = [-0.1, -0.15, -0.05], verdict
    assert said in _drawn(changed)


def test_a_policy_that_protects_nobody_has_no_stop_of_its_own(audit: Part) -> None:
    """Where no group is protected, the sheet does not say that no shortfall is near."""
    changed = copy.deepcopy(audit)
    for part in changed["audits"]:
        for attribute in part["attributes"]:
            for line in attribute["groups"]:
                line["protected"] = False
    assert "the policy protects no group" in _drawn(changed)


def test_a_gate_passed_over_is_told_apart_from_one_that_blocks(full_files: dict[str, bytes]) -> None:
    """Of each gate what was found, until when an exception passes it over, and how many gates still block."""
    exception = json.loads(full_files["exceptions.json"])[0] | {"landmark": None, "groups": None}
    gates = json.loads(full_files["gates.json"])

    def drawn(*exceptions: Part) -> str:
        found = sheet(read(full_files | {"exceptions.json": json.dumps(exceptions).encode()}))
        return re.sub(r"<[^>]+>", "", found)

    assert "Gates not passed: 2. 2 still block. While one does" in drawn(exception | {"state": "not in force: expired"})
    passed = drawn(exception)
    assert "Gates not passed: 2. 1 still blocks. While one does" in passed
    assert "passed over by exception until 31 March 2027 (minute: Board, item 4). It was 7 below." in passed
    assert "Exception to “Recall of protected groups”:" in passed
    assert "It does not put them into effect." in passed
    assert "None still blocks: each was passed over" in drawn(exception, exception | {"gate": "evidence"})
    one_of_two = drawn(exception | {"landmark": "new_birth"})
    assert "Gates not passed: 2. 2 still block." in one_of_two
    assert "1 still blocked; others passed over by exception" in one_of_two
    assert gates["gates"][1]["label"] in one_of_two


def test_what_is_quoted_is_the_column_in_use(full_reading: Reading, audit: Part) -> None:
    """Where a model as old as in use was judged, its figures are those in words, with their range; otherwise the score's own."""
    drawn = re.sub(r"<[^>]+>", " ", sheet(full_reading))
    assert "Of 100 children on the list, about 50 had the outcome (range 47 to 53)." in drawn
    assert "as old as it will be" in drawn
    assert "as old as it will be" not in _drawn(audit)
    assert "(ranges from" in _drawn(audit)


def test_a_rule_is_told_beside_the_score_at_its_own_length(full_files: dict[str, bytes]) -> None:
    """One rule's lists may differ in length by score; a figure that is hidden is a symbol, and chance is no rule."""
    evaluation = json.loads(full_files["evaluation.json"])
    first = evaluation["evaluations"][0]
    worth = json.loads(json.dumps(first["worth"]))
    worth["at_capacities"][0]["best"]["length"] = worth["rules"][0]["length"] = 0.03
    worth["rules"][0]["found"] = None
    chance = json.loads(json.dumps(worth))
    chance["at_capacities"][0]["best"] = {"label": "a list drawn by chance", "rule": None, "length": 0.2}
    others = [
        {**first, "landmark": "two_year", "worth": worth},
        {**first, "outcome": "not_communication", "worth": chance},
    ]
    evaluation["evaluations"] += others

    def drawn(evaluations: list[Part]) -> str:
        told = json.dumps(evaluation | {"evaluations": evaluations}).encode()
        return sheet(read(full_files | {"evaluation.json": told}))

    found = drawn(evaluation["evaluations"])
    assert "home in the most deprived fifth of areas (lists 3 to 20 in 100, by score)" in found
    assert re.search(r'two-year review</th>.*?<td class="n">c</td>', found)
    assert "c = " in found
    assert "c = " not in drawn([first])
    assert "No simple rule was known that does better" in drawn([{**first, "worth": chance}])


def test_margins_that_nobody_agreed_to_are_called_a_proposal(audit: Part) -> None:
    """The table of gaps, the stop conditions and the first page say that nobody agreed how large a gap may be."""
    said = ("A proposal: nobody has agreed to these margins yet.", "Nobody has agreed yet how large that may be.")
    policy = audit["policy"] | {"owner": None, "agreed": None}
    assert [words in _drawn(audit | {"policy": policy}) for words in said] == [True, True]
    assert [words in _drawn(audit) for words in said] == [False, False]


def test_how_near_the_first_stop_is_follows_what_could_be_told(audit: Part) -> None:
    """Where no protected group could be judged nothing is near or far; where some could, how many."""
    changed = copy.deepcopy(audit)
    lines = [line for part in changed["audits"] for each in part["attributes"] for line in each["groups"]]
    for line in lines:
        line["figures"] = {"recall": [0.4, 0.3, 0.5, 0.0, -0.1, 0.1, 0.1, 3]}
    assert "cannot be told for any protected group" in _drawn(changed)
    next(line for line in lines if line["protected"])["figures"]["recall"][7] = 0
    assert "It can be told for 1 of 20 comparisons of protected groups" in _drawn(changed)
