"""A plan spelled out: TOML that says every field, in words before it where a person needs them."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from training.plan import Plan
from training.plan_text import ABOUT, spelled_out

GROUPS = {"sex": ["Girls", "Boys"], "place": ['Town "A"', "Küste"]}
FIELDS = Plan().model_dump(mode="json", by_alias=True)


def test_it_is_the_plan() -> None:
    """What is spelled out reads back as the plan it was made from."""
    assert Plan.model_validate(tomllib.loads(spelled_out(FIELDS, GROUPS))) == Plan()


def test_every_field_is_said() -> None:
    """Every field of every table stands there: with its value, or as left out with what that means."""
    text = spelled_out(FIELDS, GROUPS)
    spelled = tomllib.loads(text)
    for name, value in FIELDS.items():
        assert name in spelled or f"\n# {name}, left out: {ABOUT[name]}\n" in text
        if isinstance(value, dict):
            left_out = {field for field in value if f"\n# {field}, left out: {ABOUT.get(f'{name}.{field}')}\n" in text}
            assert value.keys() == spelled[name].keys() | left_out


def test_every_table_is_explained() -> None:
    """Before every field at the top, and before every table, stands a line that says what it is."""
    lines = spelled_out(FIELDS, GROUPS).splitlines()
    top = lines[: lines.index("")]
    places = [i for i, line in enumerate(top) if " = " in line and not line.startswith("#")]
    assert places
    assert all(lines[i - 1].startswith("# ") for i in places)
    tables = [i for i, line in enumerate(lines) if line.startswith("[") and line not in lines[:i]]
    assert len(tables) == 8
    assert all(lines[i - 1].startswith("# ") for i in tables)


def test_groups_to_choose_from() -> None:
    """Uncommented, the line of an attribute protects its groups: it stands in the table that it belongs to."""
    said = spelled_out(FIELDS, GROUPS)
    assert '\n[fairness.protects]\n# sex = ["Girls", "Boys"]\n# place = ["Town \\"A\\"", "Küste"]\n' in said
    chosen = Plan.model_validate(tomllib.loads(said.replace("# sex = ", "sex = ")))
    assert chosen.fairness.protects == {"sex": ("Girls", "Boys")}


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(
    st.text(min_size=1, max_size=30).filter(
        lambda words: words.encode(errors="replace") == words.encode(errors="ignore")
    )
)
def test_any_words(words: str) -> None:
    """Whatever people call their team and their groups, TOML reads it back."""
    fields = FIELDS | {"bands": FIELDS["bands"] | {"team": words}}
    assert tomllib.loads(spelled_out(fields, {"sex": [words]}))["bands"]["team"] == words
