"""
The tables of the decision record.

`chain` is append-only and holds nothing of a child: of each entry the digest of its salted payload. `held` has the payloads, their
salts and the index of subjects, which retention erases together; the chain verifies without them.
"""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, LargeBinary, MetaData, String, Table, text

metadata = MetaData()

# Every score pays for every index it stands in, so: most requests bring no Idempotency-Key, and most scores are about no other.
_KEYED, _ABOUT = text("key IS NOT NULL"), text("about IS NOT NULL")
# SQLite counts rows of its own accord only under this very type.
_SEQ = BigInteger().with_variant(Integer, "sqlite")

chain = Table(
    "chain",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False, comment="microseconds since 1970, UTC, by the service's clock"),
    Column("kind", String(40), nullable=False),
    Column("id", String(36), unique=True, comment="of what the entry made: a score, a challenge, a worklist"),
    Column("about", String(36), comment="the id of what the entry is about"),
    Column("client", String(64), nullable=False),
    Column("bundle", String(64), comment="the id of the bundle that answered"),
    Column("digest", LargeBinary(32), nullable=False, comment="SHA-256 of all that is held of the entry"),
    Column("previous", LargeBinary(32), nullable=False, comment="the hash of the entry before"),
    Column("hash", LargeBinary(32), nullable=False, comment="SHA-256 of all of the above"),
    Index("chain_about", "about", "kind", sqlite_where=_ABOUT, postgresql_where=_ABOUT),
    Index("chain_kind", "kind", "seq"),
)

held = Table(
    "held",
    metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("subject", LargeBinary(32), index=True, comment="HMAC-SHA-256 of the caller's reference"),
    Column("expires", BigInteger, comment="microseconds since 1970: from then on callers are told that it is gone"),
    Column("key", LargeBinary(32), comment="HMAC-SHA-256 of the client and its Idempotency-Key"),
    Column("asked", LargeBinary(32), comment="HMAC-SHA-256 of method, path and body of that request"),
    Index("held_key", "key", sqlite_where=_KEYED, postgresql_where=_KEYED),
)

# States that follow from entries, kept beside them so that they need not be worked out again at each start.
exclusions = Table(
    "exclusions",
    metadata,
    Column("subject", LargeBinary(32), primary_key=True),
    Column("seq", _SEQ, nullable=False, comment="of the entry that excluded"),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("subject", LargeBinary(32), primary_key=True),
    Column("seq", _SEQ, nullable=False, comment="of the entry that holds"),
)

# How often each client may still ask, where several processes share one database. It says nothing of a child.
buckets = Table(
    "buckets",
    metadata,
    Column("client", String(64), primary_key=True),
    Column("tokens", Double, nullable=False, comment="requests that may still be made"),
    Column(
        "at", Double, nullable=False, comment="seconds since 1970 by the database's clock, when tokens was worked out"
    ),
    Column("granted", Integer, nullable=False, comment="how many the last process that asked was given to spend"),
)
