"""The pages that the service shows: what they say, what a browser may do with them, and that everybody can read them."""

import contextlib
import dataclasses
import datetime
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, Page, Route, ViewportSize, sync_playwright
from starlette.testclient import TestClient

from models.exceptions import ReleaseException
from models.plain_words import STAMP
from service.access.evaluation import EvaluationAccess
from service.answers.authority import Authority
from service.app import app_of
from service.call import Service
from service.current import Current, Held
from service.live import Live, Standby
from service.pages.content_rules import content_rules
from service.record.references import References
from service.released import Released

PAGES = ("/", "/v1/model/curves", "/v1/model/pack")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A pack in small: a sheet of styles, and an element with a look of its own.
PACK = '<!doctype html><html lang="en"><head><title>Pack</title><style>p { color: rgb(1, 2, 3); }</style></head><body><main><h1>Pack</h1><p style="margin: 7px">Of the board</p></main></body></html>'


@pytest.fixture(scope="module")
def packed(live: Live) -> Live:
    """The small bundle with a pack that has something in it."""
    files = dict(live.bundle.files) | {"pack.html": PACK.encode()}
    return dataclasses.replace(live, bundle=dataclasses.replace(live.bundle, files=files))


@pytest.fixture(scope="module")
def client(packed: Live, serving: Callable[[Live | Standby], TestClient]) -> Iterator[TestClient]:
    """A client of the service that evaluates it."""
    with serving(packed) as opened:
        yield opened


def test_the_front_page(client: TestClient, serving: Callable[[Live | Standby], TestClient]) -> None:
    """It says what is in use, by its label, and where nothing is, that no score is given."""
    told = client.get("/").text
    assert "The borough" in told or client.get("/v1/model").json()["label"] in told
    assert STAMP.capitalize() in told
    with serving(Standby("canary")) as idle:
        assert "No model is in use at the moment" in idle.get("/").text
        assert "canary" not in idle.get("/").text


def test_a_live_bundle_bears_no_stamp(packed: Live) -> None:
    """What two people released is not said to be not approved."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        today = datetime.date(2026, 9, 1)
        yield Service(Current(Held(packed)), EvaluationAccess(), References(b"key"), today=lambda: today)

    with TestClient(app_of(opened), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as released:
        for path in ("/", "/v1/model/curves"):
            assert STAMP not in released.get(path).text.lower()
        assert "two people signed its release" in released.get("/v1/model/curves").text


EXCEPTED = ReleaseException(
    bundle="a" * 64,
    gate="calibration",
    reason="Known, and being mended.",
    minute="Board, item 4",
    by="A. Person, director",
    on=datetime.date(2026, 7, 1),
    expires=datetime.date(2027, 3, 1),
)
RELEASED = Released(
    "Tom Train, analyst",
    ("Ann Lee, head", "Bob Ray, officer"),
    (datetime.date(2026, 7, 30), datetime.date(2026, 8, 1)),
    (EXCEPTED,),
    datetime.datetime(2026, 8, 3),  # noqa: DTZ001 - local
)
AUTHORITY = Authority(
    controller="<b>Borough</b> Council",
    enquiries="early@borough.example",
    challenge="https://borough.example/challenge",
    how_to_object="Write to us.",
)


@contextlib.contextmanager
def _in_use(held: Held, **parts: Any) -> Iterator[TestClient]:
    """A client of a service in use that holds that."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        today = datetime.date(2026, 9, 1)
        access, references = EvaluationAccess(), References(b"key")
        yield Service(Current(held), access, references, authority=AUTHORITY, today=lambda: today, **parts)

    with TestClient(app_of(opened), client=("127.0.0.1", 50000)) as client:
        yield client


def test_what_is_in_use_does_not_deny_itself(packed: Live) -> None:
    """What was released says since when and by whom, and names whose key signed it, on the page and to programs."""
    with _in_use(Held(packed.released_as(RELEASED))) as client:
        told, page, front = client.get("/v1/model").json(), client.get("/v1/model/curves").text, client.get("/").text
    assert (told["stamp"], told["standing"]) == (None, "in use")
    assert told["released"] == {"on": "2026-08-03", "by": ["Ann Lee, head", "Bob Ray, officer"]}
    assert "It went live on 3 August 2026. Its release was signed by Ann Lee, head; Bob Ray, officer." in page
    assert "whose it is was not checked" not in page
    assert "since 3 August 2026" in front


def test_who_answers_for_it(packed: Live) -> None:
    """The front page names whom a family turns to, as text that a browser cannot take for anything else."""
    with _in_use(Held(packed)) as client:
        front = client.get("/").text
    assert "Responsible: &lt;b&gt;Borough&lt;/b&gt; Council" in front
    assert "Questions: early@borough.example" in front
    assert '<a href="https://borough.example/challenge">' in front
    assert "Write to us." in front
    assert "earlyid pack --live" in front
    assert "earlyid model show " in front


def test_what_was_in_use(packed: Live, small_bundle: Path, tmp_path: Path) -> None:
    """A bundle that was live once is still told of by its id, as no longer in use; one that never was is not there."""
    old = packed.bundle.id
    (tmp_path / old).symlink_to(small_bundle)
    with _in_use(Held(Standby("no"), {}, {old: RELEASED}), releases=tmp_path) as client:
        asked = {"Earlyid-Bundle": old}
        told = client.get("/v1/model", headers=asked).json()
        assert (told["bundle"], told["stamp"], told["standing"]) == (old, None, "no longer in use")
        assert "no longer in use" in client.get("/v1/model/curves", headers=asked).text
        assert client.get("/v1/model/pack", headers=asked).status_code == 200
        for path in ("/v1/model", "/v1/model/pack", "/v1/model/curves"):
            assert client.get(path, headers={"Earlyid-Bundle": "0" * 64}).status_code == 404
            assert client.get(path).status_code == 503


def test_the_pack(client: TestClient) -> None:
    """The pack is the bundle's own, to the byte."""
    assert client.get("/v1/model/pack").text == PACK


@pytest.mark.parametrize("use", ["live", "kept", "past"])
def test_the_pack_of_what_was_released(packed: Live, small_bundle: Path, tmp_path: Path, use: str) -> None:
    """Above the pack of what was released, itself unchanged, stands who signed, when, by which exceptions, and whether it is in use."""
    id_ = packed.bundle.id
    (tmp_path / id_).symlink_to(small_bundle)
    released = packed.released_as(RELEASED)
    held = {
        "live": Held(released),
        "kept": Held(Standby("no"), {id_: released}),
        "past": Held(Standby("no"), {}, {id_: RELEASED}),
    }[use]
    with _in_use(held, releases=tmp_path) as client:
        answer = client.get("/v1/model/pack", headers={"Earlyid-Bundle": id_})
    told = answer.text
    said = {
        "live": "It is in use.",
        "kept": "Another has taken its place. It still answers",
        "past": "It was in use once, and is no longer.",
    }
    assert f"This score was released. {said[use]}" in told
    assert f"It {'is live since' if use == 'live' else 'last went live on'} 3 August 2026." in told
    assert "<li>Ann Lee, head, on 30 July 2026</li>" in told
    assert "<li>Bob Ray, officer, on 1 August 2026</li>" in told
    assert (
        "calibration: Known, and being mended. By A. Person, director, minute Board, item 4, to the end of 1 March 2027."
        in told
    )
    pack = (small_bundle / "pack.html").read_text() if use == "past" else PACK
    assert re.sub(r"\n<aside.*?</aside>", "", told, flags=re.DOTALL) == pack
    assert "'unsafe-hashes'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES)
def test_the_rules(client: TestClient, path: str) -> None:
    """A page runs nothing, fetches nothing, stands in no other page, and is styled by what stands in it alone."""
    answer = client.get(path)
    rules = answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert rules.startswith("default-src 'none'; style-src ")
    assert "unsafe-inline" not in rules
    assert "frame-ancestors 'none'" in rules
    assert re.search("<script|<link|<img| on[a-z]+=|javascript:", answer.text) is None


def test_nothing_to_style() -> None:
    """A page without styles allows none."""
    assert "style-src 'none'" in content_rules("<!doctype html><p>a page</p>")["content-security-policy"]


def test_in_a_browser(client: TestClient, chromium: str) -> None:
    """In Chromium each page keeps its look under its own rules, and axe finds no barrier, on a wide screen and on a narrow one."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium)
        page = running.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(_said(message)))
        page.route("**/*", lambda route: _from(client, route))
        for path in PAGES:
            for width in (1200, 320):
                page.set_viewport_size(ViewportSize(width=width, height=800))
                page.goto(f"http://earlyid.test{path}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert _barriers(page) == []
        look = (
            "getComputedStyle(document.querySelector('p')).color + getComputedStyle(document.querySelector('p')).margin"
        )
        assert page.evaluate(look) == "rgb(1, 2, 3)7px"
        assert refused == []
        running.close()


def _said(message: ConsoleMessage) -> str:
    return message.text


def _from(client: TestClient, route: Route) -> None:
    """Answer the browser from the service; it asks for a picture of its own that there is none of."""
    path = route.request.url.removeprefix("http://earlyid.test")
    if path == "/favicon.ico":
        route.fulfill(status=204)
        return
    answer = client.get(path)
    route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)


def _barriers(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    rules: list[dict[str, Any]] = found.response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in rules for node in rule["nodes"]]
