"""
Runs a conformance pack against a service: python3 run.py http://127.0.0.1:8000 --key-file key.txt.

Needs Python 3.9 or newer and nothing else. Prints a line for each case; ends with 0 when all agree, with 1 when one does not, with
2 when the service does not let the caller score.
The children are invented. A service that records will record what it answers about them.
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# As the golden cases of a bundle: equal but for the last digits of `exp` on another kind of processor.
TOLERANCE = 1e-12
SECONDS = 30
CREATED = 201
TOO_LARGE = 413
TOO_OFTEN = 429
TRIES = 10
_NOT_KNOWN = {
    401: "the service does not know this caller: give its API key or access token with --key-file",
    403: "this caller may not score: its sharing agreement needs the permission score, and the purpose of the cases",
}


class Service:
    """A service, and how this caller says who it is."""

    def __init__(self, address: str, key: "str | None") -> None:
        self.address = address.rstrip("/")
        self._key = key
        # A proxy that the environment names is not asked: it could be another's.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, asked: "dict[str, Any]", **headers: str) -> "tuple[int, Any, bytes]":
        """Return the status, the headers and the body of an answer; a caller who asks too often waits as it is told, and asks again."""
        said = {**asked["headers"], **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self._key is not None:
            said["Authorization"] = f"Bearer {self._key}"
        body = (asked["body"] + " " * asked.get("padding", 0)).encode() or None
        # The address is the caller's own, given on the command line.
        request = urllib.request.Request(self.address + asked["path"], body, said, method=asked["method"])  # noqa: S310
        for _ in range(TRIES):
            status, told, answer = self._told(request)
            if status != TOO_OFTEN:
                break
            time.sleep(min(float(told.get("Retry-After", 1)), SECONDS))
        return status, told, answer

    def _told(self, request: urllib.request.Request) -> "tuple[int, Any, bytes]":
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.headers, refused.read()


def differences(expected: Any, given: Any, place: str = "") -> "list[str]":
    """Return the places where an answer differs from what is expected; fields that are not expected are not looked at."""
    if isinstance(expected, dict) and isinstance(given, dict):
        return [
            place_
            for name, value in expected.items()
            for place_ in (differences(value, given[name], f"{place}/{name}") if name in given else [f"{place}/{name}"])
        ]
    if isinstance(expected, list) and isinstance(given, list) and len(expected) == len(given):
        pairs = enumerate(zip(expected, given))  # noqa: B905 - their lengths were compared
        return [place_ for n, (one, other) in pairs for place_ in differences(one, other, f"{place}/{n}")]
    return [] if _same(expected, given) else [place or "/"]


def _same(expected: Any, given: Any) -> bool:
    if isinstance(expected, bool) or isinstance(given, bool) or not isinstance(expected, (int, float)):
        return type(expected) is type(given) and expected == given
    return isinstance(given, (int, float)) and abs(expected - given) <= TOLERANCE


def check(service: Service, case: "dict[str, Any]") -> "str | None":
    """Return what is wrong with the answer to a case; None when nothing is."""
    try:
        status, _, body = service.ask(case["request"])
        if status not in case["statuses"]:
            return f"answered {status}, expected {' or '.join(map(str, case['statuses']))}"
        wrong = differences(case["expected"], json.loads(body))
    except (OSError, ValueError) as error:
        # A proxy may stop a large body by closing the connection.
        if case["statuses"] == [TOO_LARGE] and _is_reset(error):
            return None
        return f"no answer in JSON ({type(error).__name__})"
    return f"differs at {', '.join(wrong[:5])}" if wrong else None


def _is_reset(error: Exception) -> bool:
    why = error.reason if isinstance(error, urllib.error.URLError) else error
    return isinstance(why, (ConnectionResetError, BrokenPipeError))


def not_known(service: Service, case: "dict[str, Any]") -> "str | None":
    """Return why this caller cannot run the cases at all, if the service does not let it score."""
    try:
        status = service.ask(case["request"])[0]
    except (OSError, ValueError):
        return None
    return _NOT_KNOWN.get(status)


def repeated(service: Service, case: "dict[str, Any]", other: "dict[str, Any]") -> "str | None":
    """Return what is wrong with how a request is repeated, and read again; None when nothing is."""
    try:
        return _repeated(service, case, other)
    except (OSError, ValueError) as error:
        return f"no answer in JSON ({type(error).__name__})"


def _repeated(service: Service, case: "dict[str, Any]", other: "dict[str, Any]") -> "str | None":
    key = str(uuid.uuid4())
    status, headers, first = service.ask(case["request"], Idempotency_Key=key)
    if status == 200:
        return None
    if status != CREATED:
        return f"answered {status}, expected {CREATED}"
    if service.ask(case["request"], Idempotency_Key=key)[2] != first:
        return "the same Idempotency-Key and request brought another answer"
    if service.ask(other["request"], Idempotency_Key=key)[0] != 422:
        return "an Idempotency-Key was taken for another request"
    read, _, again = service.ask({"method": "GET", "path": headers["Location"], "headers": {}, "body": ""})
    if read != 200:
        return f"read again it is answered {read}, expected 200"
    stored = {name: value for name, value in json.loads(first).items() if name != "subject"}
    wrong = differences(stored, json.loads(again))
    return f"read again it differs at {', '.join(wrong[:5])}" if wrong else None


def main() -> int:
    """Run every case; return how the program ends."""
    parser = argparse.ArgumentParser(description="Run this conformance pack against a service.")
    parser.add_argument("url", help="the address of the service, such as https://scores.borough.example")
    parser.add_argument("--key-file", type=Path, help="a file with the API key or the access token of the caller")
    given = parser.parse_args()
    service = Service(given.url, given.key_file.read_text().strip() if given.key_file else None)
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))["cases"]
    scored = [case for case in cases if case["expected"].get("status") == "scored"]
    refused = not_known(service, scored[0]) if scored else None
    if refused is not None:
        sys.stderr.write(f"{refused}\n")
        return 2
    found = [(case["name"], check(service, case)) for case in cases]
    if len(scored) > 1:
        found.append(("repeated", repeated(service, scored[0], scored[1])))
    for name, wrong in found:
        sys.stdout.write(f"ok {name}\n" if wrong is None else f"not ok {name}: {wrong}\n")
    failed = sum(wrong is not None for _, wrong in found)
    sys.stdout.write(f"{len(found) - failed} of {len(found)} agree\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
