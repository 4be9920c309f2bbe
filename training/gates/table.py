"""Every gate of a run as a table that a person can read, and what to do next where one said no."""

import textwrap
from collections.abc import Iterator, Sequence

from models.contract import Contract
from models.gates import Gate, Gates

WIDTH = 120
# How wide the landmark, the outcome, what was found and the verdict are.
_COLUMNS = (26, 30, 40, 10)
_MARGIN, _GAP = "  ", "  "
_CLOSED = {
    "build": "No bundle was written. What to do next:",
    "release": "The bundle can be read and scored offline, and is not to be promoted. What to do next:",
}


def gate_lines(contract: Contract, gates: Gates) -> Iterator[str]:
    """
    Yield every gate with what it asked; beneath it, by landmark and outcome, what was found with its interval, and the verdict.

    A sentence tells what was found where a gate did not pass, and of every release gate: one that passed for want of data must
    not read as proof. Each sentence is said once beneath a gate, at its first place. Last comes what to do next.
    """
    yield _counted(gates.gates)
    for label, threshold in dict.fromkeys((gate.label, gate.threshold) for gate in gates.gates):
        yield from ("", *_wrapped(f"{label}: {threshold}"))
        yield from _rows(contract, [gate for gate in gates.gates if (gate.label, gate.threshold) == (label, threshold)])
    for kind, closed in _CLOSED.items():
        if blocked := [gate for gate in gates.gates if gate.kind == kind and gate.verdict == "blocked"]:
            yield from ("", closed, *_remedies(blocked))


def _counted(gates: Sequence[Gate]) -> str:
    verdicts = [gate.verdict for gate in gates]
    counts = [(verdict, verdicts.count(verdict)) for verdict in ("passed", "signed off", "blocked")]
    return "Gates: " + (", ".join(f"{count} {verdict}" for verdict, count in counts if count) or "none was asked")


def _rows(contract: Contract, gates: Sequence[Gate]) -> Iterator[str]:
    said: set[str] = set()
    for gate in gates:
        place = (textwrap.shorten(name, width) for name, width in zip(_place(contract, gate), _COLUMNS, strict=False))
        cells = (*place, _found(gate), gate.verdict)
        padded = (cell.ljust(width) for cell, width in zip(cells, _COLUMNS, strict=True))
        yield (_MARGIN + _GAP.join(padded)).rstrip()
        if (gate.verdict != "passed" or gate.kind == "release") and gate.words not in said:
            said.add(gate.words)
            yield from _wrapped(gate.words, "    → ", "      ")


def _place(contract: Contract, gate: Gate) -> tuple[str, str]:
    if gate.landmark is None and gate.outcome is None:
        return "the whole run", ""
    seen_from = contract.landmark(gate.landmark).label if gate.landmark is not None else "every landmark"
    return seen_from, gate.outcome if gate.outcome is not None else "every outcome"


def _found(gate: Gate) -> str:
    if gate.value is None:
        return "–"
    if gate.low is None and gate.high is None:
        return _number(gate.value)
    low, high = (_number(end) if end is not None else "?" for end in (gate.low, gate.high))
    return f"{_number(gate.value)} ({low} to {high})"


def _number(value: float) -> str:
    """Return a number as people write it: counts whole, other figures to three places."""
    return f"{value:,.0f}" if value.is_integer() and abs(value) >= 2 else f"{value:.3f}"


def _remedies(blocked: Sequence[Gate]) -> Iterator[str]:
    for remedy in dict.fromkeys(gate.next for gate in blocked):
        labels = dict.fromkeys(gate.label for gate in blocked if gate.next == remedy)
        yield from _wrapped(f"{', '.join(labels)}: {remedy}", "  - ", "    ")


def _wrapped(words: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=then)
