"""
What the pack is drawn from: the audit as it may be told, and whichever of a bundle's other files there are.

Nothing that a reader sees has another source, so that all of it has passed through disclosure control.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from fairness.audited import COMPLEMENTS
from fairness.pack.words import initial
from models.canonical import digest
from models.errors import IntegrityError

AUDIT, CONTRACT, FORMAT = "audit.json", "contract.toml", 2
# Read where they are there: without one, a section says what is missing and how to have it.
BESIDE = ("evaluation.json", "gates.json", "bands.json", "capacities.json", CONTRACT, "exceptions.json")
Line = Mapping[str, Any]
Part = Mapping[str, Any]


class Shown(NamedTuple):
    """One measure of one group as it is told: value and gap (the group minus everyone else) with their 95 % intervals."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    gap: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    smallest_gap: float | None = None
    verdict: int | None = None

    @property
    def figure(self) -> tuple[float | None, float | None, float | None]:
        """The value with its interval."""
        return self.value, self.low, self.high

    @property
    def difference(self) -> tuple[float | None, float | None, float | None]:
        """The gap with its interval."""
        return self.gap, self.gap_low, self.gap_high

    @property
    def turned(self) -> Self:
        """One minus it: of those found, those missed; the same verdict."""
        value, low, high = (None if each is None else 1 - each for each in (self.value, self.high, self.low))
        gap, gap_low, gap_high = (None if each is None else -each for each in (self.gap, self.gap_high, self.gap_low))
        return type(self)(value, low, high, gap, gap_low, gap_high, self.smallest_gap, self.verdict)


def shown(line: Line, measure: str) -> Shown:
    """Return a measure of a line of the audit; nothing but None where it is not told. What is one minus another is worked out."""
    told = line["figures"].get(COMPLEMENTS.get(measure, measure))
    if told is None:
        return Shown()
    return Shown(*told).turned if measure in COMPLEMENTS else Shown(*told)


@dataclass(frozen=True, slots=True)
class Head:
    """One landmark and outcome: `id` names it in the page; what other files say of it is None where they do not."""

    id: str
    landmark: str
    outcome: str
    from_when: str
    foreseen: str
    listed: Part
    standing: Part | None
    evaluation: Part | None

    @property
    def title(self) -> str:
        """What is foreseen, and from when."""
        return initial(f"{self.foreseen}, from {self.from_when}")

    @property
    def overall(self) -> Line:
        """Everyone together, by the team's list."""
        overall: Line = self.listed["overall"]
        return overall

    def groups(self, *kinds: str, standing: bool = False) -> Iterator[tuple[Part, Line]]:
        """Yield every group of these kinds with its attribute; those of the audit that does not go by a list if `standing`."""
        audited = (self.standing or {"attributes": ()}) if standing else self.listed
        for attribute in audited["attributes"]:
            if attribute["kind"] in kinds:
                yield from ((attribute, line) for line in attribute["groups"])


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the pack is drawn from; a file of a bundle that is not there is None."""

    audit: Part
    evaluation: Part | None
    gates: Part | None
    bands: Part | None
    capacities: Part | None
    contract: Part | None
    contract_digest: str | None
    exceptions: Sequence[Part]
    heads: tuple[Head, ...]

    @property
    def policy(self) -> Part:
        """What was agreed to ask of the gaps between groups."""
        policy: Part = self.audit["policy"]
        return policy

    @property
    def primary(self) -> str:
        """The measure that decides: recall, or fdr."""
        measure: str = self.policy["primary"]["measure"]
        return measure

    @property
    def margin(self) -> float:
        """By how much a group may differ on the measure that decides."""
        margin: float = self.policy["margins"][self.primary]
        return margin

    def label(self, what: str, name: str) -> str:
        """Return the label of a landmark, outcome or attribute ("landmarks" and so on); its name where it has none."""
        label: str = self.audit["labels"][what].get(name, name)
        return label

    def missing(self, section: str, otherwise: str) -> str:
        """Return why a section was not worked out, in the audit's words or in others."""
        words: str = self.audit["not_computed"].get(section, otherwise)
        return words


def read(files: Mapping[str, bytes]) -> Reading:
    """Read a bundle's files, or an audit's; raises IntegrityError where the audit is missing, of another format, or unreadable."""
    if AUDIT not in files:
        raise IntegrityError(f"{AUDIT} is missing")
    audit = _parsed(AUDIT, files[AUDIT])
    if audit.get("format") != FORMAT:
        raise IntegrityError(f"{AUDIT} is of another format than {FORMAT}")
    evaluation, gates, bands, capacities, contract, exceptions = (
        _parsed(name, files[name]) if name in files else None for name in BESIDE
    )
    sha_256 = digest(files[CONTRACT]) if CONTRACT in files else None
    heads = tuple(_heads(audit, evaluation))
    return Reading(audit, evaluation, gates, bands, capacities, contract, sha_256, exceptions or (), heads)


def _parsed(name: str, data: bytes) -> Any:
    try:
        return tomllib.loads(data.decode()) if name.endswith(".toml") else json.loads(data)
    except ValueError:
        raise IntegrityError(f"{name} cannot be read") from None


def _heads(audit: Part, evaluation: Part | None) -> Iterator[Head]:
    standing = {_place(each): each for each in audit["foresight"]}
    evaluations = {_place(each): each for each in (evaluation or {"evaluations": ()})["evaluations"]}
    labels = audit["labels"]
    for at, listed in enumerate(audit["audits"], start=1):
        landmark, outcome = place = _place(listed)
        yield Head(
            f"score-{at}",
            landmark,
            outcome,
            labels["landmarks"].get(landmark, landmark),
            labels["outcomes"].get(outcome, outcome),
            listed,
            standing.get(place),
            evaluations.get(place),
        )


def _place(part: Part) -> tuple[str, str]:
    return part["landmark"], part["outcome"]
