"""The record: the chain, what is held of it, and the states that follow from it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make every table."""
    _make_chain()
    _make_held()
    for state in ("exclusions", "legal_holds"):
        op.create_table(
            state,
            sa.Column("subject", sa.LargeBinary(32), primary_key=True),
            sa.Column("seq", _SEQ, nullable=False),
        )
    op.create_table(
        "buckets",
        sa.Column("client", sa.String(64), primary_key=True),
        sa.Column("tokens", sa.Double, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("granted", sa.Integer, nullable=False),
    )


def _make_chain() -> None:
    op.create_table(
        "chain",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("id", sa.String(36), unique=True),
        sa.Column("about", sa.String(36)),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("bundle", sa.String(64)),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    about = sa.text("about IS NOT NULL")
    op.create_index("chain_about", "chain", ["about", "kind"], sqlite_where=about, postgresql_where=about)
    op.create_index("chain_kind", "chain", ["kind", "seq"])


def _make_held() -> None:
    op.create_table(
        "held",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("subject", sa.LargeBinary(32)),
        sa.Column("expires", sa.BigInteger),
        sa.Column("key", sa.LargeBinary(32)),
        sa.Column("asked", sa.LargeBinary(32)),
    )
    op.create_index("ix_held_subject", "held", ["subject"])
    keyed = sa.text("key IS NOT NULL")
    op.create_index("held_key", "held", ["key"], sqlite_where=keyed, postgresql_where=keyed)
