"""The database goes away, or its disk is full: no score leaves unrecorded, callers hear of it at once, and all recovers."""

import contextlib
import http.client
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.serving.asked import bundle_and_requests
from benchmarks.serving.callers import Callers
from benchmarks.serving.crashes import compared, verified_chain
from benchmarks.serving.databases import Cluster
from benchmarks.serving.running import Running

HEARD, RECOVERED = 1.0, 5.0


def postgres_outages(times: int) -> dict[str, Any]:
    """Stop, kill and start PostgreSQL under load so many times, and return the part."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cluster = Cluster(folder / "cluster")
        cluster.start()
        bundle, bodies = bundle_and_requests(folder / "bundle")
        service = Running(bundle, folder / "home", {"EARLYID_RECORD": cluster.url})
        heard, back, alive = [], [], []
        with service, Callers(service.port, bodies, 4) as callers:
            for i in range(times):
                time.sleep(0.5)
                (cluster.kill if i % 2 else cluster.stop)()
                heard += [_timed(service.port, bodies[0], 503) for _ in range(3)]
                alive.append(service.status("/livez"))
                cluster.start()
                back.append(_until(service.port, bodies[0]))
        cluster_left = compared(cluster.url, callers.acknowledged)
        verified = verified_chain(cluster.url, folder / "home")
        cluster.stop()
    slowest = max(seconds for _, seconds in heard)
    told = {"outages": times, "acknowledged": len(callers.acknowledged), "other_answers": dict(callers.statuses)}
    kept = all(status == 503 for status, _ in heard) and set(alive) == {200} and cluster_left == (0, 0)
    return {
        "part": "outages-postgresql",
        **told,
        "heard_of_after_seconds": round(slowest, 2),
        "recovered_after_seconds": round(max(back), 2),
        "lost": cluster_left[0],
        "half_written": cluster_left[1],
        "chain": verified,
        "passed": kept and slowest < HEARD and max(back) < RECOVERED and verified == "verifies",
    }


def full_disk() -> dict[str, Any]:
    """Fill the disk of an SQLite record under load, then make room; needs root, to have a small disk; return the part."""
    with tempfile.TemporaryDirectory() as name, _small_disk(Path(name) / "disk") as disk:
        folder, url = Path(name), f"sqlite:///{disk / 'record.db'}"
        bundle, bodies = bundle_and_requests(folder / "bundle")
        service = Running(bundle, folder / "home", {"EARLYID_RECORD": url})
        with service, Callers(service.port, bodies, 4) as callers:
            time.sleep(1.0)
            ballast = _fill(disk)
            status, heard = _waited(service.port, bodies[0], 503)
            time.sleep(1.0)
            ballast.unlink()
            back = _until(service.port, bodies[0])
            time.sleep(0.5)
        left = compared(url, callers.acknowledged)
        verified = verified_chain(url, folder / "home")
    return {
        "part": "full-disk",
        "acknowledged": len(callers.acknowledged),
        "other_answers": dict(callers.statuses),
        "status": status,
        "heard_of_after_seconds": round(heard, 2),
        "recovered_after_seconds": round(back, 2),
        "lost": left[0],
        "half_written": left[1],
        "chain": verified,
        "passed": status == 503 and left == (0, 0) and verified == "verifies" and back < RECOVERED,
    }


@contextlib.contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "none", str(place)], check=True)  # noqa: S607
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)  # noqa: S607


def _fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return ballast


def _timed(port: int, body: bytes, _expected: int) -> tuple[int, float]:
    began = time.perf_counter()
    return _status(port, body), time.perf_counter() - began


def _waited(port: int, body: bytes, expected: int) -> tuple[int, float]:
    """Ask until the answer has that status, and return the status and how long the asking that got it took."""
    for _ in range(200):
        status, seconds = _timed(port, body, expected)
        if status == expected:
            break
        time.sleep(0.02)
    return status, seconds


def _until(port: int, body: bytes) -> float:
    """Return the seconds until a score is answered again; raises RuntimeError when it is not in half a minute."""
    began = time.perf_counter()
    while time.perf_counter() - began < 30:
        if _status(port, body) == http.HTTPStatus.CREATED:
            return time.perf_counter() - began
        time.sleep(0.05)
    raise RuntimeError("it did not recover")


def _status(port: int, body: bytes) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/v1/scores", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return 0
    else:
        return answer.status
    finally:
        connection.close()


def main() -> None:
    """Print a line for each."""
    for part in (postgres_outages(10), full_disk()):
        print(json.dumps(part), flush=True)


if __name__ == "__main__":
    main()
