"""The bytes that the chain is made of never change: a record of years ago must verify."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from service.record.chain import GENESIS, digest_of, hash_of

texts = some.none() | some.text(max_size=3)
bits = some.binary(min_size=32, max_size=32)
rows = some.tuples(
    *(some.integers(0, 2**63 - 1), some.integers(0, 2**63 - 1), some.text(max_size=3)),
    *(texts, texts, some.text(max_size=3), texts, bits, bits),
)


def test_digests_are_as_they_were_fixed() -> None:
    """What is held of an entry has this digest, with and without a subject, an expiry and an Idempotency-Key."""
    assert (
        digest_of(bytes(16), b"{}", None, None).hex()
        == "68e80ebd628c0498541c17a3b772f6e738332e44d970be2df0307b539f2e75a9"
    )
    assert (
        digest_of(b"s" * 16, b'{"a":1}', b"c" * 32, 1788264000000000).hex()
        == "754705351976f97074ba5f62fdb64f3ee4890b78b183c9ad8a4c30adf71beeda"
    )
    assert (
        digest_of(b"s" * 16, b'{"a":1}', b"c" * 32, 1788264000000000, b"k" * 32, b"q" * 32).hex()
        == "5b79fc42ae6f391e83ca8a8bb1a25d7b67f7175c706e9eec08d7b6eb3148e224"
    )


def test_hashes_are_as_they_were_fixed() -> None:
    """A row of the chain has this hash, also when everything that may be missing is."""
    bare = hash_of(1, 0, "read", None, None, "a", None, bytes(32), GENESIS)
    full = hash_of(2, 1788264000000000, "score", "0199-ü", "0198", "case-system", "b" * 64, b"d" * 32, bare)
    assert bare.hex() == "7b758c02af5214de0179026941c1c453c84bda481a341784f6311fe0c0f58392"
    assert full.hex() == "62e4bd9e1e3ef486761c383961383b0a969ed2717a9f4cda9554da96423589b4"


@given(rows, rows)
def test_two_rows_have_one_hash_only_if_they_are_one(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    """No text of a row can be taken for part of another."""
    assert (hash_of(*one) == hash_of(*other)) == (one == other)


given_of_it = some.tuples(
    *(some.binary(min_size=16, max_size=16), some.binary(max_size=200), some.none() | bits),
    *(some.none() | some.integers(0, 2**63 - 1), some.none() | bits, some.none() | bits),
)


@given(given_of_it, given_of_it, some.integers(0, 5))
def test_a_digest_covers_all_that_is_held(one: tuple[Any, ...], other: tuple[Any, ...], changed: int) -> None:
    """Changing any one of salt, payload, subject, expiry, key and what was asked changes the digest, as changing all does."""
    edited = (*one[:changed], other[changed], *one[changed + 1 :])
    for each in (other, edited):
        assert (digest_of(*one) == digest_of(*each)) == (one == each)


def test_nothing_that_is_held_can_be_taken_for_the_payload() -> None:
    """A key that is moved into the payload makes another digest."""
    key = b"k" * 32
    moved = len(key).to_bytes(4, "big") + key
    assert digest_of(bytes(16), b"{}", None, None, key) != digest_of(bytes(16), moved + b"{}", None, None)
