"""What a training run found, whether or not it left a bundle."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from fairness.policy.policy import Policy
from models.bands import Bands
from models.contract import Contract
from models.errors import GateRefused
from models.gates import Gates
from training.ingest import SourceReport
from training.plan import Plan


@dataclass(frozen=True, slots=True)
class Findings:
    """
    What was asked, what was read and what was found, with no row of any child.

    `contract` is narrowed to what the plan learns; the texts are word for word what was given. `evaluation` holds the heads
    that were judged, `gates` every gate that was asked.
    """

    contract: Contract
    contract_text: str
    plan: Plan
    plan_text: str
    policy: Policy
    policy_text: str
    evaluation: dict[str, Any]
    gates: Gates
    reports: list[SourceReport]
    data_digest: str


@dataclass(frozen=True, slots=True)
class Run(Findings):
    """
    A training run that left a bundle; the held-out scores are child-level: handle as such.

    `scored` holds the children that what ships was judged by, `audited` those whom the audit is of: with full evidence also
    children of earlier cohorts, each judged by a model that was learned on cohorts before theirs.
    `followed` holds what was foreseen of the judged children and of those like them whose outcome was never observed.
    """

    bundle: Path
    bands: Bands
    scored: pd.DataFrame
    audited: pd.DataFrame
    followed: pd.DataFrame


class NoBundle(GateRefused):
    """A build gate said no: there is no bundle, and here is what was found."""

    def __init__(self, findings: Findings) -> None:
        said = "\n".join(dict.fromkeys(f"  - {gate.words} {gate.next}" for gate in findings.gates.blocked("build")))
        super().__init__(f"{headline(findings.gates)}: no bundle was written\n{said}")
        self.findings = findings


def headline(gates: Gates) -> str:
    """
    Say what build gates that said no come to: a leak is suspected wherever an alarm rings.

    That too few children were there to learn of another landmark or outcome, or too little to learn, takes nothing from it.
    """
    codes = {gate.code for gate in gates.blocked("build")}
    return "a leak is suspected" if codes - {"events", "signal"} else "not enough signal"
