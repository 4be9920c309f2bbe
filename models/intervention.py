"""What a contract says of help that may change an outcome."""

from typing import Literal

from pydantic import Field

from models.declared import Declared, Name, Words
from models.feature import Condition

Handling = Literal["stratum", "exclusion", "report"]


class Intervention(Declared):
    """
    Help that may change what a score foresees: the rows of a `source` that meet `where`, each dated by when it began.

    A child had it for an outcome where it began before the child's result; whether before or after the landmark, and whether
    it still goes on, makes no difference. It is never a feature. `handling` says what follows for learning and judging, and
    `reason` why that was chosen:

    - `report`: everyone is learned from and judged; those who had it and those who had not are also told apart.
    - `stratum`: learned, calibrated and judged on those who had not; those who had are scored by the same, and told apart.
    - `exclusion`: those who had are neither learned from nor judged, only counted.
    """

    name: Name
    label: Words
    source: Name
    where: tuple[Condition, ...] = Field(default=(), strict=False)
    handling: Handling
    reason: Words

    @property
    def learned_from(self) -> bool:
        """Whether children who had it are learned from and stand in the headline figures."""
        return self.handling == "report"
