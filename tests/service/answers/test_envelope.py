"""What stands around a score: what is known of the request, the bundle and the authority, and null for what is not."""

import datetime
import hashlib
import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from models.plain_words import STAMP
from models.record import ChildRecord
from service.answers.authority import Authority
from service.answers.envelope import LONGEST_VALID, valid_until
from service.answers.facts import NOTHING, Facts, with_subject
from service.answers.rendering import Renderer
from service.answers.shape import AnyAnswer
from service.live import Live
from service.request_record import Asked, Detail

Told = dict[str, Any]
SHAPE: TypeAdapter[Any] = TypeAdapter(AnyAnswer)
ID, OLD = str(uuid.UUID(int=7)), str(uuid.UUID(int=3))
AT = datetime.datetime(2026, 9, 1, 10, 30, 0, 123456, tzinfo=datetime.UTC)
BOROUGH = Authority(controller="Borough Council", decision_maker="a practitioner", dpia="DPIA 12", own_view_first=True)
FACTS = Facts(ID, AT, 'case "system"', "p-12", "0" * 31 + "1", OLD, stamp=False, authority=BOROUGH)


def _told(live: Live, asked: Asked, facts: Facts = NOTHING, kept: bytes | None = None) -> Told:
    told = json.loads(with_subject(live.renderer.render(asked, live.score(asked), facts, kept), asked.subject))
    shown = SHAPE.dump_python(SHAPE.validate_python(told), mode="json", exclude_unset=True)
    assert shown.keys() == told.keys()
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("detail", ["summary", "standard", "full"])
def test_what_is_known_of_a_request(live: Live, record: ChildRecord, detail: Detail) -> None:
    """An answer of any detail says whose it is, when, until when, what it corrects and where it is found again."""
    told = _told(live, Asked("child-1", "early_help", 790, record, detail), FACTS)
    assert (told["id"], told["supersedes"], told["trace"]) == (ID, OLD, "0" * 31 + "1")
    assert told["requested_by"] == {"client": 'case "system"', "user": "p-12"}
    assert told["scored_at"] == "2026-09-01T10:30:00.123Z"
    assert (told["stamp"], told["standing"], told["schema"], told["detail"]) == (None, "final", "1.0", detail)
    assert told["links"]["self"] == f"/v1/scores/{ID}"
    assert all(address.startswith(told["links"]["self"]) for address in told["links"].values())
    assert told["human_review"]["decision_maker"] == "a practitioner"


@pytest.mark.parametrize("age", [790, 5])
def test_nothing_is_invented(live: Live, record: ChildRecord, age: int) -> None:
    """Of a line in a file all that nobody knows is null, and nothing is left out."""
    told = _told(live, Asked("child-1", "early_help", age, record))
    nulls = {name for name, value in told.items() if value is None}
    assert nulls - {"landmark"} == {
        *("id", "supersedes", "requested_by", "scored_at", "valid_until", "trace", "links"),
    }
    assert (told["stamp"], told["standing"]) == (STAMP, "evaluation")


def test_what_it_rests_on(live: Live, record: ChildRecord) -> None:
    """An answer names the contract and the record by their digests; it is replayable where the record was kept."""
    asked = Asked("child-1", "early_help", 790, record)
    kept, plain = _told(live, asked, FACTS, b"kept")["provenance"], _told(live, asked)["provenance"]
    contract = hashlib.sha256(live.bundle.files["contract.toml"]).hexdigest()
    assert kept == {"contract": contract, "record": hashlib.sha256(b"kept").hexdigest(), "replayable": True}
    assert plain == {"contract": contract, "record": None, "replayable": False}


def test_the_model_and_its_papers(live: Live, record: ChildRecord) -> None:
    """An answer names the bundle, who signed it, and the papers that the authority names."""
    told = _told(live, Asked("child-1", "early_help", 790, record), FACTS)
    assert (told["model"]["bundle"], told["model"]["signed_by"]) == (live.bundle.id, None)
    assert (told["governance"]["dpia"], told["governance"]["eqia"]) == ("DPIA 12", None)
    assert told["responsibility"]["controller"] == "Borough Council"
    assert len(told["override_reasons"]) == 9


@pytest.mark.parametrize(("age", "days"), [(790, None), (998, None), (365, None), (5, LONGEST_VALID)])
def test_how_long_it_holds(live: Live, age: int, days: int | None) -> None:
    """An answer holds until the landmark's window ends, and never longer than half a year."""
    landmark = live.bundle.contract.landmark_for(age)
    until = valid_until(Facts(scored_at=AT), landmark, age)
    assert until is not None
    expected = days if landmark is None else min(landmark.until - age, LONGEST_VALID)
    assert expected is not None
    assert until - AT == datetime.timedelta(days=expected)
    assert 0 < expected <= LONGEST_VALID
    assert valid_until(NOTHING, landmark, age) is None


def test_what_was_found_of_groups(live: Live, record: ChildRecord) -> None:
    """An answer says in the gates' own words what was found of groups at its landmark, and nothing of another's."""
    head = {"code": "fairness", "kind": "release", "threshold": "0.05", "verdict": "passed", "value": 0.01}
    gates = {
        "format": 1,
        "evidence": "quick",
        "gates": [
            head | {"label": "Recall", "landmark": "two_year", "outcome": "it", "words": "No gap was shown."},
            head | {"label": "Recall", "landmark": "one_year", "outcome": "it", "words": "Too few children."},
            head | {"code": "evidence", "label": "Evidence", "words": "Quick."},
        ],
    }
    bundle = replace(live.bundle, files={**live.bundle.files, "gates.json": json.dumps(gates).encode()})
    asked = Asked("child-1", "early_help", 790, record)
    told = json.loads(Renderer(bundle).render(asked, live.score(asked)))
    assert told["governance"]["fairness"] == [
        {"outcome": "it", "label": "Recall", "verdict": "passed", "words": "No gap was shown."}
    ]
    assert told["governance"]["pack"] == "/v1/model/pack"
