"""
A released bundle with one bit flipped, a file cut short, made longer, taken away or added, at many places: every one is refused.

What is released is read by the very road that a running service takes.
"""

import contextlib
import datetime
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.generated import contract_text
from benchmarks.small_bundle import FOR_RELEASE, bundle_files
from models.bundle_writing import write_bundle
from models.errors import EarlyidError, IntegrityError
from models.signature import load_key, new_key
from service.ledger.releases import Releases
from service.ledger.statements import Proposal

MUTATIONS = 2000


def mutated_bundles(count: int = MUTATIONS) -> dict[str, Any]:
    """Try so many mutations, and return the part: how many were refused as what they are, and what was left behind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new_key(folder / "key")
        key = load_key(folder / "key")
        releases = Releases(folder / "releases")
        whole = write_bundle(releases.folder, bundle_files(contract_text(), gates=FOR_RELEASE), key)
        signer = json.loads((whole / "signature.json").read_bytes())["key_id"]
        proposal = Proposal(
            at=datetime.datetime.now(datetime.UTC),
            id="00000000-0000-7000-8000-000000000000",
            bundle=whole.name,
            bundle_key=signer,
            previous=None,
        )
        refused = _refused(releases, proposal, count)
        today = datetime.date.today()  # noqa: DTZ011 - gateways expire by the calendar of this place
        still = releases.load(proposal, today).bundle.id == whole.name
        left = sorted(path.name for path in folder.iterdir()) + sorted(path.name for path in releases.folder.iterdir())
    clean = left == ["key", "releases", whole.name]
    return {
        "part": "mutated bundles",
        "mutations": count,
        "refused": dict(refused),
        "the whole one loads after": still,
        "nothing left behind": clean,
        "passed": refused["integrity"] == count and still and clean,
    }


def _refused(releases: Releases, proposal: Proposal, count: int) -> Counter[str]:
    """Mutate the bundle so many times, each time put right again, and count how it was refused."""
    chance = random.Random(20260901)  # noqa: S311 - places to mutate
    folder, found = releases.place(proposal.bundle), Counter[str]()
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    today = datetime.date.today()  # noqa: DTZ011 - as above
    for _ in range(count):
        _mutate(folder, kept, chance)
        try:
            releases.load(proposal, today)
        except IntegrityError:
            found["integrity"] += 1
        except EarlyidError:
            found["other"] += 1
        else:
            found["loaded"] += 1
        _put_right(folder, kept)
    return found


def _mutate(folder: Path, kept: dict[str, bytes], chance: random.Random) -> None:
    name = chance.choice(sorted(kept))
    path, data = folder / name, bytearray(kept[name])
    match chance.choice(["bit"] * 6 + ["short", "longer", "gone", "more", "link"]):
        case "bit":
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
        case "short":
            path.write_bytes(data[: chance.randrange(len(data))])
        case "longer":
            path.write_bytes(data + b" " * chance.randint(1, 9))
        case "gone":
            path.unlink()
        case "more":
            (folder / chance.choice(["model.pkl", "..name", ".hidden", "a.py"])).write_bytes(b"import os\n")
        case _:
            path.unlink()
            path.symlink_to("/etc/hostname")


def _put_right(folder: Path, kept: dict[str, bytes]) -> None:
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()
    for name, data in kept.items():
        path = folder / name
        with contextlib.suppress(FileNotFoundError):
            if not path.is_symlink() and path.read_bytes() == data:
                continue
        path.unlink(missing_ok=True)
        path.write_bytes(data)


def main() -> None:
    """Print one line of JSON; the first argument is how many mutations."""
    part = mutated_bundles(int(sys.argv[1]) if len(sys.argv) > 1 else MUTATIONS)
    print(json.dumps(part))
    sys.exit(not part["passed"])


if __name__ == "__main__":
    main()
