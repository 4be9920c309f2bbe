"""
Numbers held as exact integers of a declared step, so that two engines can agree to the bit.

Sums of floats depend on their order; sums of integers do not. A value is `units * step`, it becomes a float once,
by one correctly rounded division, and every product stays below 2**53, where that division is exact in both engines.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

UNIT_BITS = 38
MAX_UNITS = (1 << UNIT_BITS) - 1
# With at most this many rows of one source for one child a sum of units still fits a float exactly (39 bits, for a
# difference of two, + 13 bits < 53).
MAX_ROWS = 8192

# Counts of steps with one of these denominators have at most 15 digits when they are written as decimals.
_SHORT = frozenset({*(n for n in range(1, 1001) if 1000 % n == 0), 10**4, 10**5, 10**6})
# Beyond this a float is further from its neighbours than a step can be.
_FEW = 1e12


class NotExactError(ValueError):
    """A number cannot be held exactly; the message is the reason code."""


@dataclass(frozen=True, slots=True)
class Step:
    """The grid a number lives on, as the fraction `numerator / denominator`."""

    numerator: int
    denominator: int

    @classmethod
    def parse(cls, text: str) -> "Step":
        """Read a positive decimal such as "1", "0.01" or "5"; raises ValueError for anything else."""
        try:
            fraction = Fraction(Decimal(text))
        except (InvalidOperation, OverflowError) as error:
            raise ValueError("a step is a positive decimal number, such as 0.01") from error
        if not 0 < fraction <= 10**6 or fraction.denominator > 10**6:
            raise ValueError("a step lies between 0.000001 and 1000000")
        return cls(fraction.numerator, fraction.denominator)

    @property
    def max_units(self) -> int:
        """The largest count of steps that is held, so that `units * numerator` keeps within `MAX_UNITS`."""
        return MAX_UNITS // self.numerator

    def units(self, value: float | Decimal | str) -> int:
        """Return how many steps `value` is; raises NotExactError when it is not a whole number of them."""
        if isinstance(value, int) and self.numerator == self.denominator == 1:
            count = int(value)
        elif (found := self._units_of_float(value)) is not None:
            return found
        else:
            try:
                steps = Fraction(str(value)) / Fraction(self.numerator, self.denominator)
            except (ValueError, ZeroDivisionError, OverflowError) as error:
                raise NotExactError("not_a_number") from error
            if steps.denominator != 1:
                raise NotExactError("off_step")
            count = int(steps.numerator)
        if abs(count) > self.max_units:
            raise NotExactError("out_of_range")
        return count

    def _units_of_float(self, value: object) -> int | None:
        """
        Return how many steps a float is, where a float can tell by itself; None where the exact way round must be gone.

        No two decimals of at most 15 digits are one float. So the count of steps whose float this is, is the number that was
        written.
        """
        if not isinstance(value, float) or self.denominator not in _SHORT or not -_FEW < value < _FEW:
            return None
        count = round(value * self.denominator / self.numerator)
        return count if abs(count) <= self.max_units and self.value(count) == value else None

    def value(self, units: int) -> float:
        """Return the float that `units` steps are, by one division."""
        return units * self.numerator / self.denominator

    def mean(self, units: int, count: int) -> float:
        """Return the mean of `count` numbers whose units sum to `units`, by one division."""
        return units * self.numerator / (count * self.denominator)
