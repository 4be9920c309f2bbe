"""
The bundles that the record names, kept whole under `HOME/releases` by their id. Nothing here, and no command, deletes one.

A bundle is read again each time it is needed, and what is not the bundle of its id, or not signed as its proposal says, is refused
before any of it is used.
"""

import datetime
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from models.bundle import MANIFEST, MAX_BYTES, Bundle, load_bundle
from models.bundle_writing import copy_bundle
from models.canonical import digest
from models.documents.documents import check_documents
from models.errors import BadInput, GateRefused, IntegrityError
from models.exceptions import still_blocked
from models.gates import Gate, Gates
from service.ledger.statements import Proposal
from service.live import Live, load_live

_DIGITS = re.compile("[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Releases:
    """The folder of kept bundles."""

    folder: Path

    def place(self, bundle: str) -> Path:
        """Return where a bundle is kept, by its id."""
        return self.folder / bundle

    def named(self, given: str) -> Path:
        """Return the folder of a bundle: that very folder, or the kept one whose id has these first 8 digits or more; raises BadInput."""
        if not _DIGITS.fullmatch(given) or Path(given).is_dir():
            return Path(given)
        found = list(self.folder.glob(f"{given}*"))
        if len(found) != 1:
            raise BadInput(
                f"{len(found) or 'no'} bundles of that id are kept in {self.folder.name}, and it is no folder"
            )
        return found[0]

    def keep(self, bundle: Bundle) -> Bundle:
        """Copy a bundle that was checked, unless it is kept already; returns what is kept."""
        return load_bundle(copy_bundle(self.folder, bundle))

    def load(self, proposal: Proposal, today: datetime.date) -> Live:
        """
        Return the bundle of a proposal, ready to answer.

        Raises IntegrityError when it is not the one that was proposed, ContractError when a lawful gateway has expired,
        GateRefused when a gate says no, an exception having ended.
        """
        folder = self.place(proposal.bundle)
        if _id_of(folder) != proposal.bundle:
            raise IntegrityError(f"{proposal.bundle[:12]}: its folder holds another bundle")
        live = load_live(folder, today)
        signature = live.bundle.signature
        if signature is None or signature.key_id != proposal.bundle_key:
            raise IntegrityError(f"{proposal.bundle[:12]}: it is not signed by the key that its proposal names")
        check_documents(live.bundle.files)
        check_gates(live.bundle, proposal, today)
        return live


def check_gates(bundle: Bundle, proposal: Proposal, today: datetime.date) -> None:
    """
    Raise GateRefused unless a bundle may be released: everything was computed, and no gate says no.

    An exception of the proposal lifts a gate on the days on which it is in force.
    """
    gates = gates_of(bundle)
    if gates.evidence != "full":
        raise GateRefused('its evidence is "quick": train again with evidence = "full" in the plan')
    if blocked := still_blocked(gates, proposal.exceptions, bundle.id, today):
        raise GateRefused("\n".join(["its gates say no:", *(f"  - {_said(gate)}" for gate in blocked)]))


def gates_of(bundle: Bundle) -> Gates:
    """Return the gates of a bundle; raises IntegrityError when `gates.json` holds something else."""
    try:
        return Gates.model_validate_json(bundle.files["gates.json"])
    except ValidationError:
        raise IntegrityError("gates.json does not hold gates") from None


def _said(gate: Gate) -> str:
    place = f" ({gate.outcome} at {gate.landmark})" if gate.landmark is not None else ""
    return f"{gate.code}{place}: {gate.words} {gate.next}"


def _id_of(folder: Path) -> str:
    """Return the id of whatever bundle a folder holds, from its manifest alone."""
    manifest = folder / MANIFEST
    try:
        if not stat.S_ISREG(manifest.lstat().st_mode):
            raise IntegrityError(f"{folder.name[:12]}: its manifest is not a plain file")
        with manifest.open("rb") as file:
            return digest(file.read(MAX_BYTES))
    except OSError:
        raise IntegrityError(f"{folder.name[:12]}: the bundle is not kept here any more") from None
