"""What ships, learned again as a changed study says: once for each set of features, whoever asks."""

from training.judging import HeldOut
from training.learning import CandidateName
from training.plan import Plan
from training.study import Study
from training.validation.changed import relearned

_Features = tuple[tuple[str, str], ...]


class LearnedOnce:
    """Held-out scores of one head's studies, which differ in their features alone; of folds those of the first repeat."""

    def __init__(self, ships: CandidateName, plan: Plan) -> None:
        """`ships` is the candidate that is learned."""
        self._ships, self._plan = ships, plan
        self._held_out: dict[_Features, HeldOut | None] = {}

    def __call__(self, study: Study) -> HeldOut | None:
        """Return the scores of the study's held-out children; None where there is nothing to learn."""
        # A feature that stands for a group has its place for a name; its label says which group of which attribute.
        asked = tuple((feature.name, feature.label) for feature in study.task.features)
        if asked not in self._held_out:
            self._held_out[asked] = relearned(self._ships, study, self._plan)
        return self._held_out[asked]
