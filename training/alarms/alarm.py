"""
An alarm: what was looked for in one place and what was found there, and the build gate that it becomes.

An alarm that rings blocks the run, unless the plan signs off that very alarm in that very place, with a reason and a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from models.gates import Gate, Verdict
from training.alarms.codes import EVERYWHERE, WITHIN, Code
from training.plan import Plan
from training.plan_parts import SignOff

LABELS: dict[Code, str] = {
    "known_after_landmark": "No feature sees what the contract calls known later",
    "outcome_part_is_feature": "No part of the outcome among the features",
    "outcome_breaks_validity": "Outcomes keep their own rule of validity",
    "outcome_filled_in": "Outcomes look observed, not filled in",
    "same_person_twice": "No record is there twice",
    "depends_on_order": "Order of rows and names of children change nothing",
    "feature_alone_implausible": "No feature foresees the outcome alone",
    "auc_above_ceiling": "No model foresees more than an honest one can",
}
_NEEDLESS = (
    "It does not ring there. Take the sign-off out of the plan, so that it hides nothing that rings there later."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """
    What was looked for (`threshold`) and found in one place; `advice` says what to do where it rings.

    `about` is what it rings for: a feature, a source, a cohort. It is never a child, a setting or a value of theirs. What could
    not be asked, for want of anything to ask it of, is quiet, and its label says so (`asked` is False).
    """

    code: Code
    rings: bool
    threshold: str
    found: str
    advice: str = ""
    landmark: str | None = None
    outcome: str | None = None
    about: str | None = None
    asked: bool = True
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def place(self) -> str:
        """Where it stands, as a plan that signs it off must say."""
        named = (self.landmark, self.outcome, self.about)
        return WITHIN.join(part for part in named if part is not None) or EVERYWHERE

    def gate(self, verdict: Verdict, found: str, then: str) -> Gate:
        """Return the build gate that it becomes."""
        return Gate(
            code=self.code,
            kind="build",
            label=LABELS[self.code] if self.asked else f"{LABELS[self.code]} (not asked)",
            landmark=self.landmark,
            outcome=self.outcome,
            threshold=self.threshold,
            value=_told(self.value),
            low=_told(self.low),
            high=_told(self.high),
            verdict=verdict,
            words=found,
            next=then,
        )


def signed_off(alarms: Iterable[Alarm], plan: Plan) -> list[Gate]:
    """Return the gate of each alarm: passed where it is quiet, signed off where the plan says so, and else blocked."""
    agreed = {(each.alarm, each.where): each for each in plan.sign_offs}
    return [_gate(alarm, agreed.get((alarm.code, alarm.place))) for alarm in alarms]


def unneeded(alarms: Iterable[Alarm], sign_offs: Iterable[SignOff]) -> list[Gate]:
    """
    Return a gate for each sign-off of an alarm that does not ring where it was signed off.

    It passed; that nothing had to be signed off stands in what it asked, which is printed of every gate.
    """
    rung = {(alarm.code, alarm.place) for alarm in alarms if alarm.rings}
    return [_needless(each).gate("passed", _NEEDLESS, "") for each in sign_offs if (each.alarm, each.where) not in rung]


def _needless(agreed: SignOff) -> Alarm:
    said = (
        f"signed off for nothing by {agreed.by} on {agreed.on.isoformat()}, as it does not ring there: {agreed.where}"
    )
    return Alarm(code=agreed.alarm, rings=False, threshold=said, found=_NEEDLESS)


def _gate(alarm: Alarm, agreed: SignOff | None) -> Gate:
    if not alarm.rings:
        return alarm.gate("passed", alarm.found, "")
    if agreed is None:
        how = f'alarm = "{alarm.code}", where = "{alarm.place}"'
        then = f"{alarm.advice} If it was looked into and is no leak, sign it off in the plan with a reason: {how}."
        return alarm.gate("blocked", alarm.found, then)
    who = f"Signed off by {agreed.by} on {agreed.on.isoformat()}: {agreed.reason.rstrip('.')}."
    return alarm.gate("signed off", f"{alarm.found} {who}", "")


def _told(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
