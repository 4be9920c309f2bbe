"""What linking learns and tries: which pairs, by which rules, and a model in which nothing is impossible."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.linkage import Block, Linkage, Part
from training.linkage.learning import (
    LEAST_M,
    LEAST_U,
    certain_rules,
    em_blocks,
    floored,
    link_type,
    rule,
    settings,
)

NUMBER = Part(name="nhs_number", kind="nhs_number")
FORENAME, SURNAME = Part(name="forename", kind="name"), Part(name="surname", kind="name")
BORN, POSTCODE = Part(name="date_of_birth", kind="date"), Part(name="postcode", kind="postcode")
PARTS = (NUMBER, FORENAME, SURNAME, BORN, POSTCODE)


@pytest.mark.parametrize(
    ("agencies", "several", "kind"),
    [
        (["one"], [], "dedupe_only"),
        (["one"], ["one"], "dedupe_only"),
        (["one", "two"], [], "link_only"),
        (["one", "two"], ["two"], "link_and_dedupe"),
    ],
)
def test_which_pairs_there_are(
    linkage_of: Callable[..., Linkage], agencies: list[str], several: list[str], kind: str
) -> None:
    """Pairs within an agency are tried where a child may have two ids there, or where there is no other agency."""
    assert link_type(linkage_of(PARTS, agencies, several)) == kind


def _tried(con: duckdb.DuckDBPyConnection, linkage: Linkage, block: Block) -> set[tuple[int, int]]:
    condition = rule(linkage, block).get_blocking_rule("duckdb").blocking_rule_sql
    return set(
        con.execute(f"SELECT l.uid, r.uid FROM held AS l JOIN held AS r ON {condition} WHERE l.uid < r.uid").fetchall()
    )


@pytest.fixture
def held(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Four records: 0 and 1 of agency one, 2 and 3 of two; 3 has the names of 0 in each other's place."""
    con.execute("""
        CREATE TABLE held AS SELECT * FROM (VALUES (0, 'one', 'ALMA', 'LATHOM', '2016'), (1, 'one', 'ALMA', 'VARLEY', '2017'),
            (2, 'two', 'ALMA', 'VARLEY', '2016'), (3, 'two', 'LATHOM', 'ALMA', '2016'))
        AS t (uid, agency, forename, surname, date_of_birth__year)""")
    return con


@pytest.mark.parametrize(
    ("on", "pairs"),
    [
        (["forename"], {(0, 2), (1, 2)}),
        (["forename", "date_of_birth.year"], {(0, 2)}),
        (["forename=surname"], {(0, 3)}),
        (["forename", "surname"], {(1, 2)}),
    ],
)
def test_what_a_block_tries(
    held: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage], on: list[str], pairs: set[tuple[int, int]]
) -> None:
    """A block tries the pairs whose keys all agree, crossed ones both ways; none within a promising agency."""
    block = Block(on=tuple(on))
    assert _tried(held, linkage_of(PARTS, several=["two"]), block) == pairs
    assert _tried(held, linkage_of(PARTS), block) >= pairs


def test_pairs_within_an_agency(held: duckdb.DuckDBPyConnection, linkage_of: Callable[..., Linkage]) -> None:
    """Where a child may have two ids in an agency, pairs within it are tried, too."""
    assert (0, 1) in _tried(held, linkage_of(PARTS, several=["one"]), Block(on=("forename",)))


def test_rules_that_hardly_two_people_meet(linkage_of: Callable[..., Linkage]) -> None:
    """Sure enough to start from are one number, or every name and the date of birth; a postcode is not."""
    rules = [one.get_blocking_rule("duckdb").blocking_rule_sql for one in certain_rules(linkage_of(PARTS))]  # type: ignore[union-attr]
    assert ["nhs_number" in sql for sql in rules] == [True, False]
    assert all(name in rules[1] for name in ("forename", "surname", "date_of_birth"))
    assert "postcode" not in rules[1]


def test_each_block_frees_what_the_other_holds() -> None:
    """Expectation maximisation runs on date and place, then on names: no part is held fixed in both."""
    assert [block.on for block in em_blocks(PARTS)] == [("date_of_birth", "postcode"), ("forename", "surname")]
    assert [block.on for block in em_blocks((NUMBER, FORENAME))] == [("forename",)]


def _model(*probabilities: tuple[float | None, float | None]) -> dict[str, Any]:
    levels = [{"is_null_level": True}, *({"m_probability": m, "u_probability": u} for m, u in probabilities)]
    return {"probability_two_random_records_match": 1e-5, "comparisons": [{"comparison_levels": levels}]}


def test_nothing_is_impossible() -> None:
    """What hardly anybody reached has the least probability, what nobody did speaks for nothing; others keep theirs."""
    told = floored(_model((None, None), (0.0, 1e-12), (0.9, 0.01)))["comparisons"][0]["comparison_levels"]
    assert told[0] == {"is_null_level": True}
    assert [(level["m_probability"], level["u_probability"]) for level in told[1:]] == [
        (LEAST_M, LEAST_M),
        (LEAST_M, LEAST_U),
        (0.9, 0.01),
    ]


def test_a_learned_model(linked: Any) -> None:
    """In what was learned from the town, the same in any part speaks for one child, and not alike against it."""
    model = json.loads((linked.out / "link_model.json").read_text(encoding="utf-8"))
    for one in model["comparisons"]:
        told = [level for level in one["comparison_levels"] if not level.get("is_null_level")]
        same, unlike = (level["m_probability"] / level["u_probability"] for level in (told[0], told[-1]))
        assert same > 1 > unlike


def test_a_model_identifies_nobody(linked: Any, town: Any) -> None:
    """What is saved of a model names no record and no value: no name, number, postcode or id of the town."""
    told = (linked.out / "link_model.json").read_text(encoding="utf-8").upper()
    with (Path(town.folder) / "people_clinic.csv").open(encoding="utf-8") as file:
        people = [line.strip().upper().split(",") for line in file][1:]
    values = {cell for person in people for cell in (*person[:5], *person[6:8]) if len(cell) > 3}
    assert {value for value in values if value in told} == set()


def test_settings_keep_no_values(linkage_of: Callable[..., Linkage]) -> None:
    """Splink is asked for no copy of what it compares."""
    asked = settings(linkage_of(PARTS)).create_settings_dict("duckdb")
    assert asked["retain_matching_columns"] is False
    assert asked["additional_columns_to_retain"] == []
