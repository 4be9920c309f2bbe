"""One digest of all that a run reads."""

from pathlib import Path

from models.canonical import canonical, digest
from models.contract import Contract
from training.linked_folder import linked_files


def data_digest(contract: Contract, data: Path) -> str:
    """Return the SHA-256 of names and contents of all that is read from the folder `data`, in the contract's order."""
    names = [*(source.file for source in contract.sources), *linked_files(data)]
    return digest(canonical([[name, digest((data / name).read_bytes())] for name in names]))
