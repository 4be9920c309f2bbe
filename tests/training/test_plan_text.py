"""A plan spelled out: TOML that says every field, in words before it where a person needs them."""

import tomllib

from training.plan import Plan
from training.plan_text import plan_text

FIELDS = Plan().model_dump(mode="json", by_alias=True)


def test_it_is_the_plan() -> None:
    """What is spelled out reads back as the plan it was made from."""
    assert Plan.model_validate(tomllib.loads(plan_text(FIELDS))) == Plan()


def test_every_field_is_said() -> None:
    """Every field of every table stands there: with its value, or as left out with what that means."""
    text = plan_text(FIELDS)
    spelled = tomllib.loads(text)
    for name, value in FIELDS.items():
        assert name in spelled or f"\n# {name}, left out: " in text
        if isinstance(value, dict):
            left_out = {field for field in value if f"\n# {field}, left out: " in text}
            assert value.keys() <= spelled[name].keys() | left_out
