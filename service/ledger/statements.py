"""
What the entries of the ledger state, and the signatures under it.

A statement is canonical JSON; a person signs the SHA-256 of it with their own key. It says what it rests on (the proposal, or
the entry that made live what is live), so that one that was written down again later follows from nothing and counts for nothing.
"""

import datetime
import json
from typing import Annotated, Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from models.canonical import canonical, digest
from models.errors import BadInput, IntegrityError
from models.exceptions import ReleaseException
from models.signature import Hex64, check_signature, sign

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]
_WORDS: TypeAdapter[str] = TypeAdapter(Words)


class Statement(BaseModel):
    """What every statement has: when it was made, by the clock of the machine it was made on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    at: AwareDatetime


class Proposal(Statement):
    """
    A bundle is proposed in the place of what is live (`previous`).

    `bundle_key` signed the bundle. `added` and `breaking` are what its requests may hold otherwise. `exceptions` lift gates that
    said no. The one that was live stays callable by its id to the end of the day `keep_old_until`.
    """

    action: Literal["propose"] = "propose"
    id: Id
    bundle: Hex64
    bundle_key: Hex64
    previous: Hex64 | None
    added: tuple[str, ...] = ()
    breaking: tuple[str, ...] = ()
    exceptions: tuple[ReleaseException, ...] = ()
    keep_old_until: datetime.date | None = None


class Approval(Statement):
    """Somebody agrees to a proposal, all of which is repeated here, and ticks that callers must change where they must."""

    action: Literal["approve"] = "approve"
    proposal: Proposal
    breaking_ticked: bool = False


class Promotion(Statement):
    """A proposal goes live; nobody signs it, since it counts only where two people have signed the proposal."""

    action: Literal["promote"] = "promote"
    proposal: Id
    bundle: Hex64


class RollBack(Statement):
    """What is live, since the entry of id `since`, gives way to what was live before it, or (None) to no score."""

    action: Literal["roll back"] = "roll back"
    bundle: Hex64
    since: Id
    to: Hex64 | None
    reason: Words


class Withdrawal(Statement):
    """A proposal is taken back; or, where none is named, a bundle that was live is neither asked nor gone back to again."""

    action: Literal["withdraw"] = "withdraw"
    bundle: Hex64
    proposal: Id | None
    reason: Words


def reason_of(given: str) -> str:
    """Return a reason as it is recorded; raises BadInput when it says nothing, or too much."""
    try:
        return _WORDS.validate_python(given)
    except ValidationError:
        raise BadInput("a reason is one to 1,000 characters, not all of them spaces") from None


def payload(statement: Statement, key: Ed25519PrivateKey | None = None) -> bytes:
    """Return what an entry holds: the statement and, where a key is given, the signature under it."""
    stated = statement.model_dump(mode="json")
    signature = json.loads(sign(digest(canonical(stated)), key)) if key is not None else None
    return canonical({"statement": stated, "signature": signature})


def read_payload(held: bytes | None, kind: type[Any]) -> tuple[Any, str | None]:
    """
    Return the statement of that kind in an entry, with the id of the key that signed it (None: nobody did).

    Raises IntegrityError when it is not of that kind, or the signature is not of this statement.
    """
    try:
        document = json.loads(held or b"")
        stated, signature = document["statement"], document["signature"]
        statement = kind.model_validate_json(canonical(stated))
    except (ValueError, TypeError, KeyError, RecursionError, ValidationError):
        raise IntegrityError("it does not hold the statement that an entry of its kind holds") from None
    return statement, _signer(stated, signature)


def _signer(stated: Any, signature: Any) -> str | None:
    if signature is None:
        return None
    try:
        return check_signature(digest(canonical(stated)), canonical(signature)).key_id
    except (IntegrityError, ValueError):
        raise IntegrityError("its signature is not of this statement") from None
