"""The trace of a request: the caller's where it is well formed, else a new one; nothing else that a caller sends is taken."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.operating.trace import trace_of

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
OWN = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-00")


@pytest.mark.parametrize("parent", [f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00", f"cc-{TRACE}-{SPAN}-01-later"])
def test_a_trace_goes_on(parent: str) -> None:
    """A caller's trace is told and answered with, under a span of its own."""
    trace, own = trace_of({b"traceparent": parent.encode(), b"tracestate": b"canary=1"})
    found = OWN.fullmatch(own)
    assert found is not None
    assert (trace, found[1], found[2] != SPAN) == (TRACE, TRACE, True)


@pytest.mark.parametrize(
    "parent",
    [
        "",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-later",
        f"cc-{TRACE}-{SPAN}-01later",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}",
        f" 00-{TRACE}-{SPAN}-01",
    ],
)
def test_a_malformed_one_begins_anew(parent: str) -> None:
    """A malformed one is as none."""
    trace, own = trace_of({b"traceparent": parent.encode()})
    assert trace != TRACE
    assert own.startswith(f"00-{trace}-")


@given(st.binary(max_size=80))
def test_anything(parent: bytes) -> None:
    """Whatever is sent, what comes back is well formed."""
    trace, own = trace_of({b"traceparent": parent})
    found = OWN.fullmatch(own)
    assert found is not None
    assert found[1] == trace
