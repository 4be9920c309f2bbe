"""The bundle that is recalibrated, landmark by landmark and outcome by outcome."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from fairness.policy.policy import Policy
from models.bundle import Bundle, load_bundle
from models.calibration import Calibrations
from models.errors import IntegrityError
from models.refits import Refit, Refits
from models.terms import Calibration, EstimatorSpec, Model
from training.made_of import cohorts_made_of
from training.plan import Plan


@dataclass(frozen=True, slots=True)
class OriginalHead:
    """
    What a bundle holds of one landmark and outcome: what stays as it was learned, and what is made again.

    `learned_from` are the cohorts that it was made of; None where nothing in the bundle tells.
    """

    spec: EstimatorSpec
    calibration: Calibration
    refit: Refit
    evaluation: dict[str, Any]
    learned_from: list[int] | None


@dataclass(frozen=True, slots=True)
class Original:
    """A bundle that was checked, the plan that it was learned by, and its heads in the order of its model."""

    bundle: Bundle
    plan: Plan
    policy: Policy
    heads: tuple[OriginalHead, ...]

    @property
    def plan_here(self) -> Plan:
        """The plan without the cohorts that it names, which are those learned from, for a list as long as the bundle's is."""
        bands = self.plan.bands.model_copy(update={"capacity": self.bundle.scorer.policy.capacity})
        return self.plan.model_copy(update={"cohorts": None, "bands": bands})

    @property
    def plan_text(self) -> str:
        """The plan, word for word."""
        return self.bundle.files["plan.toml"].decode()

    @property
    def policy_text(self) -> str:
        """The policy of the gaps between groups, word for word."""
        return self.bundle.files["policy.toml"].decode()


def read_original(folder: Path) -> Original:
    """Read a bundle; raises IntegrityError where it is not what it says it is, or its parts are of another format."""
    bundle = load_bundle(folder)
    try:
        return _of(bundle)
    except (ValidationError, ValueError, KeyError, StopIteration):
        raise IntegrityError(f"{folder.name}: its plan, policy, refits or evaluation are not of this format") from None


def _of(bundle: Bundle) -> Original:
    files = bundle.files
    calibrations = Calibrations.model_validate_json(files["calibration.json"]).calibrations
    refits = Refits.model_validate_json(files["refits.json"]).refits
    plan = Plan.model_validate(tomllib.loads(files["plan.toml"].decode()))
    policy = Policy.model_validate(tomllib.loads(files["policy.toml"].decode()))
    evaluation: dict[str, Any] = json.loads(files["evaluation.json"])
    heads = []
    for spec in Model.model_validate_json(files["model.json"]).estimators:
        place = spec.landmark, spec.outcome
        heads.append(
            OriginalHead(
                spec,
                next(one for one in calibrations if (one.landmark, one.outcome) == place),
                next(one for one in refits if (one.landmark, one.outcome) == place),
                next(one for one in evaluation["evaluations"] if (one["landmark"], one["outcome"]) == place),
                cohorts_made_of(evaluation, *place, plan),
            )
        )
    return Original(bundle, plan, policy, tuple(heads))
