"""
The trace that a request belongs to, by the W3C's Trace Context, whether or not traces are exported.

Of what a caller sends only the 32 digits of its trace are taken; `tracestate` and `baggage` could hold anything, and go nowhere.
"""

import random
import re
from collections.abc import Mapping

from opentelemetry.trace import get_current_span

# A version after 00 may say more behind a further hyphen; ff is no version.
_GIVEN = re.compile(rb"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
# A trace is no secret; to ask the system for each would give up the interpreter's lock.
_CHANCE = random.Random()  # noqa: S311
_NO_TRACE, _NO_SPAN = b"0" * 32, b"0" * 16


def trace_of(headers: Mapping[bytes, bytes]) -> tuple[str, str]:
    """
    Return the trace of a request (32 hexadecimal digits) and the `traceparent` to answer with.

    It is that of the span being exported where there is one, else the caller's; one that is malformed begins anew.
    """
    span = get_current_span().get_span_context()
    if span.is_valid:
        trace, own = f"{span.trace_id:032x}", f"{span.span_id:016x}"
    else:
        drawn = f"{_CHANCE.getrandbits(192):048x}"
        trace, own = drawn[:32], drawn[32:]
        if (parent := headers.get(b"traceparent")) is not None:
            trace = _given(parent) or trace
    return trace, f"00-{trace}-{own}-{'01' if span.trace_flags.sampled else '00'}"


def _given(parent: bytes) -> str | None:
    found = _GIVEN.fullmatch(parent)
    if found is None or found[2] == _NO_TRACE or found[3] == _NO_SPAN or (found[1] == b"00" and found[4] is not None):
        return None
    return found[2].decode()
