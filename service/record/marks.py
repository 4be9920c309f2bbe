"""
The checkpoints of a record by the numbers of their entries, packed: years of them are millions.

Forty bytes are kept of each, in the order of their numbers.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from service.record.checkpoints import Checkpoint

_HASH = 32


class Marks:
    """What checkpoints say that the hash of an entry was; of two about one entry the later counts."""

    def __init__(self, checkpoints: Iterable[Checkpoint]) -> None:
        self._seqs = array("Q")
        self._hashes = bytearray()
        late: list[Checkpoint] = []
        for each in checkpoints:
            # Several processes may keep one file, and then a few come out of their order.
            if self._seqs and each.head.seq <= self._seqs[-1]:
                late.append(each)
            else:
                self._seqs.append(each.head.seq)
                self._hashes += each.head.hash
        for each in late:
            self._put(each.head.seq, each.head.hash)

    def __len__(self) -> int:
        return len(self._seqs)

    @property
    def last(self) -> int:
        """The number of the last entry that a checkpoint is of; 0 when there is none."""
        return self._seqs[-1] if self._seqs else 0

    def get(self, seq: int) -> bytes | None:
        """Return what the hash of an entry was; None where no checkpoint says."""
        at = bisect_left(self._seqs, seq)
        if at == len(self._seqs) or self._seqs[at] != seq:
            return None
        return bytes(self._hashes[at * _HASH : (at + 1) * _HASH])

    def _put(self, seq: int, hash_: bytes) -> None:
        at = bisect_left(self._seqs, seq)
        start, known = at * _HASH, self.get(seq) is not None
        if not known:
            self._seqs.insert(at, seq)
        self._hashes[start : start + _HASH if known else start] = hash_
