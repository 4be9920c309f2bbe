"""Where an issuer's keys come from: asked for once a minute at most, kept for a day, never waited for by those it does not concern."""

import asyncio
import json
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput
from service.access.issuer_fetch import MOST_BYTES, check_address, fetched
from service.access.kept_keys import KeptKeys, keep
from service.access.refusals import NotKnown
from service.access.token_sources import AGAIN, FRESH, GOOD, MOST_WAITING, KeysOfAddress, KeysOfFile


@dataclass
class Site:
    """An issuer's site on this machine: what it answers, and how often it was asked."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    opened: threading.Event = field(default_factory=threading.Event)
    piece: int = 1 << 20
    asked: int = 0
    address: str = ""


@pytest.fixture
def site(issuer: Any) -> Iterator[Site]:
    """A site that publishes the issuer's keys."""
    held, stopped = Site(json.dumps(issuer.key_set).encode()), threading.Event()
    held.opened.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked += 1
            held.opened.wait()
            self.send_response(held.status)
            for name, value in held.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for at in range(0, len(held.body), held.piece):
                if stopped.wait(held.pause):
                    return
                try:
                    self.wfile.write(held.body[at : at + held.piece])
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        held.address = f"http://127.0.0.1:{server.server_port}/keys"
        yield held
        stopped.set()
        held.opened.set()
        server.shutdown()
        thread.join()


@dataclass
class Source:
    """Keys of an address, and what went wrong with it."""

    keys: KeysOfAddress
    troubles: list[str]

    async def knows(self, kid: str) -> bool:
        """Whether a key is known; waits for whoever still asks for keys."""
        found = await self.keys.key(kid)
        if (asking := self.keys._asking) is not None:  # noqa: SLF001 - nothing outside needs it
            await asking
        return found is not None


@pytest.fixture
def source(site: Site, clock: Any) -> Source:
    """The keys of that site."""
    troubles: list[str] = []
    keys = KeysOfAddress(site.address, lambda: clock.steady, lambda error: troubles.append(str(error)))
    return Source(keys, troubles)


def test_rotation(site: Site, source: Source, clock: Any, issuer: Any) -> None:
    """Keys are asked for when they are first needed and when a token names a new one, and old ones go with the answer."""

    async def run() -> None:
        assert await source.knows("rsa")
        assert await source.knows("ec")
        assert site.asked == 1
        site.body = json.dumps({"keys": [issuer.key_set["keys"][1] | {"kid": "new"}]}).encode()
        clock.pass_(AGAIN)
        assert await source.knows("new")
        assert site.asked == 2
        assert not await source.knows("rsa")

    asyncio.run(run())
    assert source.troubles == []


def test_at_most_once_a_minute(site: Site, source: Source, clock: Any) -> None:
    """However many tokens name keys that nobody knows, the issuer is asked once a minute, by one at a time."""

    async def run() -> None:
        await asyncio.gather(*(source.knows(f"unknown-{number}") for number in range(200)))
        assert site.asked == 1
        clock.pass_(AGAIN - 1)
        assert not await source.knows("unknown")
        assert site.asked == 1
        clock.pass_(1)
        site.pause = 0.05
        await asyncio.gather(*(source.knows(f"unknown-{number}") for number in range(200)))
        assert site.asked == 2

    asyncio.run(run())


def test_old_keys_are_asked_for_again(site: Site, source: Source, clock: Any) -> None:
    """After ten minutes keys are asked for again: a key taken back is not trusted for long."""

    async def run() -> None:
        assert await source.knows("rsa")
        clock.pass_(FRESH - 1)
        assert await source.knows("rsa")
        assert site.asked == 1
        clock.pass_(1)
        assert await source.knows("rsa")
        assert site.asked == 2

    asyncio.run(run())


def test_a_key_taken_back_in_silence(site: Site, source: Source, clock: Any, issuer: Any, tmp_path: Path) -> None:
    """A key that was taken back is not trusted once more by the first tokens after a silence, be the service started anew or not."""
    keep(tmp_path / "kept.json", KeptKeys(address=site.address, at=clock.now, keys=json.dumps(issuer.key_set)))

    async def run() -> None:
        assert await source.keys.key("rsa")
        site.body = json.dumps({"keys": issuer.key_set["keys"][1:]}).encode()
        clock.pass_(8 * 3600)
        site.pause = 0.05
        # Those that come while the keys are asked for wait for them too.
        assert await asyncio.gather(*(source.keys.key("rsa") for _ in range(50))) == [None] * 50
        site.pause = 0.0
        anew = KeysOfAddress(
            site.address, lambda: clock.steady, lambda _: None, kept=tmp_path / "kept.json", now=lambda: clock.now
        )
        assert await anew.key("rsa") is None

    asyncio.run(run())


def test_an_outage_holds_nobody_up(site: Site, source: Source, clock: Any) -> None:
    """While the issuer does not answer, one request waits for it and those after it do not, though it is asked again and again."""

    async def run() -> None:
        assert await source.knows("rsa")
        clock.pass_(FRESH)
        site.status = 503
        assert await source.keys.key("rsa")
        assert source.keys.behind()
        site.opened.clear()
        clock.pass_(AGAIN)
        async with asyncio.timeout(1):
            assert await source.keys.key("rsa")
        site.opened.set()
        site.status = 200
        clock.pass_(AGAIN)
        assert await source.knows("rsa")
        assert await source.knows("rsa")
        assert not source.keys.behind()

    asyncio.run(run())


def test_outage(site: Site, source: Source, clock: Any) -> None:
    """While the issuer is down its keys are good for a day, and then no token is taken until it is up again."""

    async def run() -> None:
        assert await source.knows("rsa")
        site.status = 503
        clock.pass_(GOOD - 1)
        assert await source.knows("rsa")
        assert source.troubles == ["the issuer's keys cannot be had: it answers 503"]
        clock.pass_(1)
        with pytest.raises(NotKnown, match="API key") as refused:
            await source.knows("rsa")
        assert refused.value.why == "no-token-keys"
        site.status = 200
        clock.pass_(AGAIN)
        assert await source.knows("rsa")

    asyncio.run(run())


def test_a_start_while_the_issuer_is_down(site: Site, clock: Any, tmp_path: Path) -> None:
    """The last good copy is kept for its owner alone, and a service that is started anew uses it until it is a day old."""
    kept, troubles = tmp_path / "keys" / "issuer-keys.json", list[str]()

    def started(address: str = "") -> Source:
        found = KeysOfAddress(
            address or site.address,
            lambda: clock.steady,
            lambda error: troubles.append(str(error)),
            kept=kept,
            now=lambda: clock.now,
        )
        return Source(found, troubles)

    async def run() -> None:
        assert await started().knows("rsa")
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert troubles == []
        site.status = 503
        clock.pass_(GOOD - 10)
        source = started()
        assert await source.knows("rsa")
        clock.pass_(10)
        for late in (source, started(), started("http://127.0.0.1:9/keys")):
            with pytest.raises(NotKnown):
                await late.knows("rsa")

    asyncio.run(run())


@pytest.mark.parametrize("spoilt", ["open to others", "rubbish", "from the future"])
def test_a_copy_that_cannot_be_relied_on(site: Site, clock: Any, tmp_path: Path, spoilt: str) -> None:
    """A copy that others could have changed, that is something else, or of a time to come is not used; the first two are told."""
    kept, troubles = tmp_path / "issuer-keys.json", list[str]()
    copy = KeptKeys(
        address=site.address, at=clock.now + (60 if spoilt == "from the future" else 0), keys=site.body.decode()
    )
    keep(kept, copy)
    if spoilt == "open to others":
        kept.chmod(0o644)
    if spoilt == "rubbish":
        kept.write_text("{}")
    site.status = 503

    async def run() -> None:
        keys = KeysOfAddress(
            site.address,
            lambda: clock.steady,
            lambda error: troubles.append(str(error)),
            kept=kept,
            now=lambda: clock.now,
        )
        with pytest.raises(NotKnown):
            await keys.key("rsa")

    asyncio.run(run())
    assert len(troubles) == 1 + (spoilt != "from the future")
    assert all("issuer" in trouble for trouble in troubles)


def test_never_up(clock: Any) -> None:
    """An issuer that nobody answers for is no reason to fail: no token is taken, and it is asked again a minute later."""
    troubles: list[str] = []

    async def run() -> None:
        keys = KeysOfAddress("http://127.0.0.1:9", lambda: clock.steady, lambda error: troubles.append(str(error)))
        for _ in range(3):
            with pytest.raises(NotKnown):
                await keys.key("rsa")

    asyncio.run(run())
    assert troubles == ["the issuer's keys cannot be had: no whole answer came in time"]


def test_a_good_copy_outlives_rubbish(site: Site, source: Source, clock: Any) -> None:
    """An answer without keys does not take away those that we have."""

    async def run() -> None:
        assert await source.knows("rsa")
        site.body = b'{"keys":[]}'
        clock.pass_(FRESH)
        assert await source.knows("rsa")
        assert len(source.troubles) == 1
        assert await source.knows("rsa")

    asyncio.run(run())


def test_a_slow_issuer_holds_nobody_up(site: Site, source: Source, clock: Any) -> None:
    """While keys are asked for, tokens of known keys are checked at once, and the event loop runs on."""

    async def run() -> None:
        assert await source.knows("rsa")
        site.opened.clear()
        clock.pass_(AGAIN)
        asking = asyncio.create_task(source.knows("new"))
        for _ in range(50):
            assert await source.keys.key("rsa")
            await asyncio.sleep(0)
        assert not asking.done()
        site.opened.set()
        await asking

    asyncio.run(run())


def test_few_wait(site: Site, source: Source, clock: Any) -> None:
    """However many tokens name keys that nobody knows, few requests wait for a slow issuer, and the others are refused at once."""

    async def run() -> None:
        assert await source.knows("rsa")
        site.opened.clear()
        clock.pass_(AGAIN)
        asking = [asyncio.create_task(source.keys.key(f"unknown-{number}")) for number in range(200)]
        await asyncio.wait(asking[MOST_WAITING:])
        assert [each.done() for each in asking] == [False] * MOST_WAITING + [True] * (200 - MOST_WAITING)
        site.opened.set()
        assert await asyncio.gather(*asking) == [None] * 200

    asyncio.run(run())


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 302, "headers": {"Location": "http://127.0.0.1:9/keys"}},
        {"status": 404},
        {"status": 204, "body": b""},
        {"headers": {"Content-Length": "100000"}, "body": b"{}"},
        {"body": b"x" * (MOST_BYTES + 1)},
        {"headers": {"Transfer-Encoding": "chunked"}, "body": b"zz\r\n"},
        {"headers": {f"X-{number}": "x" for number in range(200)}},
        {"pause": 60.0},
        {"pause": 0.05, "piece": 1},
    ],
    ids=str,
)
def test_fetch(site: Site, trouble: dict[str, Any]) -> None:
    """A redirect, an answer that is cut short, too large or too slow, as a whole or drop by drop, is refused in time."""
    for name, value in trouble.items():
        setattr(site, name, value)
    start = time.monotonic()
    with pytest.raises(BadInput, match="the issuer's keys cannot be had"):
        fetched(site.address, seconds=0.3)
    assert time.monotonic() - start < 10


def test_no_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is not used."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched(site.address) == site.body


@pytest.mark.parametrize(
    "address",
    ["https://issuer.example/keys", "http://127.0.0.1:8080/keys", "http://[::1]:8080/keys", "http://localhost/keys"],
)
def test_addresses(address: str) -> None:
    """Keys come by https, or by http from this machine."""
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://issuer.example/keys",
        "http://127.0.0.1.issuer.example/keys",
        "http://192.0.2.1/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/passwd",
        "https://user:secret@issuer.example/keys",
        "https://",
        "https://issuer.example:99999/keys",
        "https://[::1/keys",
    ],
)
def test_other_addresses(address: str) -> None:
    """Keys come by no other way, and the refusal does not repeat the address."""
    with pytest.raises(BadInput) as refused:
        check_address(address)
    assert "secret" not in str(refused.value)


def test_file(tmp_path: Path, issuer: Any, clock: Any) -> None:
    """Keys of a file are read again when it changes; a slip of the pen leaves those there were, and is told."""
    path, troubles = tmp_path / "issuer.json", []
    path.write_text(json.dumps(issuer.key_set), encoding="utf-8")
    keys = KeysOfFile(path, lambda: clock.steady, lambda error: troubles.append(str(error)))
    knows: Callable[[str], bool] = lambda kid: asyncio.run(keys.key(kid)) is not None  # noqa: E731
    assert (knows("rsa"), knows("new")) == (True, False)
    path.write_text("{", encoding="utf-8")
    clock.pass_(5)
    assert knows("rsa")
    assert len(troubles) == 1
    path.write_text(json.dumps({"keys": [issuer.key_set["keys"][1] | {"kid": "new"}]}), encoding="utf-8")
    clock.pass_(5)
    assert (knows("rsa"), knows("new")) == (False, True)
    with pytest.raises(BadInput, match=r"nowhere\.json: there is no such file"):
        KeysOfFile(tmp_path / "nowhere.json", lambda: clock.steady, troubles.append)


def test_a_file_that_others_can_change(tmp_path: Path, clock: Any, issuer: Any) -> None:
    """Keys that others can change are not trusted: at first not at all, later not what they were changed to."""
    path, troubles = tmp_path / "issuer.json", list[BadInput]()
    path.write_text(json.dumps(issuer.key_set), encoding="utf-8")
    keys = KeysOfFile(path, lambda: clock.steady, troubles.append)
    path.write_text(json.dumps({"keys": [issuer.key_set["keys"][1] | {"kid": "new"}]}), encoding="utf-8")
    path.chmod(0o664)
    clock.pass_(5)
    assert asyncio.run(keys.key("new")) is None
    assert [str(each) for each in troubles] == [
        "others can change issuer.json, the keys of the issuer; take that away with: chmod go-w issuer.json"
    ]
    with pytest.raises(BadInput, match="chmod go-w"):
        KeysOfFile(path, lambda: clock.steady, troubles.append)
