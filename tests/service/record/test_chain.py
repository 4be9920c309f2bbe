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
    """What is held of an entry has this digest, with and without a subject and an expiry."""
    assert (
        digest_of(bytes(16), b"{}", None, None).hex()
        == "cf12894c686e6d826e1b630cf54d40d011361f6b1ffb55c6c1669d94c5035ca5"
    )
    assert (
        digest_of(b"s" * 16, b'{"a":1}', b"c" * 32, 1788264000000000).hex()
        == "1ab7ac7ee1e845b5c26eaa767800d5e48412757b4c3b2728e3dd3632e8e9ed65"
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


@given(some.none() | bits, some.none() | some.integers(0, 2**63 - 1), some.binary(max_size=4))
def test_a_digest_covers_salt_subject_expiry_and_payload(
    subject: bytes | None, expires: int | None, payload: bytes
) -> None:
    """Changing any of them changes the digest."""
    salt = b"s" * 16
    told = digest_of(salt, payload, subject, expires)
    assert told != digest_of(b"t" * 16, payload, subject, expires)
    assert told != digest_of(salt, payload + b" ", subject, expires)
    assert told != digest_of(salt, payload, b"x" if subject is None else None, expires)
    assert told != digest_of(salt, payload, subject, 5 if expires is None else None)
