"""Packed checkpoints say what the checkpoints said."""

from hypothesis import given
from hypothesis import strategies as some

from service.record.chain import Head
from service.record.checkpoints import Checkpoint
from service.record.marks import Marks

made = some.lists(some.tuples(some.integers(1, 30), some.binary(min_size=32, max_size=32)))


@given(made)
def test_packed_as_a_dictionary_would_be(given: list[tuple[int, bytes]]) -> None:
    """In whatever order they come, and however often one entry has one, each is found, and no other."""
    marks, known = Marks(Checkpoint(Head(seq, 1, hash_), "") for seq, hash_ in given), dict(given)
    assert [marks.get(seq) for seq in range(32)] == [known.get(seq) for seq in range(32)]
    assert (len(marks), marks.last) == (len(known), max(known, default=0))
