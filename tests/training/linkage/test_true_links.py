"""Links beside the truth: precision and recall counted by hand, by agencies and by group, and what outcomes lose."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.errors import DataError
from training.ingest import connect
from training.linkage.estimates import expected_errors
from training.linkage.true_links import against_truth

TRUTH = "agency,id,child\nclinic,c1,1\nclinic,c2,2\nnursery,n1,1\nnursery,n1b,1\nschool,s1,1\nschool,s3,2\n"
Against = Callable[..., dict[str, Any]]


@pytest.fixture
def against(joined: duckdb.DuckDBPyConnection, town: Any, tmp_path: Path) -> Against:
    """
    Judge the links of `joined` by a file of true identities.

    Truly `s3` is the school's record of child 2, which only the clinic's `c2` was linked to: one of its pairs was missed.
    """
    joined.execute(
        "ALTER TABLE people ADD COLUMN forename VARCHAR; UPDATE people SET forename = 'ALMA' WHERE id <> 'n1'"
    )
    joined.execute("ALTER TABLE people ADD COLUMN surname VARCHAR; UPDATE people SET surname = 'LATHOM'")
    joined.execute(
        "ALTER TABLE people ADD COLUMN date_of_birth VARCHAR; UPDATE people SET date_of_birth = '2016-01-31'"
    )
    joined.execute(
        "ALTER TABLE people ADD COLUMN postcode__held VARCHAR[]; UPDATE people SET postcode__held = ['ZZ11AA']"
    )
    joined.execute(
        "CREATE TABLE pairs (uid_l BIGINT, uid_r BIGINT, agency_l VARCHAR, agency_r VARCHAR, probability DOUBLE)"
    )
    joined.execute("CREATE TABLE groups AS SELECT 'sex' AS attribute, 'a' AS name, 'Girls' AS grp")
    events = connect()
    events.execute("""CREATE TABLE events_profile AS SELECT * FROM (VALUES ('a', 2000, 2000, 1), ('c', 2000, 2000, 0))
        AS t (child, happened, known, goal)""")

    def judged(truth: str = TRUTH) -> dict[str, Any]:
        (tmp_path / "truth.csv").write_text(truth, encoding="utf-8")
        expected_errors(joined, town.contract.linkage)
        found = against_truth(joined, town.contract, town.contract.linkage, events, tmp_path / "truth.csv")
        events.close()
        return found

    return judged


def test_recall_by_agencies(against: Against) -> None:
    """
    Of true pairs in two agencies, each two agencies' share that is linked, pairs of both a child's ids counted.

    Child 1: clinic with two nursery ids and school, which also has the two; child 2: clinic with school, missed.
    """
    told = {tuple(line["agencies"]): (line["pairs"], line["recall"]) for line in against()["recall_by_agencies"]}
    assert told == {("clinic", "nursery"): (2, 1.0), ("clinic", "school"): (2, 0.5), ("nursery", "school"): (2, 1.0)}


def test_recall_by_group(against: Against) -> None:
    """Pairs are counted by the groups that their child is in, those of so few families that they tell of one are hidden."""
    recall = against()["recall"]
    assert recall["overall"]["pairs"] == 6
    by_sex = {line["group"]: line["pairs"] for line in recall["attributes"][0]["groups"]}
    assert (by_sex["Girls"], by_sex["Boys"], by_sex["not recorded"]) == (None, 0, None)


def test_relatives_apart(against: Against) -> None:
    """Twins, and brothers and sisters, are told apart from children without any, by family and date of birth."""
    relatives = {line["group"]: line["pairs"] for line in against()["recall"]["attributes"][-1]["groups"]}
    assert relatives["A twin"] == 0
    assert relatives["No brother or sister on record"] == 0
    assert relatives["A brother or sister, not a twin"] is None


def test_precision(against: Against) -> None:
    """Precision is over linked pairs of two agencies whose truth is told; too few pairs show no rate."""
    assert against()["precision"] == [
        {"agencies": None, "linked": 5, "precision": None},
        {"agencies": ["clinic", "nursery"], "linked": 2, "precision": None},
        {"agencies": ["clinic", "school"], "linked": 1, "precision": None},
        {"agencies": ["nursery", "school"], "linked": 2, "precision": None},
    ]


def test_how_hard_the_records_are(against: Against) -> None:
    """The share of true pairs alike in every name, date and postcode: one nursery record without a forename is in two."""
    assert against()["exact_on_all_but_numbers"] == pytest.approx(4 / 6, abs=1e-6)


def test_outcomes_on_true_identities(against: Against) -> None:
    """An outcome's share is that of children who truly have the records needed: of both here, one of whom did not link."""
    assert against()["outcomes"] == [{"outcome": "not_gld", "share_on_true_identities": 0.5}]


def test_a_truth_of_some(against: Against) -> None:
    """Records whose truth is not told, and truths of no record, are in no count."""
    found = against("agency,id,child\nclinic,c1,1\nschool,s1,1\nschool,unheard of,1\n")
    assert found["recall"]["overall"]["pairs"] == 1
    assert found["recall_by_agencies"][0] == {"agencies": ["clinic", "nursery"], "pairs": 0, "recall": None}


def test_a_truth_of_nobody(against: Against) -> None:
    """A truth that tells of nobody leaves nothing to judge, and says so rather than fail."""
    found = against("agency,id,child\n")
    assert (found["exact_on_all_but_numbers"], found["recall"]["overall"]["recall"]) == (None, None)


def test_other_columns(against: Against) -> None:
    """Columns beside the three, and another order, change nothing."""
    lines = [f"Zelphine,{child},{own},{agency}" for agency, own, child in (line.split(",") for line in TRUTH.split())]
    assert against("\n".join(lines) + "\n")["recall"]["overall"]["pairs"] == 6


@pytest.mark.parametrize("truth", ["", "agency,id\nclinic,Zelphine\n", "agency;id\nclinic;Zelphine\n"])
def test_a_truth_that_is_none(against: Against, truth: str) -> None:
    """A file that is no table of agency, id and child is refused by its name, and nothing in it is repeated."""
    with pytest.raises(DataError, match=r"truth\.csv: is not a table of agency, id, child") as refused:
        against(truth)
    assert "Zelphine" not in str(refused.value)
