"""The codes of leak alarms, and how the places are written where they ring: what a plan may sign off."""

from typing import Literal

Code = Literal[
    "known_after_landmark",
    "outcome_part_is_feature",
    "outcome_breaks_validity",
    "outcome_filled_in",
    "same_person_twice",
    "depends_on_order",
    "feature_alone_implausible",
    "auc_above_ceiling",
]
EVERYWHERE = "the whole run"
WITHIN = " › "
