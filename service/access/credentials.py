"""What a request shows of who asks: an API key or an access token, and the person that the client asks for."""

import re
from collections.abc import Mapping

from models.identifiers import is_identifier
from service.access.refusals import NotKnown

_USER = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_SCHEME = b"bearer "


def credential(headers: Mapping[bytes, bytes]) -> bytes:
    """Return the one API key or token of a request; raises NotKnown where there is none, or more than one."""
    authorization, key = headers.get(b"authorization"), headers.get(b"x-api-key")
    if authorization is not None and key is not None:
        raise NotKnown("two-credentials")
    if key is not None:
        return key
    if authorization is None:
        raise NotKnown("no-credential")
    return _bearer(authorization)


def user(headers: Mapping[bytes, bytes]) -> str | None:
    """Return the client's reference of the person it asks for, where it said so; raises NotKnown when it is not opaque."""
    given = headers.get(b"earlyid-user")
    if given is None:
        return None
    if not is_user(said := given.decode("latin-1")):
        raise NotKnown("user")
    return said


def is_user(given: str) -> bool:
    """Whether a reference of a person is opaque, as far as that can be seen."""
    return _USER.fullmatch(given) is not None and not is_identifier(given)


def _bearer(authorization: bytes) -> bytes:
    if authorization[: len(_SCHEME)].lower() != _SCHEME:
        raise NotKnown("not-a-credential")
    return authorization[len(_SCHEME) :].strip(b" ")
