"""
Whether a subject reference is really a national identifier: those are never taken, however they are written.

A pseudonym of the same shape passes the check by chance once in eleven (NHS number) or twenty-three (UPN); it is
refused too, since nobody could tell it from the real thing.
"""

import re

# Both, wherever a reference holds one on its own, in any case, with the usual separators.
_NHS_NUMBER = re.compile(r"(?<![0-9A-Za-z])([0-9]{3})[._:-]?([0-9]{3})[._:-]?([0-9]{4})(?![0-9A-Za-z])")
_UPN = re.compile(r"(?<![0-9A-Za-z])[A-Z][0-9]{11}[0-9A-Z](?![0-9A-Za-z])", re.IGNORECASE)
# Letters in the order of their remainder; a temporary UPN ends in one, which counts as its place here.
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def is_identifier(subject: str) -> bool:
    """Whether the reference holds a valid NHS number or unique pupil number."""
    return any(is_nhs_number("".join(found.groups())) for found in _NHS_NUMBER.finditer(subject)) or any(
        is_upn(found.group()) for found in _UPN.finditer(subject)
    )


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the modulus 11 check."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def is_upn(text: str) -> bool:
    """Whether thirteen characters, a letter first, pass the modulus 23 check."""
    letter, rest = text[0].upper(), text[1:].upper()
    if not rest[-1].isdigit() and rest[-1] not in _UPN_LETTERS:
        return False
    total = sum(_value(character) * weight for weight, character in enumerate(rest, start=2))
    return _UPN_LETTERS[total % 23] == letter


def _value(character: str) -> int:
    return int(character) if character.isdigit() else _UPN_LETTERS.index(character)
