"""What a plan says that time and place rule out: days to come, and sign-offs where no alarm of that kind can ring."""

import datetime
from collections.abc import Iterator

from models.contract import Contract
from models.errors import Problem
from training.alarms.codes import EVERYWHERE, WITHIN, Code
from training.plan import Plan

_LANDMARK, _OUTCOME, _FEATURE = "a landmark", "an outcome", "a feature"
_COHORT, _SOURCE, _ORDER = "a cohort", "a source and its column", "the order of keys or rows"
# By code, what may stand in a place where the alarm rings.
_SHAPES: dict[Code, tuple[tuple[str, ...], ...]] = {
    "known_after_landmark": ((_LANDMARK,), (_SOURCE,)),
    "outcome_part_is_feature": ((_LANDMARK, _OUTCOME, _FEATURE),),
    "outcome_breaks_validity": ((_OUTCOME,),),
    "outcome_filled_in": ((_OUTCOME, _COHORT), (_OUTCOME, _SOURCE)),
    "same_person_twice": ((EVERYWHERE,),),
    "depends_on_order": ((_LANDMARK,), (_LANDMARK, _OUTCOME), (_LANDMARK, _OUTCOME, _ORDER)),
    "feature_alone_implausible": ((_LANDMARK, _OUTCOME, _FEATURE),),
    "auc_above_ceiling": ((_LANDMARK, _OUTCOME),),
}


def not_yet(plan: Plan, today: datetime.date) -> Iterator[Problem]:
    """Yield each day in a plan, of those on which people agreed to something, that is later than today."""
    days = {"bands › agreed": plan.bands.agreed}
    days |= {f"sign_off › {i} › on": each.on for i, each in enumerate(plan.sign_offs)}
    for place, day in days.items():
        if day is not None and day > today:
            yield Problem(place, f"{day.isoformat()} is still to come", "Give the day on which it was agreed.")


def nowhere(plan: Plan, contract: Contract) -> Iterator[Problem]:
    """Yield each sign-off at a place where its alarm cannot ring; `contract` holds what the plan learns, and no more."""
    for i, each in enumerate(plan.sign_offs):
        shapes = _SHAPES[each.alarm]
        if not any(_fits(each.where, shape, contract) for shape in shapes):
            wanted = ", or ".join(WITHIN.join(shape) for shape in shapes)
            remedy = f"Copy the place as the run told it ({wanted})."
            yield Problem(f"sign_off › {i} › where", "none of this run's places for that alarm", remedy)


def _fits(where: str, shape: tuple[str, ...], contract: Contract) -> bool:
    parts = where.split(WITHIN, len(shape) - 1)
    return len(parts) == len(shape) and all(_is(*each, contract) for each in zip(parts, shape, strict=True))


def _is(part: str, kind: str, contract: Contract) -> bool:
    """Whether a part of a place names something of the contract; a column may be any that an extract holds."""
    names, first = [source.name for source in contract.sources], part.split(" ", 1)
    if kind == _SOURCE:
        return len(first) == 2 and first[0] in names
    if kind == _COHORT:
        return first[0] == "cohort" and first[-1].isdecimal()
    return (
        part
        in {
            _LANDMARK: [landmark.name for landmark in contract.landmarks],
            _OUTCOME: [outcome.name for outcome in contract.outcomes],
            _FEATURE: [feature.name for landmark in contract.landmarks for feature in contract.features_at(landmark)],
            _ORDER: ["keys", *(f"rows of {name}" for name in names)],
            EVERYWHERE: [EVERYWHERE],
        }[kind]
    )
