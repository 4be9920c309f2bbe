"""The published shape of answers names what is live, and nothing else; every answer keeps it."""

import json
from typing import Any

from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter

from benchmarks.edge_requests import edge_requests
from service.answers.narrowing import narrow
from service.answers.shape import AnyAnswer
from service.live import Live

Schema = dict[str, Any]


def _schema(live: Live) -> Schema:
    schema = TypeAdapter(AnyAnswer).json_schema(mode="serialization")
    narrow(schema["$defs"], live.bundle)
    return schema


def test_every_answer_keeps_the_narrowed_shape(shipped: Live) -> None:
    """Answers of every detail keep the schema once it names only what the contract and the policy have."""
    validator = Draft202012Validator(_schema(shipped))
    details = set()
    for body in edge_requests(shipped.bundle.contract, 3, 60):
        told = json.loads(shipped.answer(body))
        validator.validate(told)
        details.add((told["status"], told["detail"]))
    assert details >= {("scored", "summary"), ("scored", "standard"), ("scored", "full")}


def test_another_name_breaks_it(live: Live, request_body: Schema) -> None:
    """A feature, an outcome or a band of another contract does not keep it."""
    validator = Draft202012Validator(_schema(live))
    told = json.loads(live.answer(json.dumps(request_body | {"detail": "summary"}).encode()))
    validator.validate(told)
    (score,) = told["scores"]
    for changed in ({"outcome": "another"}, {"not_known": ["another"]}, {"band": score["band"] | {"code": "another"}}):
        assert not validator.is_valid(told | {"scores": [score | changed]})


def test_no_shape_is_told_apart_by_two_fields_at_once(live: Live) -> None:
    """No discriminator of the schema leads anywhere but to one shape: programs cannot read another kind."""
    text = json.dumps(_schema(live))
    assert '"discriminator"' not in text
    assert text.count('"oneOf"') == 1
