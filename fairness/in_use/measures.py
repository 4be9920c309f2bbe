"""What is asked of a score in use: shares of children, by the score alone and by what people did."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairness.group_shares import Measured
from fairness.in_use.joined import Used
from fairness.policy.policy import Margins

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Compared:
    """The names of two measures: of the score alone, and of what people did."""

    alone: str
    people: str


# People minus the score alone.
PAIRS: Mapping[str, Compared] = {
    "reached": Compared("listed", "offered"),
    "recall": Compared("recall_alone", "recall_people"),
    "ppv": Compared("ppv_alone", "ppv_people"),
}


def measures_of(used: Used, margins: Margins) -> dict[str, Measured]:
    """
    Return each measure; those that the policy has a margin for are judged.

    Of all who were asked about: `refused` (no score), `listed` (the score alone), `offered` (people) and `outcome_known`. Of those
    listed: `viewed`, and `set_aside` (not offered). Of those not listed: `added` (offered). Of the offers of which it is known:
    `accepted`. Where the outcome is known: recall and PPV of the list (`_alone`), and of the offers (`_people`).
    """
    everyone, y = np.ones(len(used.known), dtype=np.bool_), used.known & used.observed
    listed, offered = used.listed, used.offered
    return {
        "refused": _share(everyone, ~used.scored, margins.refused),
        "listed": _share(everyone, listed),
        "offered": _share(everyone, offered),
        "viewed": _share(listed, used.viewed),
        "set_aside": _share(listed, ~offered),
        "added": _share(~listed, offered),
        "accepted": _share(offered & used.accepted_known, used.accepted),
        "outcome_known": _share(everyone, used.known),
        "recall_alone": _share(y, listed, margins.recall),
        "recall_people": _share(y, offered, margins.recall),
        "ppv_alone": _share(listed & used.known, y, margins.fdr),
        "ppv_people": _share(offered & used.known, y, margins.fdr),
    }


def _share(whole: Flags, part: Flags, margin: float | None = None) -> Measured:
    return Measured(whole.astype(np.int64), (whole & part).astype(np.int64), margin)
