"""Champion against challenger on the same children: each measure of both, and their difference, whole families drawn again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle
from models.errors import BadInput
from models.small_numbers import FEWEST, rounded
from training.champion.moves import moves
from training.champion.unseen import Unseen, unseen
from training.metrics import auc, cut, family_weights, log_loss, observed_over_expected, ppv, recall
from training.resampled import figure

Floats = NDArray[np.float64]
RESAMPLES, SEED = 1_000, 6


def compare(champion: Bundle, challenger: Bundle, data: Path) -> dict[str, Any]:
    """
    Return the challenger beside the champion at every landmark and outcome that both have.

    Lists are of the challenger's team: its capacity. Raises BadInput where the two cannot be compared, or
    nobody is left whom neither learned from. Of too few nothing is told but how few.
    """
    if champion.id == challenger.id:
        raise BadInput("champion and challenger are one and the same bundle")
    capacity, judged = challenger.scorer.policy.capacity, list(unseen(champion, challenger, data))
    if not any(len(children.y) for children in judged):
        raise BadInput(
            "nobody is left whom neither bundle learned from: the champion was made of every child the challenger is judged by "
            "(the live bundle is named first; is it the newer one?)"
        )
    return {
        "format": 1,
        "champion": champion.id,
        "challenger": challenger.id,
        "capacity": capacity,
        "compared": [
            found | {"moves": None if found["measures"] is None else _moves(champion, challenger, children)}
            for children, found in ((children, _compared(children, capacity)) for children in judged)
        ],
    }


def _compared(children: Unseen, capacity: float) -> dict[str, Any]:
    y, n = children.y, len(children.y)
    events = int(y.sum())
    found: dict[str, Any] = {
        "landmark": children.landmark.name,
        "outcome": children.outcome.name,
        "n": rounded(n),
        "events": rounded(events),
        "left_out": {
            "champion_learned_from": rounded(children.learned_from),
            "not_in_champion_scope": rounded(children.not_in_scope),
        },
    }
    if min(events, n - events) < FEWEST:
        return found | {"events": None, "measures": None}
    return found | {"measures": _measures(children, capacity)}


def _measures(children: Unseen, capacity: float) -> dict[str, Any]:
    """Return each measure of both bundles, on the children and on the same draws of their families."""
    weights = family_weights(children.families, RESAMPLES, SEED) * children.weights
    drawn = np.vstack([children.weights[None, :], weights])
    both = [_one(log_odds, children, drawn, capacity) for log_odds in (children.champion, children.challenger)]
    return {name: _paired(both[0][name], both[1][name]) for name in both[0]}


def _one(log_odds: Floats, children: Unseen, drawn: Floats, capacity: float) -> Mapping[str, Floats]:
    """Return each measure (1 + draws,): of the children themselves first. Lists are those of the children, held fixed."""
    y = children.y
    flagged = cut(log_odds, capacity, children.weights).flagged
    return {
        "auc": auc(log_odds, y, drawn),
        "log_loss": log_loss(log_odds, y, drawn),
        "observed_over_expected": observed_over_expected(log_odds, y, drawn),
        "recall": recall(flagged, y, drawn),
        "ppv": ppv(flagged, y, drawn),
    }


def _paired(champion: Floats, challenger: Floats) -> dict[str, Any]:
    figures = {"champion": champion, "challenger": challenger, "difference": challenger - champion}
    return {name: figure(float(values[0]), values[1:]) for name, values in figures.items()}


def _moves(champion: Bundle, challenger: Bundle, children: Unseen) -> dict[str, Any] | None:
    place = children.landmark.name, children.outcome.name
    return moves(champion.scorer.head(*place), challenger.scorer.head(*place), children)
