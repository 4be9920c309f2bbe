"""What a draft makes of a whole extract: sampling weights, keys that are somebody's number, and columns it leaves out."""

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.contract_reading import parse_contract
from training.synthetic.identity_numbers import nhs_numbers

KEYS = [str(number) for number in nhs_numbers(np.arange(60), 5)]


@pytest.fixture
def drafted_text(tmp_path: Path, drafted_from: Callable[[Path], str]) -> Callable[[list[str], str, int], str]:
    """Draft from a register of sixty children and an extract of some rows a child with these two more columns."""

    def asked(keys: list[str], columns: str, rows: int) -> str:
        born = [(datetime.date(2019, 1, 5) + datetime.timedelta(days=i)).isoformat() for i in range(60)]
        people = ["id,dob", *(f"{key},{day}" for key, day in zip(keys, born, strict=True))]
        (tmp_path / "people.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
        lines = [f"id,age_days,{columns}", *(f"{keys[i % 60]},{400 + i},{i % 3 + 1},{i % 5}" for i in range(60 * rows))]
        (tmp_path / "seen.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return drafted_from(tmp_path)

    return asked


@pytest.mark.parametrize(("rows", "role"), [(1, "weight"), (2, "audit")])
def test_weights(drafted_text: Callable[..., str], rows: int, role: str) -> None:
    """A sampling weight is one only where a child has one row, and no feature asks it either way."""
    contract = parse_contract(drafted_text([f"k{i:06d}" for i in range(60)], "sampling_weight,total", rows))
    column = contract.source("seen").column("sampling_weight")
    assert column is not None
    assert column.roles == (role,)
    assert "sampling_weight" not in {feature.column for feature in contract.features}


def test_a_key_that_is_somebody_s_number(drafted_text: Callable[..., str]) -> None:
    """A child's key that holds national numbers is said to have no place there, and none of them is written."""
    text = drafted_text(KEYS, "points,total", 2)
    assert 'column "id" is the child\'s key and holds nhs numbers' in " ".join(text.replace("\n#    ", "").split())
    assert not any(key in text for key in KEYS)


def test_names_that_a_contract_cannot_hold(drafted_text: Callable[..., str]) -> None:
    """A column whose name a contract cannot hold is left out, and it is said so with what to do."""
    text = drafted_text([f"k{i:06d}" for i in range(60)], "Total Points,child", 2)
    assert parse_contract(text).source("seen").columns == ()
    for said in ('column "Total Points" is left out', 'column "child" is left out', "Rename it in the extract"):
        assert said in " ".join(text.replace("\n#    ", "").split())
