"""National numbers: valid, unique, nobody's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.identifiers import is_nhs_number, is_upn
from training.synthetic.identity_numbers import NHS_NUMBERS, UPNS, nhs_numbers, upns

SHIFT = st.integers(0, NHS_NUMBERS - 1)


@given(st.lists(st.integers(0, NHS_NUMBERS - 1), min_size=2, unique=True), SHIFT)
def test_nhs_numbers(index: list[int], shift: int) -> None:
    """Every index has an NHS number of its own that passes the service's check and begins with 9."""
    found = nhs_numbers(np.array(index), shift).tolist()
    assert all(len(number) == 10 and number[0] == "9" and is_nhs_number(number) for number in found)
    assert len(set(found)) == len(index)


@given(st.lists(st.integers(0, UPNS - 1), min_size=2, unique=True), SHIFT)
def test_upns(index: list[int], shift: int) -> None:
    """Every index has a UPN of its own that passes the service's check, of a local authority that is nowhere."""
    found = upns(np.array(index), shift).tolist()
    assert all(len(number) == 13 and number[1:4] == "999" and is_upn(number) for number in found)
    assert len({number[1:] for number in found}) == len(index)


def test_neighbours_lie_apart() -> None:
    """Of a hundred thousand people in a row no two have the same number, and neighbours' numbers are far apart."""
    index = np.arange(100_000)
    for found in (nhs_numbers(index, 5), np.array([number[1:] for number in upns(index, 5).tolist()])):
        numbers = found.astype(np.int64)
        assert len(np.unique(numbers)) == len(index)
        assert np.abs(np.diff(numbers)).min() > 10**6
