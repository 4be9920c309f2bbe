"""Which references are national identifiers; every NHS number here is of the range that is never given out."""

import pytest

from models.identifiers import is_identifier

NHS_NUMBERS = ("9434765919", "9990123454", "9000000009", "9991234098")
UPNS = ("H801200001001", "N301234567890", "Y93519930001A", "U33020210456Z")


@pytest.mark.parametrize("number", NHS_NUMBERS)
@pytest.mark.parametrize("written", ["{0}", "{1}-{2}-{3}", "{1}.{2}.{3}", "nhs:{0}", "a.{0}.b"])
def test_nhs_numbers(number: str, written: str) -> None:
    """A valid NHS number is found on its own, in its usual grouping, and as a part of a reference."""
    assert is_identifier(written.format(number, number[:3], number[3:6], number[6:]))


@pytest.mark.parametrize("number", NHS_NUMBERS)
def test_nhs_numbers_with_one_digit_changed(number: str) -> None:
    """Ten digits that fail the modulus 11 check are a reference like any other."""
    for last in set("0123456789") - {number[9]}:
        assert not is_identifier(number[:9] + last)


@pytest.mark.parametrize("upn", UPNS)
def test_upns(upn: str) -> None:
    """A valid UPN is found, a temporary one too, in either case, and as a part of a reference."""
    assert is_identifier(upn)
    assert is_identifier(upn.lower())
    assert is_identifier(f"upn:{upn}")


@pytest.mark.parametrize("upn", UPNS)
def test_upns_with_another_letter(upn: str) -> None:
    """Thirteen characters that fail the modulus 23 check are a reference like any other."""
    for letter in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {upn[0]}:
        assert not is_identifier(letter + upn[1:])


@pytest.mark.parametrize(
    "other", ["child-1", "1", "123456789", "94347659190", "x9434765919", "S80120000100A0", "I80120000100I"]
)
def test_other_references(other: str) -> None:
    """References of other shapes pass, longer runs of digits and letters included."""
    assert not is_identifier(other)
