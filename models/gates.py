"""
The gates of a run: what had to be true, what was found, and what to do next; `gates.json`.

A *build* gate that says no leaves no bundle at all. A *release* gate that says no is written into the bundle, which can then be
read and scored offline, and is promoted by nobody without a named, dated exception (M7).
"""

from collections.abc import Collection
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Kind = Literal["build", "release"]
Verdict = Literal["passed", "blocked", "signed off"]
Said = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Gate(BaseModel):
    """
    One gate: where it stands (`landmark` and `outcome` are None for the whole run), what it asked and what was found.

    `threshold` is in words, with the number; `value` and its 95 % interval are None where there is nothing to measure, or
    nothing that may be told. `words` is one plain sentence of what was found, `next` what to do where it is blocked, `groups` ("attribute: group")
    those that a gate of groups said no to. A leak
    alarm that somebody has looked into is *signed off*; nothing else can be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    kind: Kind
    label: Said
    landmark: str | None = None
    outcome: str | None = None
    threshold: Said
    value: FiniteFloat | None = None
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None
    verdict: Verdict
    words: Said
    next: str = ""
    groups: Annotated[tuple[Said, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _says_what_follows(self) -> Self:
        if self.verdict == "blocked" and not self.next.strip():
            raise ValueError("a gate that is blocked says what to do next")
        if self.verdict == "signed off" and self.kind == "release":
            raise ValueError("a release gate is not signed off: an exception is made where a bundle is promoted")
        return self


class Gates(BaseModel):
    """Every gate of a run, in the order they were asked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal[1] = 1
    evidence: Literal["quick", "full"]
    gates: Annotated[tuple[Gate, ...], Field(strict=False)]

    def blocked(self, kind: Kind) -> tuple[Gate, ...]:
        """The gates of a kind that said no."""
        return tuple(gate for gate in self.gates if gate.kind == kind and gate.verdict == "blocked")

    def replaced(self, by: Collection[Gate]) -> "Gates":
        """Return the gates, these in place of those of the same code, label, landmark and outcome."""
        found = {_place(gate): gate for gate in by}
        return self.model_copy(update={"gates": tuple(found.get(_place(gate), gate) for gate in self.gates)})


def _place(gate: Gate) -> tuple[str, str, str | None, str | None]:
    return gate.code, gate.label, gate.landmark, gate.outcome
