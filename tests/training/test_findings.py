"""What a run that left no bundle is called."""

import pytest

from models.gates import Gate, Gates, Verdict
from training.findings import headline


def _gate(code: str, verdict: Verdict) -> Gate:
    return Gate(code=code, kind="build", label="l", threshold="t", verdict=verdict, words="w", next="n")


def _gates(*codes: str) -> Gates:
    blocked = [_gate(code, "blocked") for code in codes]
    return Gates(evidence="quick", gates=(*blocked, _gate("same_person_twice", "passed")))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("events",), "not enough signal"),
        (("signal",), "not enough signal"),
        (("events", "signal"), "not enough signal"),
        (("auc_above_ceiling",), "a leak is suspected"),
        (("signal", "same_person_twice"), "a leak is suspected"),
        (("events", "auc_above_ceiling"), "a leak is suspected"),
    ],
)
def test_a_leak_is_never_hidden(codes: tuple[str, ...], said: str) -> None:
    """An alarm that rings is called a leak that is suspected, whatever else was missing elsewhere."""
    assert headline(_gates(*codes)) == said
