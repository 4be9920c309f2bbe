"""JSON lines: the very answers of the door, in order; what the door would refuse is set aside and never told."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from models.errors import BadInput
from service.batch.lines import score_lines
from service.batch.tally import Tally
from service.body import MOST_BYTES
from service.live import Live

Request = dict[str, Any]
CANARY = "kanarienvogel"


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder to score a file of lines in, and what is live."""

    live: Live
    folder: Path

    @property
    def out(self) -> Path:
        """Where the answers go."""
        return self.folder / "out.jsonl"

    def score(self, lines: bytes) -> Tally:
        """Score these lines."""
        (self.folder / "in.jsonl").write_bytes(lines)
        return score_lines(self.live, self.folder / "in.jsonl", self.out, lambda _said: None)

    @property
    def aside(self) -> list[dict[str, Any]]:
        """What was set aside."""
        text = (self.folder / "out.jsonl.set-aside.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    @property
    def left(self) -> list[str]:
        """Every file of the folder, but the one that was scored."""
        return sorted(path.name for path in self.folder.iterdir() if path.name != "in.jsonl")


@pytest.fixture
def desk(live: Live, tmp_path: Path) -> Desk:
    """A folder to score in."""
    return Desk(live, tmp_path)


def _requests(body: Request) -> list[bytes]:
    """Return the request at each landmark, outside of all, by dates, and of a child of whom nothing is known."""
    several = [body, body | {"as_of": 400}, body | {"as_of": 5}, body | {"sources": {}}]
    return [json.dumps(request | {"subject": f"child-{i}"}).encode() for i, request in enumerate(several)]


def test_the_very_bytes(desk: Desk, client: TestClient, request_body: Request) -> None:
    """Every line gets, in its place, the very bytes that HTTP answers it with; the file is its owner's alone."""
    requests = _requests(request_body)
    tally = desk.score(b"\n".join(requests))
    headers = {"content-type": "application/json"}
    answers = [client.post("/v1/scores", content=request, headers=headers).content for request in requests]
    assert desk.out.read_bytes() == b"".join(answer + b"\n" for answer in answers)
    assert stat.S_IMODE(desk.out.stat().st_mode) == 0o600
    assert desk.left == ["out.jsonl"]
    statuses = [json.loads(answer)["status"] for answer in answers]
    assert (tally.scored, tally.not_scored) == (statuses.count("scored"), statuses.count("not-scored"))
    assert tally.scored > 0
    assert tally.not_scored > 0


BAD: list[tuple[bytes, str]] = [
    (b"", "not-json"),
    (b"  ", "not-json"),
    (CANARY.encode(), "not-json"),
    (b'{"subject": "' + CANARY.encode() + b'", "subject": "2"}', "duplicate-key"),
    (b'{"subject": "\xff' + CANARY.encode() + b'"}', "not-json"),
    (b"\xef\xbb\xbf{}", "not-json"),
    (b'{"subject": NaN}', "not-json"),
    (b"[" * 100_000, "not-json"),
    (b'"' + CANARY.encode() * (MOST_BYTES // len(CANARY) + 1) + b'"', "too-large"),
    (b"x" * (3 * MOST_BYTES), "too-large"),
]


def test_hostile_lines(desk: Desk, request_body: Request) -> None:
    """Each bad line is set aside by its number and reason, the good ones between them are answered, and nothing is told."""
    good = json.dumps(request_body).encode()
    lines = [line for bad, _ in BAD for line in (bad, good)]
    tally = desk.score(b"\r\n".join(lines))
    assert [(found["row"], found["reason"]) for found in desk.aside] == [
        (2 * i + 1, reason) for i, (_, reason) in enumerate(BAD)
    ]
    assert len(desk.out.read_bytes().splitlines()) == len(BAD) == tally.scored
    assert tally.set_aside.total() == len(BAD)
    assert tally.rows == 2 * len(BAD)
    assert stat.S_IMODE((desk.folder / "out.jsonl.set-aside.jsonl").stat().st_mode) == 0o600
    assert CANARY not in json.dumps(desk.aside)


def test_a_line_as_long_as_may_be(desk: Desk, request_body: Request) -> None:
    """A request of exactly the most bytes is answered, with and without an end of its line; one more byte is too many."""
    good = json.dumps(request_body).encode()
    longest = good + b" " * (MOST_BYTES - len(good))
    tally = desk.score(b"\n".join([longest, longest + b" ", longest]))
    assert tally.scored == 2
    assert [(found["row"], found["reason"]) for found in desk.aside] == [(2, "too-large")]


def test_what_breaks_the_contract(desk: Desk, request_body: Request) -> None:
    """Faults are told by place and code as the door does, without the values or the names that were sent."""
    wrong = request_body | {"subject": "9434765919", CANARY: CANARY, "purpose": CANARY}
    sources = request_body["sources"] | {"births": {"events": [{"birthweight": CANARY}]}}
    tally = desk.score(
        b"\n".join(json.dumps(one).encode() for one in (request_body, wrong, request_body | {"sources": sources}))
    )
    assert tally.set_aside.total() == 2
    places = [{fault["place"] for fault in found["faults"]} for found in desk.aside]
    assert places[1] == {"/sources/births/events/0/birthweight"}
    assert "/purpose" in places[0]
    assert CANARY not in json.dumps(desk.aside)


def test_an_identifier(desk: Desk, request_body: Request) -> None:
    """A subject that is a national identifier is set aside, and not told."""
    desk.score(b"\n".join(json.dumps(request_body | {"subject": who}).encode() for who in ("child-1", "9434765919")))
    (found,) = desk.aside
    assert found == {
        "row": 2,
        "reason": "subject-is-an-identifier",
        "faults": [{"place": "/subject", "code": "subject-is-an-identifier"}],
    }


@pytest.mark.parametrize("lines", [b"\n", b"no\nno\n", b"{}", b"\x00" * 50])
def test_nothing_but_bad_lines(desk: Desk, lines: bytes) -> None:
    """A file of bad lines only is refused with the first place of each reason, and nothing is left."""
    with pytest.raises(BadInput, match=r"no row of in\.jsonl can be scored") as refused:
        desk.score(lines)
    assert refused.value.problems[0].place.startswith("row 1")
    assert desk.left == []


def test_no_line(desk: Desk) -> None:
    """An empty file has no answer, and is not wrong."""
    assert desk.score(b"").rows == 0
    assert desk.out.read_bytes() == b""


def test_no_file(desk: Desk) -> None:
    """Without a file there is one clear line, and nothing is left."""
    with pytest.raises(BadInput, match=r"in\.jsonl cannot be read"):
        score_lines(desk.live, desk.folder / "in.jsonl", desk.out, lambda _said: None)
    assert desk.left == []


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.set-aside.jsonl"])
def test_nothing_is_written_over(desk: Desk, request_body: Request, name: str) -> None:
    """Answers, or rows set aside, of an earlier run are left as they are, and the run is refused."""
    (desk.folder / name).write_bytes(b"earlier")
    with pytest.raises(BadInput, match="exists already"):
        desk.score(json.dumps(request_body).encode())
    assert desk.left == [name]
    assert (desk.folder / name).read_bytes() == b"earlier"


class Failing:
    """Answers as what is live does, but fails at the second request."""

    def __init__(self, live: Live, error: BaseException) -> None:
        self._live, self._error, self._asked = live, error, 0

    def answer(self, body: bytes) -> bytes:
        """Answer, or fail."""
        self._asked += 1
        if self._asked == 2:
            raise self._error
        return self._live.answer(body)


def test_an_interruption(desk: Desk, request_body: Request) -> None:
    """A run that is interrupted leaves nothing, neither answers nor rows set aside."""
    failing = Desk(cast("Live", Failing(desk.live, KeyboardInterrupt())), desk.folder)
    with pytest.raises(KeyboardInterrupt):
        failing.score(b"no\n" + json.dumps(request_body).encode())
    assert desk.left == []


def test_an_error_nobody_foresaw(desk: Desk, request_body: Request) -> None:
    """An error that nobody foresaw sets its row aside, as the door answers it, and tells nothing of itself."""
    failing = Desk(cast("Live", Failing(desk.live, RuntimeError(CANARY))), desk.folder)
    assert failing.score(b"\n".join([json.dumps(request_body).encode()] * 3)).scored == 2
    assert desk.aside == [{"row": 2, "reason": "not-answered", "faults": []}]
