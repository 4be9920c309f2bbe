"""
Every failure the system names, in one tree that knows nothing of HTTP or of processes.

    EarlyidError
    ├── BadInput                 what we were given cannot be used          (exit 3)
    │   ├── ContractError        the contract does not say what it must
    │   ├── DataError            an extract does not keep the contract
    │   ├── PlanError            the plan does not say what it must
    │   ├── PolicyError          the policy does not say what it must
    │   ├── KeyFileError         a key file cannot be used
    │   └── RequestError         a scoring request does not keep the contract
    ├── GateRefused              a gate said no                             (exit 4)
    └── IntegrityError           a bundle is not what it says it is         (exit 5)

A *not scored* answer is a value, not an error: see `models.scope`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing that is wrong, where it is, and what to do about it.

    Never holds a value from a child's record: `place` and `what` name columns and rules only.
    """

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}. {self.remedy}"


class EarlyidError(Exception):
    """Anything that ends a piece of work with words a person can act on."""


class BadInput(EarlyidError):
    """What we were given cannot be used; carries every problem found, not only the first."""

    def __init__(self, headline: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__("\n".join([headline, *(f"  - {problem}" for problem in problems)]))
        self.headline = headline
        self.problems = problems


class ContractError(BadInput):
    """The contract does not say what it must."""


class DataError(BadInput):
    """An extract does not keep the contract."""


class PlanError(BadInput):
    """The plan does not say what it must."""


class PolicyError(BadInput):
    """The policy does not say what it must."""


class KeyFileError(BadInput):
    """A key file is missing, malformed, or open to others."""


class RequestError(BadInput):
    """A scoring request does not keep the live bundle's contract."""


class GateRefused(EarlyidError):
    """A gate said no, and nothing was left behind."""


class IntegrityError(EarlyidError):
    """A bundle is not what its manifest, digests, golden cases or signature say it is."""


def exit_code(error: EarlyidError) -> int:
    """Return the process exit status for `error`; 0 and 2 (done, usage) never come from an error."""
    match error:
        case BadInput():
            return 3
        case GateRefused():
            return 4
        case IntegrityError():
            return 5
        case _:
            return 1
