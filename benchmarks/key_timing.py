"""
Whether the time that a refusal takes tells anything of an API key.

A key right but for its end is asked against one wrong throughout, an id that nobody has against one that somebody has, and one key
against itself, which is what noise alone makes.

`effect` is Cohen's d between the two, asked in turn: 0.2 is called small. A comparison that stops at the first difference is timed
beside them by the same means, to show that these would see one.
"""

import datetime
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe

from models.errors import BadInput
from service.access.api_keys import ApiKeys
from service.access.key_file import Keys, made, write_keys
from service.access.refusals import NotKnown

Found = dict[str, float]
ROUNDS, TIMES = 20_000, 20


def main() -> None:
    """Print the line."""
    print(json.dumps({"benchmark": "key_timing", **key_timing(ROUNDS)}))


def key_timing(rounds: int) -> dict[str, Found]:
    """Return how far apart the times of each pair are: in standard deviations, and in nanoseconds a refusal."""
    now = datetime.datetime.now(datetime.UTC)
    with tempfile.TemporaryDirectory(prefix="earlyid-keys-") as folder:
        path = Path(folder) / "api-keys.json"
        kept, key = made("client", now, None)
        write_keys(path, Keys(keys=(kept, *(made("client", now, None)[0] for _ in range(50)))))
        keys = ApiKeys(path, lambda: now, time.monotonic, _raise)
        head, secret = key[: -len("x" * 43)], key[-43:]
        end, throughout = f"{head}{secret[:-1]}{_other(secret[-1])}", f"{head}{token_urlsafe(32)}"
        pairs = {
            "noise": (throughout, throughout),
            "right_but_for_its_end": (end, throughout),
            "id_that_nobody_has": (f"eid_{'0' * 12}_{end[-43:]}", end),
        }
        ask = _refused_by(keys)
        found = {name: _apart(ask, one.encode(), other.encode(), rounds) for name, (one, other) in pairs.items()}
    long = secret.encode() * 50
    early, late = _other(secret[0]).encode() + long[1:], long[:-1] + b"!"
    return {**found, "comparison_that_stops": _apart(lambda given: _equal(long, given), late, early, rounds // 10)}


def _apart(ask: Callable[[bytes], object], one: bytes, other: bytes, rounds: int) -> Found:
    """Return how far apart two are, over the middle of what was timed: a machine that does something else tells nothing."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for which in random.sample((0, 1), 2):
            # A copy each time: where a key lies in memory would show, too.
            given = bytes(bytearray((one, other)[which]))
            start = time.perf_counter_ns()
            for _ in range(TIMES):
                ask(given)
            times[which].append(time.perf_counter_ns() - start)
    middle = [sorted(each)[: round(rounds * 0.9)] for each in times]
    spread = statistics.fmean(statistics.pstdev(each) for each in middle)
    apart = abs(statistics.fmean(middle[0]) - statistics.fmean(middle[1]))
    return {"effect": round(apart / spread, 3), "nanoseconds": round(apart / TIMES, 1)}


def _refused_by(keys: ApiKeys) -> Callable[[bytes], None]:
    def ask(credential: bytes) -> None:
        try:
            keys.client(credential)
        except NotKnown:
            return
        raise RuntimeError("a wrong key was taken")

    return ask


def _equal(one: bytes, other: bytes) -> bool:
    """Compare byte by byte, as nobody should."""
    return all(a == b for a, b in zip(one, other, strict=True))


def _other(character: str) -> str:
    return "A" if character != "A" else "B"


def _raise(error: BadInput) -> None:
    raise error


if __name__ == "__main__":
    main()
