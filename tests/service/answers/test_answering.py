"""Answers as they are recorded, told, told again and worked out again."""

import datetime
import json

import pytest
from pydantic import TypeAdapter

from models.record import ChildRecord
from service.answers.answering import answered, replayed, told_again, unavailable
from service.answers.facts import Facts
from service.answers.kept_record import kept_of, read_kept
from service.answers.shape import AnyAnswer
from service.live import Live
from service.request_record import Asked, Detail

AT = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
FACTS = Facts("00000000-0000-7000-8000-000000000000", AT, "case-system")
NO_CHALLENGES = {"open": 0, "upheld": 0, "not_upheld": 0, "withdrawn": 0}
NOW = {"standing": "current", "superseded_by": None, "challenges": NO_CHALLENGES}


def test_the_record_holds_no_reference(live: Live, record: ChildRecord) -> None:
    """What is stored has no reference of the child; what is told is that with the reference, and nothing else."""
    found = answered(live, Asked("child-77", "early_help", 790, record), FACTS)
    assert b"child-77" not in found.stored
    told = json.loads(found.told("child-77"))
    assert told.pop("subject") == "child-77"
    assert told == json.loads(found.stored)
    assert (found.scored, found.code, found.bundle) == (True, None, live.bundle.id)
    assert found.valid_until == AT + datetime.timedelta(days=183)


def test_a_file_has_the_same_score(live: Live, record: ChildRecord, request_body: dict[str, object]) -> None:
    """A line of a file and a recorded answer differ in what stands around the score, and in nothing of the score."""
    line = live.answer(json.dumps(request_body).encode())
    found = answered(live, Asked("child-1", "early_help", 790, record), FACTS).told("child-1")
    assert line.partition(b'"purpose":')[2] == found.partition(b'"purpose":')[2]


@pytest.mark.parametrize("detail", ["summary", "standard", "full"])
@pytest.mark.parametrize("age", [5, 365, 790])
def test_a_replay(live: Live, record: ChildRecord, detail: Detail, age: int) -> None:
    """Out of what was kept the same answer is worked out, to the byte; of another record it is another answer."""
    asked = Asked("child-1", "early_help", age, record, detail)
    kept = kept_of(live.bundle.contract, record, age)
    stored = answered(live, asked, FACTS, kept).stored
    same = replayed(live, Asked("", "early_help", age, read_kept(kept), detail), stored)
    assert same.same
    assert json.loads(same.answer).items() <= json.loads(stored).items()
    other = replayed(live, Asked("", "early_help", age, ChildRecord(), detail), stored)
    assert other.same is (age == 5)


def test_a_replay_of_no_answer(live: Live, record: ChildRecord) -> None:
    """Of a child who was excluded no score is worked out later either."""
    asked = Asked("child-1", "early_help", 790, record)
    found = unavailable(live, asked, FACTS)
    assert (found.code, found.scored) == ("not-available", False)
    again = replayed(live, asked, found.stored)
    assert again.same
    assert b"probability" not in again.answer


@pytest.mark.parametrize("age", [5, 790])
def test_an_answer_told_again(live: Live, record: ChildRecord, age: int) -> None:
    """A stored answer is read with how it stands now and without the reference, in the published shape."""
    stored = answered(live, Asked("child-1", "early_help", age, record), FACTS).stored
    told = json.loads(told_again(stored, NOW))
    assert (told.pop("subject"), told.pop("now")) == (None, NOW)
    assert told == json.loads(stored)
    TypeAdapter(AnyAnswer).validate_json(told_again(stored, NOW))
