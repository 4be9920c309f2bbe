"""Where the files of a bundle speak of one landmark and outcome."""

from dataclasses import dataclass

from models.documents.artefacts import Pointer
from models.documents.sheet import Sheet

CONTRACT, PLAN = Pointer("contract.toml"), Pointer("plan.toml")
MODEL, CALIBRATION, BANDS = Pointer("model.json"), Pointer("calibration.json"), Pointer("bands.json")
EVALUATION, AUDIT, GATES = Pointer("evaluation.json"), Pointer("audit.json"), Pointer("gates.json")
TRIPOD = Pointer("tripod.json")
# RFC 6901: what is not there (yet) of a list.
NOWHERE = "-"
_QUICK = "Not computed in quick evidence."


@dataclass(frozen=True, slots=True)
class Head:
    """The places of one landmark and outcome; one that leads nowhere where a file does not speak of it."""

    landmark: Pointer
    outcome: Pointer
    estimator: Pointer
    calibration: Pointer
    evaluation: Pointer
    thresholds: Pointer
    audit: Pointer

    def title(self, sheet: Sheet) -> str:
        """Return its name for people: what is foreseen, and from when."""
        return f"{sheet.quote(self.outcome / 'label')}, from {sheet.quote(self.landmark / 'label')}"

    def shipped(self, sheet: Sheet) -> Pointer:
        """Return where the measures of what ships stand."""
        return self.evaluation / "candidates" / str(sheet.at(self.evaluation / "ships"))


def heads_of(sheet: Sheet) -> list[Head]:
    """Return every landmark and outcome that the bundle answers for, in the order of its model."""
    return [_head(sheet, estimator) for estimator in sheet.listed(MODEL / "estimators")]


def _head(sheet: Sheet, estimator: Pointer) -> Head:
    of = {name: str(sheet.at(estimator / name)) for name in ("landmark", "outcome")}
    return Head(
        landmark=_found(sheet, CONTRACT / "landmark", {"name": of["landmark"]}),
        outcome=_found(sheet, CONTRACT / "outcome", {"name": of["outcome"]}),
        estimator=estimator,
        calibration=_found(sheet, CALIBRATION / "calibrations", of),
        evaluation=_found(sheet, EVALUATION / "evaluations", of),
        thresholds=_found(sheet, BANDS / "thresholds", of),
        audit=_found(sheet, AUDIT / "audits", of),
    )


def _found(sheet: Sheet, within: Pointer, of: dict[str, str]) -> Pointer:
    """Return the first of a list that has these values."""
    for each in sheet.listed(within):
        if all(sheet.at(each / name) == value for name, value in of.items()):
            return each
    return within / NOWHERE


def computed(sheet: Sheet, name: str) -> str:
    """Return why something that only full evidence holds is not there."""
    if name not in (sheet.at(EVALUATION / "not_computed") or ()):
        return "Not known: the evaluation does not hold it."
    return "Not computed again: see the bundle it was made from." if is_recalibrated(sheet) else _QUICK


def is_recalibrated(sheet: Sheet) -> bool:
    """Whether it was learned elsewhere, and calibrated anew on the children that its figures are of."""
    return sheet.at(EVALUATION / "recalibrated") is not None
