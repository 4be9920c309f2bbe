"""What a check of the decision record found: where the first thing is wrong, and what, in plain words."""

from dataclasses import dataclass
from typing import Literal

What = Literal[
    "edited",
    "deleted",
    "inserted",
    "reordered",
    "copied",
    "rewritten",
    "cut-off",
    "payload-changed",
    "payload-missing",
    "payload-back",
    "misdated",
    "state-wrong",
]

# What is wrong of the chain itself, so that no checkpoint after it fits.
CHAIN: frozenset[What] = frozenset({"edited", "deleted", "inserted", "reordered", "copied", "rewritten", "cut-off"})
# More would only repeat what the first have told; the walk goes on, and counts the rest.
MOST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is wrong.

    `seq` is the number of the first entry it is wrong of. `until` is that of the last: where only two checkpoints tell
    that what stands between them was rewritten, it was somewhere from `seq` to `until`.
    """

    seq: int
    until: int
    what: What
    words: str


@dataclass(frozen=True, slots=True)
class Verified:
    """
    What a check saw: how many entries, the number and the hash of the newest, and what is wrong.

    Beyond the entry `proven` no checkpoint was written, so that nothing proves that no newer entry was cut off.
    """

    entries: int
    head: int
    head_hash: bytes
    erased: int
    checkpoints: int
    proven: int
    findings: tuple[Finding, ...]
    found: int

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.found == 0


def places(seq: int, until: int) -> str:
    """Return the numbers of entries in words: "entry 7", "entries 7 to 9"."""
    return f"entry {seq}" if seq == until else f"entries {seq} to {until}"
