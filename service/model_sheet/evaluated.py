"""What the page reads of a bundle's evaluation: how what ships did on children it had not seen."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.bands import Figure
from models.errors import IntegrityError


class _Read(BaseModel):
    """Base of what is read; what the page does not tell may stand beside it."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Measures(_Read):
    """One candidate's measures on held-out children."""

    auc: Figure
    average_precision: Figure
    brier: Figure
    log_loss: Figure
    calibration_slope: Figure
    calibration_intercept: Figure


class Judged(_Read):
    """Held-out children, and how each candidate did on them."""

    n: int
    events: int
    prevalence: float
    ships: str
    candidates: dict[str, Measures]

    @property
    def shipped(self) -> Measures:
        """The measures of what ships."""
        return self.candidates[self.ships]


class Lagged(Judged):
    """The same procedure, learned as many cohorts before as it is in real use, or as many as there are."""

    lag_in_cohorts: int
    lag_in_real_use: int


class Procedure(_Read):
    """How children were held out: by time, or by folds."""

    kind: str
    learned_on: int | None = None


class Evaluated(Judged):
    """One landmark and outcome."""

    landmark: str
    outcome: str
    procedure: Procedure
    lagged: Lagged | None = None


class Evaluation(_Read):
    """Every landmark and outcome."""

    evaluations: tuple[Evaluated, ...] = Field(default=())


def read_evaluation(data: bytes) -> Evaluation:
    """Read a bundle's `evaluation.json`; raises IntegrityError when it is none."""
    try:
        evaluation = Evaluation.model_validate_json(data)
    except ValidationError:
        raise IntegrityError("its evaluation is not of this format") from None
    judged = [one for part in evaluation.evaluations for one in (part, part.lagged) if one is not None]
    if any(one.ships not in one.candidates for one in judged):
        raise IntegrityError("its evaluation does not say how what ships did")
    return evaluation
