"""What becomes of the rows of a file: counts by reason, the rows set aside, and how fast it goes."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from models.errors import BadInput, Problem
from models.private_file import check_free, written_whole

Say = Callable[[str], None]

# How many seconds lie between two words of progress.
EVERY = 1.0
# So many reasons are named where nothing is left of a run but its error.
NAMED = 5


@dataclass(slots=True)
class Tally:
    """How many rows became what; `first` is where the first row was that was set aside for each reason."""

    scored: int = 0
    not_scored: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows that were read."""
        return self.scored + self.not_scored + self.set_aside.total()

    def check(self, file: Path) -> None:
        """Raise BadInput where every row was set aside: that is another kind of file."""
        if self.set_aside and self.scored + self.not_scored == 0:
            problems = [
                Problem(self.first[reason], reason, f"So are {count} rows.")
                for reason, count in self.set_aside.most_common(NAMED)
            ]
            raise BadInput(f"no row of {file.name} can be scored, so nothing was written", tuple(problems))


class SetAside:
    """
    Sets rows aside in a file beside the one that is written: a line of JSON for each, with its number and the reason.

    A place is one of the contract's, and no value is told. Where no row is set aside there is no file.
    """

    def __init__(self, out: Path, tally: Tally) -> None:
        """Raises BadInput when there is such a file already."""
        self.path = out.with_name(out.name + ".set-aside.jsonl")
        check_free(self.path)
        self._tally, self._open = tally, ExitStack()
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Have the file stand under its name, or, after an error, not at all."""
        return self._open.__exit__(kind, error, trace)

    def add(self, row: int, reason: str, faults: Sequence[tuple[str, str]] = ()) -> None:
        """Set a row aside (the first is row 1) for a reason; `faults` are places in it, each with its code."""
        if self._file is None:
            self._file = self._open.enter_context(written_whole(self.path))
        places = [{"place": place, "code": code} for place, code in faults]
        self._file.write(json.dumps({"row": row, "reason": reason, "faults": places}).encode() + b"\n")
        self._tally.set_aside[reason] += 1
        self._tally.first.setdefault(reason, ", ".join([f"row {row}", *(place for place, _ in faults[:1])]))


class Progress:
    """Says now and then how many rows are done, and how fast."""

    def __init__(self, say: Say) -> None:
        self._say, self._started = say, time.perf_counter()
        self._said = self._started

    def done(self, rows: int) -> None:
        """Say it, unless something was said just now."""
        now = time.perf_counter()
        if now - self._said >= EVERY:
            self._said = now
            self._say(f"{rows} rows, {rows / (now - self._started):.0f} a second")
