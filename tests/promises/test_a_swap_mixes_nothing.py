"""
A swap mixes nothing: while bundles are promoted and rolled back every request is answered, by one bundle alone.

It must be so because an answer of one model's number and another's reasons would be nobody's answer, and nobody would know.
"""

from benchmarks.swapping import swapping

MOVES = 3
# A service looks once a second; a busy machine may take its time over reading a bundle.
MOST_SECONDS = 5.0


def test_moves_under_load() -> None:
    """Two promotions and a roll-back under load: none of the answers failed or is mixed, and each move was picked up in time."""
    told = swapping(MOVES)
    assert (told["moves"], told["failed"], told["mixed"]) == (MOVES, {}, 0)
    assert told["bundles_that_answered"] > 1
    assert told["answers"] > 50
    assert told["slowest_swap_s"] < MOST_SECONDS
