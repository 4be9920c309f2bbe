"""The England of the demo: invented as its agencies hold it, and linked, once for each home folder."""

from dataclasses import dataclass
from pathlib import Path

from models.contract_reading import load_contract
from models.secret import new_secret
from training.linkage.asked import Asked as ToLink
from training.linkage.link import link
from training.pipeline import Progress
from training.synthetic.area import NATION
from training.synthetic.foresight import ENGLAND
from training.synthetic.mistakes import load_mistakes
from training.synthetic.write import TRUTH, Asked, synthesise

# Enough children to learn from, few enough that all is done within three minutes on two cores.
BIRTHS, COHORTS, SEED = 2500, tuple(range(2014, 2024)), 7


@dataclass(frozen=True, slots=True)
class Invented:
    """Where an invented authority is: as agencies hold it, linked, and the map from their ids to pseudonyms."""

    raw: Path
    linked: Path
    map: Path

    @property
    def identities(self) -> Path:
        """Which true child each agency's ids are of."""
        return self.raw / TRUTH / "identities.csv"


def invented_england(home: Path, progress: Progress) -> Invented:
    """Return England under the home folder, inventing and linking it where that has not been done yet."""
    name = f"{NATION}-agencies-{BIRTHS}-{COHORTS[0]}-{COHORTS[-1]}-{SEED}"
    found = Invented(home / "data" / name, home / "linked" / name, home / "keys" / f"{name}-map.csv")
    for path in (found.raw, found.linked, found.map):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not found.raw.exists():
        synthesise(Asked(NATION, BIRTHS, COHORTS, SEED, load_mistakes("default")), found.raw, progress)
    if not found.linked.exists():
        key = home / "keys" / "linkage"
        if not key.exists():
            new_secret(key)
        review = home / "keys" / f"{name}-review.csv"
        asked = ToLink(found.raw, key, review, found.map, found.linked, found.identities)
        link(load_contract(Path(str(ENGLAND)))[0], asked, progress)
    return found
