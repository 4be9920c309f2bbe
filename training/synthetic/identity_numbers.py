"""
National numbers of invented people: valid in their check, unique, and nobody's.

NHS numbers begin with 9, which is given to nobody; UPNs hold a local authority code that none bears. Each is a bijection
of an index, so that no two people have the same, however many parts an authority is invented in.
"""

import numpy as np

from training.synthetic.extracts import Texts
from training.synthetic.families import Ints

# No local authority has this code.
_AUTHORITY = "999"
_UPN_LETTERS = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"))
NHS_NUMBERS, UPNS = 5 * 10**7, 10**9
# Coprime to the numbers there are, so that neighbouring indices lie far apart and none is met twice.
_NHS_STEP, _UPN_STEP = 19_486_187, 618_033_989


def nhs_numbers(index: Ints, shift: int) -> Texts:
    """Return an NHS number for each index below `NHS_NUMBERS`: ten digits, the last by modulus 11."""
    place = (index * _NHS_STEP + shift) % NHS_NUMBERS
    # Of two neighbouring ninth digits at least one leaves a check digit that is allowed.
    first = 9 * 10**8 + place // 5 * 10 + place % 5 * 2
    nine = np.where(_nhs_check(first) == 10, first + 1, first)
    return np.asarray((nine * 10 + _nhs_check(nine)).astype(np.str_))


def upns(index: Ints, shift: int) -> Texts:
    """Return a unique pupil number for each index below `UPNS`: a check letter by modulus 23, and twelve digits."""
    twelve = int(_AUTHORITY) * 10**9 + (index * _UPN_STEP + shift) % UPNS
    remainder = _weighted(twelve, range(13, 1, -1)) % 23
    return np.char.add(_UPN_LETTERS[remainder], twelve.astype(np.str_))


def _nhs_check(nine: Ints) -> Ints:
    """Return the check digit of nine digits; 10 is not allowed."""
    return np.asarray((11 - _weighted(nine, range(2, 11)) % 11) % 11)


def _weighted(number: Ints, weights: range) -> Ints:
    """Return the sum of the digits of each number, each times its weight, from the last digit to the first."""
    return np.asarray(np.sum([number // 10**place % 10 * weight for place, weight in enumerate(weights)], axis=0))
