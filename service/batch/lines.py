"""
JSON lines: every line is a request as `POST /v1/scores` takes it, and gets the very bytes that would answer it there.

Lines are read one at a time, and of one that is too long no more than its beginning: memory does not depend on the file.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from models.errors import BadInput
from models.private_file import written_whole
from service.batch.tally import Progress, Say, SetAside, Tally
from service.body import MOST_BYTES
from service.live import Live
from service.problems import TOO_LARGE, Problem, problem, problem_of

_STATUS, _SCORED = b'"status":"', b'scored"'


# Answers lines in their order, None being one that is longer than any request, or says why not.
Answers = Callable[[Iterable[bytes | None]], Iterator[bytes | Problem]]


def score_lines(live: Live, requests: Path, out: Path, say: Say) -> Tally:
    """Answer every line by a bundle that is evaluated, with nothing recorded; otherwise as `answer_lines`."""
    return answer_lines(lambda lines: (_answer(live, line) for line in lines), requests, out, say)


def answer_lines(answered: Answers, requests: Path, out: Path, say: Say) -> Tally:
    """
    Answer every line of `requests` with a line of `out`, in their order; lines that would be refused are set aside.

    Raises BadInput when there is no such file, when something is at `out` already, or when no line is answered; nothing
    is left then.
    """
    tally, progress = Tally(), Progress(say)
    with _opened(requests) as file, written_whole(out) as answers, SetAside(out, tally) as aside:
        for number, answer in enumerate(answered(_lines(file)), start=1):
            if isinstance(answer, Problem):
                aside.add(number, _reason(answer), [(fault.pointer, fault.code) for fault in answer.errors])
            else:
                answers.write(answer + b"\n")
                scored = answer.partition(_STATUS)[2].startswith(_SCORED)
                tally.scored += scored
                tally.not_scored += not scored
            progress.done(number)
        tally.check(requests)
    return tally


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}") from None


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield every line without its end; None for one that is longer than any request may be."""
    # What many tables are exported with: it marks UTF-8, and is no part of the first request.
    mark = codecs.BOM_UTF8
    while line := file.readline(MOST_BYTES + 2):
        body, mark = line.removeprefix(mark).removesuffix(b"\n"), b""
        if len(body) <= MOST_BYTES:
            yield body
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MOST_BYTES)
        yield None


def _answer(live: Live, line: bytes | None) -> bytes | Problem:
    if line is None:
        return too_long()
    try:
        return live.answer(line)
    except Exception as error:  # noqa: BLE001 - whatever it is, its message could hold a child's value
        return problem_of(error)


def too_long() -> Problem:
    """Return the refusal of a line that is longer than any request may be."""
    return problem(TOO_LARGE, f"A request has at most {MOST_BYTES} bytes.")


def _reason(told: Problem) -> str:
    return told.errors[0].code if told.errors else told.type.rpartition("/")[2]
