"""
The last good copy of an issuer's keys, kept on disk, so that a service that is started while the issuer is down knows them too.

The keys are public; whoever could change them could let anybody in, so the file is its owner's alone, as is its folder.
"""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import BadInput
from models.private_file import written_whole


class KeptKeys(BaseModel):
    """A key set as it was fetched: from which address, and when, in seconds since 1970."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    at: float
    keys: str


def read_kept(path: Path) -> KeptKeys | None:
    """Return what is kept, None where there is nothing; raises BadInput where others could change it, or it is something else."""
    try:
        mode, text = path.stat().st_mode, path.read_bytes()
    except OSError:
        return None
    if mode & 0o077:
        raise BadInput(
            f"the kept keys of the issuer are open to others, so they are not used; run: chmod 600 {path.name}"
        )
    try:
        return KeptKeys.model_validate_json(text)
    except ValidationError:
        raise BadInput(f"{path.name} does not hold the issuer's keys, so they are not used; remove it") from None


def keep(path: Path, kept: KeptKeys) -> None:
    """Replace what is kept, whole; raises BadInput where it cannot be written."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.unlink(missing_ok=True)
        with written_whole(aside) as file:
            file.write(kept.model_dump_json().encode())
        aside.replace(path)
    except OSError:
        raise BadInput(f"the issuer's keys cannot be kept in {path.name}; make its folder yours to write") from None
