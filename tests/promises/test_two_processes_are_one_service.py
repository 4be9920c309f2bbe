"""
Two processes are one service: what one of them was told holds in the other, where both have one record in PostgreSQL.

It must be so because callers do not choose which process answers them: an objection that only one of them knew would be none.
"""

import asyncio
import datetime
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.office import CLIENT, CLIENTS, Office
from benchmarks.serving.running import Running
from service.access.key_file import made, read_keys, write_keys

Heard = tuple[int, dict[str, str], bytes]
Ask = Callable[..., Heard]
AT_ONCE = 50
BURST, A_MINUTE = 30, 60
SLOW = CLIENTS.replace(CLIENT, "slow-system").replace("burst = 100000", f"burst = {BURST}")
SLOW = SLOW.replace("per_minute = 1000000", f"per_minute = {A_MINUTE}")


@dataclass(frozen=True, slots=True)
class Two:
    """The ports of two processes, the URL of their one record, requests, and what two clients of theirs send along."""

    ports: tuple[int, int]
    url: str
    bodies: list[bytes]
    known: dict[str, str]
    slow: dict[str, str]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, postgres: Callable[[], str]) -> Iterator[Two]:
    """Two processes that serve what one ledger says is live, to a client that may ask often and one that may not."""
    folder, url = tmp_path_factory.mktemp("two"), postgres()
    office = Office(folder, url)
    slow = _slow_client(office.home)
    asyncio.run(office.open())
    _, bodies = bundle_and_requests(folder / "unused", detail="summary")
    first, second = (Running(None, office.home, {"EARLYID_RECORD": url}) for _ in range(2))
    with first, second:
        yield Two((first.port, second.port), url, bodies, office.headers, slow)


def _slow_client(home: Path) -> dict[str, str]:
    """Add a client that may not ask often, and return what it sends along."""
    with (home / "clients.toml").open("a", encoding="utf-8") as file:
        file.write(SLOW)
    key, told = made("slow-system", datetime.datetime.now(datetime.UTC), None)
    path = home / "keys" / "api-keys.json"
    write_keys(path, read_keys(path).changed(key))
    return {"Authorization": f"Bearer {told}"}


def test_an_objection_told_to_one(two: Two, ask: Ask) -> None:
    """A child excluded at one process is scored by the other no more within five seconds, and again once that is ended there."""
    here, there = two.ports
    subject = json.loads(two.bodies[0])["subject"]

    def code() -> str | None:
        status, _, body = ask(there, "POST", "/v1/scores", two.bodies[0], two.known)
        assert status == 201
        found: str | None = json.loads(body).get("code")
        return found

    assert code() is None
    for path, reason, wanted in (("", "objection", "not-available"), ("/ended", "objection-withdrawn", None)):
        told = {"subject": subject, "reason": reason}
        assert ask(here, "POST", f"/v1/subjects/exclusions{path}", told, two.known)[0] == 201
        until = time.monotonic() + 5
        while code() != wanted:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_one_key_at_both(two: Two, ask: Ask) -> None:
    """Fifty requests with one key, at both processes at once, make one score; each hears its bytes, or is told to wait."""
    before = _scores(two.url)

    def send(number: int) -> Heard:
        headers = two.known | {"Idempotency-Key": "at-both"}
        return ask(two.ports[number % 2], "POST", "/v1/scores", two.bodies[1], headers)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        heard = list(pool.map(send, range(AT_ONCE)))
    assert {status for status, _, _ in heard} <= {201, 409}
    assert len({body for status, _, body in heard if status == 201}) == 1
    assert {send(0)[2], send(1)[2]} == {body for status, _, body in heard if status == 201}
    assert _scores(two.url) == before + 1


def test_one_limit_at_both(two: Two, ask: Ask) -> None:
    """A client that asks both processes in turn may ask as often as its agreement says, and not twice as often."""
    began = time.monotonic()
    answers = [ask(two.ports[i % 2], "GET", "/v1/model", None, two.slow)[0] for i in range(3 * BURST)]
    passed = time.monotonic() - began
    assert set(answers) == {200, 429}
    assert BURST <= answers.count(200) <= BURST + A_MINUTE / 60 * passed + 1


def test_a_score_of_one_is_read_at_the_other(two: Two, ask: Ask) -> None:
    """A score made at one process is told again at the other, to the byte but for the reference."""
    here, there = two.ports
    _, headers, body = ask(here, "POST", "/v1/scores", two.bodies[2], two.known)
    status, _, again = ask(there, "GET", headers["location"], None, two.known)
    asked = json.loads(two.bodies[2])["subject"].encode()
    assert status == 200
    assert again.startswith(body.replace(b'"%b"' % asked, b"null", 1)[:-1])


def _scores(url: str) -> int:
    with closing(psycopg.connect(url)) as connection:
        found = connection.execute("SELECT count(*) FROM chain WHERE kind = 'score'").fetchone()
    assert found is not None
    return int(found[0])
