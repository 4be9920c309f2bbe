"""The shipped contract for England, cut down to one landmark and one outcome, so that training on it takes seconds."""

import datetime
import json
import tomllib

from training.synthetic.foresight import ENGLAND

LANDMARK, OUTCOME = "two_year", "not_gld"


def one_question() -> str:
    """Return the text of the contract that asks at the two-year review who will not be at a good level of development."""
    document = tomllib.loads(ENGLAND.read_text(encoding="utf-8"))
    document["landmark"] = [found for found in document["landmark"] if found["name"] == LANDMARK]
    document["outcome"] = [found for found in document["outcome"] if found["name"] == OUTCOME]
    for part in ("feature", "rule"):
        kept = [found for found in document[part] if LANDMARK in found.get("landmarks", [LANDMARK])]
        document[part] = [{key: found[key] for key in found if key != "landmarks"} for found in kept]
    return "".join(f"{key} = {_toml(value)}\n" for key, value in document.items())


def _toml(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case datetime.date():
            return value.isoformat()
        case _:
            return json.dumps(value)
