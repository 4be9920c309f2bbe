"""Writes the documents of a bundle from its other files, and checks that they say what those files say."""

from collections.abc import Mapping

from models.documents.artefacts import Artefacts
from models.documents.card.card import CHECKING, SECTIONS, card
from models.documents.check_card import NAME as CARD
from models.documents.check_card import check_card, headings_of
from models.documents.tripod import NAME as TRIPOD
from models.documents.tripod import check_tripod, tripod
from models.errors import IntegrityError

# What they are written from; golden cases are of invented children, and hold nothing that is told of real ones.
READ = (
    "contract.toml",
    "plan.toml",
    "model.json",
    "calibration.json",
    "bands.json",
    "capacities.json",
    "refits.json",
    "evaluation.json",
    "audit.json",
    "gates.json",
)


def documents(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """
    Return the documents of a bundle's other files, by name: `card.md` and `tripod.json`.

    They depend on those files alone, and are checked before they are returned. Raises IntegrityError where a figure cannot be
    told, or would be told without its source.
    """
    read = {name: files[name] for name in READ if name in files}
    table = tripod(Artefacts(read), [*(heading for heading, _ in SECTIONS), CHECKING])
    written = {TRIPOD: table, CARD: card(Artefacts(read | {TRIPOD: table})).encode()}
    check_documents(read | written)
    return written


def check_documents(files: Mapping[str, bytes]) -> None:
    """Raise IntegrityError, naming the document and the place, unless the documents are what the other files say."""
    for name in (CARD, TRIPOD):
        if name not in files:
            raise IntegrityError(f"{name} is missing")
    artefacts = Artefacts({name: data for name, data in files.items() if name != CARD})
    check_card(files[CARD], artefacts)
    check_tripod(files[TRIPOD], artefacts, headings_of(files[CARD]))
