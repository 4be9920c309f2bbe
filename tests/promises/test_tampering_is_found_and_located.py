"""
Tampering with the record is found and located: whoever can write to its database cannot do so unseen.

It must be so because the record is what a court is shown, and those who keep it have an interest in what it says.
"""

from benchmarks.tampering import TAMPERINGS, tally

COUNT, ENTRIES, SEED = 60, 120, 9


def test_every_tampering() -> None:
    """Edited, deleted, inserted, reordered, cut off, rehashed: wherever it was done, the entry is named or the marks around it are."""
    told = tally(COUNT, ENTRIES, SEED)
    assert (told["tampered"], told["not_located"]) == (COUNT, 0)
    # So many draws leave hardly a kind out.
    assert len(told["kinds"]) > 2 / 3 * len(TAMPERINGS)
