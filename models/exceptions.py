"""
Exceptions to release gates: what a board decides after a run, outside the bundle, which stays what it was.

An exception is of one bundle by its id, and of gates by their code. Somebody named has made it, a minute says so, and it ends
within a year. Gates that blocked say which groups they blocked for: such a gate is lifted by exceptions that name groups only
where together they name all of them. Build gates left no bundle, and a bundle that is not what it says it is never gets so far as a
gate: neither can be excepted. Nor can the gate of a policy that nobody has agreed to: a gap can be accepted by people who have said
how large it may be, and before.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.errors import BadInput
from models.gates import Gate, Gates
from models.shaped import read_toml, refuse, shaped
from models.signature import Hex64

IN_FORCE = "in force"
# The code of the gate that says no where nobody has agreed to a policy.
POLICY = "policy"
Said = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]
Named = Annotated[str, Field(pattern=r"^[^,]*\S[^,]*,.*\S", max_length=200)]
Group = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}: .*\S")]


class ReleaseException(BaseModel):
    """
    One exception to a release gate.

    `gate` is its code; without `landmark` or `outcome` it is of all of them. `groups` (each as "attribute: group") are those
    whose shortfall is accepted; without them, whatever the gate blocked for. `reason` is why, `minute` where the decision is
    minuted, `by` whose decision it was ("name, role"). It holds from the day `on` which it was made to the day it `expires`,
    both included.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    bundle: Hex64
    gate: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    landmark: str | None = None
    outcome: str | None = None
    groups: Annotated[tuple[Group, ...], Field(min_length=1, strict=False)] | None = None
    reason: Said
    minute: Said
    by: Named
    on: datetime.date
    expires: datetime.date

    @model_validator(mode="after")
    def _expires_within_a_year(self) -> Self:
        if self.expires <= self.on:
            raise ValueError("an exception expires after the day it was made")
        if self.expires.timetuple()[:3] > (self.on.year + 1, self.on.month, self.on.day):
            raise ValueError("an exception expires within twelve months: after that a board decides again")
        return self

    def is_of(self, gate: Gate) -> bool:
        """Whether it is of this gate, for some of the groups at least."""
        return (
            gate.code == self.gate and self.landmark in {None, gate.landmark} and self.outcome in {None, gate.outcome}
        )

    def of(self, gates: Gates) -> list[Gate]:
        """Return the gates that blocked a release and that it may lift, for some of the groups at least."""
        return [gate for gate in gates.blocked("release") if self.is_of(gate) and gate.code != POLICY]

    def state(self, gates: Gates, bundle_id: str, today: datetime.date) -> str:
        """
        Return IN_FORCE, or in plain words why it lifts nothing: a slip of the pen must not pass in silence.

        Of one exception alone; `standings` says what stays blocked beside all of them.
        """
        if self.bundle != bundle_id:
            return "not in force: it is of another bundle"
        if today < self.on:
            return f"not in force: it was made on {self.on.isoformat()}, which is still to come"
        if self.expires < today:
            return f"not in force: it expired on {self.expires.isoformat()}"
        if not (blocked := self.of(gates)):
            return f"not in force: {_why_none(self, gates)}"
        if mistaken := set(self.groups or ()) - {group for gate in blocked for group in gate.groups}:
            return f"not in force: no such gate blocked for {', '.join(sorted(mistaken))}"
        return IN_FORCE


class Exceptions(BaseModel):
    """A file of exceptions: `[[exception]]`, each as `ReleaseException` says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    exceptions: Annotated[tuple[ReleaseException, ...], Field(alias="exception", strict=False)] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An exception, and whether it is in force for a bundle on a day; if not, why."""

    exception: ReleaseException
    state: str

    @property
    def in_force(self) -> bool:
        """Whether it holds, though a gate may stay blocked for groups that nobody has excepted."""
        return self.state.startswith(IN_FORCE)

    def shown(self) -> dict[str, Any]:
        """Return it as JSON, for a page that shows what was decided."""
        return self.exception.model_dump(mode="json") | {"state": self.state}


def read_exceptions(path: Path) -> tuple[ReleaseException, ...]:
    """Read a file of exceptions; raises BadInput naming every problem."""
    document, _ = read_toml(path, "exceptions", BadInput)
    read, problems = shaped(Exceptions, document, "exceptions file")
    refuse(path, problems, BadInput)
    return read.exceptions


def standings(
    gates: Gates, exceptions: Sequence[ReleaseException], bundle_id: str, today: datetime.date
) -> tuple[Standing, ...]:
    """
    Return how each exception stands, in the order given: also those that have expired, or are of nothing.

    One in force says of its gates for whom they stay blocked, beside all exceptions in force.
    """
    states = [each.state(gates, bundle_id, today) for each in exceptions]
    force = [each for each, state in zip(exceptions, states, strict=True) if state == IN_FORCE]
    return tuple(
        Standing(each, state if state != IN_FORCE else _in_force(each, gates, force))
        for each, state in zip(exceptions, states, strict=True)
    )


def still_blocked(
    gates: Gates, exceptions: Sequence[ReleaseException], bundle_id: str, today: datetime.date
) -> tuple[Gate, ...]:
    """Return the gates that keep a bundle from release on a day: all that blocked but those an exception in force lifts."""
    standing = [each.exception for each in standings(gates, exceptions, bundle_id, today) if each.in_force]
    return (*gates.blocked("build"), *(gate for gate in gates.blocked("release") if not _lifted(gate, standing)))


def _lifted(gate: Gate, exceptions: Sequence[ReleaseException]) -> bool:
    """Whether a gate is excepted whole, or, of the groups that it blocked for, each by one exception or another."""
    of_gate = [each for each in exceptions if each.is_of(gate) and gate.code != POLICY]
    return any(each.groups is None for each in of_gate) or (bool(gate.groups) and not _left(gate, of_gate))


def _left(gate: Gate, exceptions: Sequence[ReleaseException]) -> list[str]:
    """Return the groups a gate blocked for that no exception names."""
    named = {group for each in exceptions if each.is_of(gate) for group in each.groups or ()}
    return [group for group in gate.groups if group not in named]


def _in_force(exception: ReleaseException, gates: Gates, force: Sequence[ReleaseException]) -> str:
    """Return that an exception is in force, and of its gates that stay blocked for whom they do, and at which landmark and outcome."""
    blocked = (gate for gate in exception.of(gates) if not _lifted(gate, force))
    left = [f"{', '.join(_left(gate, force)) or 'want of children to judge'}{_place(gate)}" for gate in blocked]
    return f"{IN_FORCE}, but the gate stays blocked for {'; '.join(left)}" if left else IN_FORCE


def _place(gate: Gate) -> str:
    return "" if gate.landmark is None else f" ({gate.outcome} at {gate.landmark})"


def _why_none(exception: ReleaseException, gates: Gates) -> str:
    if exception.gate == POLICY:
        return "somebody agrees to a policy; that nobody has is never excepted"
    of_code = [gate for gate in gates.gates if gate.code == exception.gate]
    if not of_code:
        return "this bundle has no gate of that code"
    if any(gate.kind == "build" for gate in of_code):
        return "a build gate is never excepted"
    return "no gate of that code, landmark and outcome is blocked"
