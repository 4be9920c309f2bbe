"""
One key, one answer: a request sent again under its Idempotency-Key is answered once, with the same bytes, however often it comes.

It must be so because a case system that did not hear the answer asks again, and must not make a second score of one child. What
several processes make of one key is promised where two processes are one service.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, select

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.running import Running
from service.record.tables import chain

AT_ONCE = 50
Heard = tuple[int, dict[str, str], bytes]
Ask = Callable[..., Heard]


def test_fifty_at_once(tmp_path: Path, ask: Ask) -> None:
    """Of fifty at the same moment each hears the same bytes or is told to wait, one score is recorded, and later all hear the same."""
    bundle, bodies = bundle_and_requests(tmp_path / "bundle")
    with Running(bundle, tmp_path / "home") as service:

        def send(number: int, key: str = "first") -> Heard:
            return ask(service.port, "POST", "/v1/scores", bodies[number], {"Idempotency-Key": key})

        with ThreadPoolExecutor(AT_ONCE) as pool:
            heard = list(pool.map(lambda _: send(0), range(AT_ONCE)))
            later = list(pool.map(lambda _: send(0), range(AT_ONCE)))
        other, another_key = send(1), send(0, "second")
    answers = {body for status, _, body in heard if status == 201}
    assert len(answers) == 1
    assert {status for status, _, _ in heard} <= {201, 409}
    assert {(status, body) for status, _, body in later} == {(201, *answers)}
    assert _same({_kept(headers) for status, headers, _ in [*heard, *later] if status == 201})
    assert (other[0], json.loads(other[2])["type"]) == (422, "/problems/idempotency-key-used")
    assert (another_key[0], another_key[2] in answers) == (201, False)
    assert _scores(tmp_path / "home" / "evaluation.db") == 2


def _kept(headers: dict[str, str]) -> tuple[str, str, str]:
    return headers["location"], headers["etag"], headers["content-type"]


def _same(found: set[Any]) -> bool:
    return len(found) == 1


def _scores(record: Path) -> int:
    engine = create_engine(f"sqlite:///{record}")
    with engine.connect() as connection:
        found = connection.execute(select(func.count()).where(chain.c.kind == "score")).scalar_one()
    engine.dispose()
    return int(found)
