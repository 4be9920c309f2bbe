"""Whether the service runs, whether a model is live, and that nothing is scored while none is."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.bundle import MANIFEST, Bundle, manifest_of
from models.errors import BadInput, ContractError, IntegrityError
from service.live import Live, Standby, load_live

HERE = ("127.0.0.1", 50000)
TODAY = datetime.date(2026, 9, 1)


def _assert_not_live(client: TestClient, request_body: dict[str, Any], why: str) -> None:
    """Alive, not ready, and every question about children or the model refused, with the reason."""
    assert client.get("/livez").json() == {"status": "alive"}
    asked = (
        client.get("/readyz"),
        client.get("/v1/model"),
        client.post("/v1/scores", json=request_body),
    )
    for answer in asked:
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/no-live-model")
        assert answer.headers["retry-after"] == "60"
        assert why in answer.json()["detail"]


def test_ready(client: TestClient, bundle: Bundle) -> None:
    """A service whose bundle reproduced its golden cases is alive and ready."""
    assert client.get("/livez").json() == {"status": "alive"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "bundle": bundle.id, "troubles": {}})


def test_nothing_live(serving: Callable[[Live | Standby], TestClient], request_body: dict[str, Any]) -> None:
    """While nothing is live nothing is scored, and the reason is told."""
    with serving(Standby("No release is live.")) as client:
        _assert_not_live(client, request_body, "No release is live")


def test_a_broken_bundle(tmp_path: Path, small_bundle: Path) -> None:
    """A bundle in which one byte was flipped is never live, and the reason is told."""
    broken = shutil.copytree(small_bundle, tmp_path / "broken")
    model = bytearray((broken / "model.json").read_bytes())
    model[100] ^= 1
    (broken / "model.json").write_bytes(model)
    with pytest.raises(IntegrityError, match=r"model\.json was altered"):
        load_live(broken, TODAY)


def test_golden_cases_that_fail(tmp_path: Path, small_bundle: Path) -> None:
    """A bundle whose golden cases are not reproduced is never live, though every digest holds."""
    broken = shutil.copytree(small_bundle, tmp_path / "broken")
    calibration = (broken / "calibration.json").read_text().replace('"slope":0.9', '"slope":0.8')
    (broken / "calibration.json").write_text(calibration)
    files = {path.name: path.read_bytes() for path in broken.iterdir() if path.name != MANIFEST}
    (broken / MANIFEST).write_bytes(manifest_of(files))
    with pytest.raises(IntegrityError, match="is not reproduced"):
        load_live(broken, TODAY)


def test_a_gateway_that_has_expired(small_bundle: Path) -> None:
    """A bundle with a lawful gateway that has expired is never live."""
    assert load_live(small_bundle, datetime.date(2031, 8, 31))
    with pytest.raises(ContractError, match=r"a lawful gateway has expired: Birth record \(2031-08-31\)"):
        load_live(small_bundle, datetime.date(2031, 9, 1))


def test_a_gateway_that_expires(
    evaluating: Callable[..., TestClient], small_bundle: Path, request_body: dict[str, Any]
) -> None:
    """A gateway that expires while the service runs ends the answers."""
    days = [datetime.date(2031, 8, 31)]
    with evaluating(small_bundle, lambda: days[-1]) as client:
        assert client.post("/v1/scores", json=request_body).status_code == 200
        days.append(datetime.date(2031, 9, 1))
        _assert_not_live(client, request_body, "has expired")


def test_a_server_that_starts_nothing(serving: Callable[[Live | Standby], TestClient], live: Live) -> None:
    """Under a server that does not start the application, it is alive and nothing is live."""
    opened = serving(live)
    assert opened.get("/livez").status_code == 200
    assert opened.get("/readyz").json()["type"] == "/problems/no-live-model"


def test_before_it_has_started(serving: Callable[[Live | Standby], TestClient], live: Live) -> None:
    """An application that no server has started publishes a document without any contract's fields."""
    opened = serving(live)
    assert "Request" not in opened.app.openapi()["components"]["schemas"]  # type: ignore[attr-defined]
    with opened:
        assert "Request" in opened.app.openapi()["components"]["schemas"]  # type: ignore[attr-defined]


def test_the_stable_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_bundle: Path, bundle: Bundle, request_body: dict[str, Any]
) -> None:
    """`service.app:app` serves as the settings say when a server starts it, and records what it answers."""
    from service.app import app  # noqa: PLC0415 - importing it is what is tested

    monkeypatch.setenv("EARLYID_HOME", str(tmp_path))
    monkeypatch.setenv("EARLYID_BUNDLE", str(small_bundle))
    with TestClient(app, base_url="http://127.0.0.1", client=HERE) as client:
        assert client.get("/readyz").json()["bundle"] == bundle.id
        assert client.post("/v1/scores", json=request_body).status_code == 201
    monkeypatch.delenv("EARLYID_BUNDLE")
    with pytest.raises(BadInput), TestClient(app, base_url="http://127.0.0.1", client=HERE):
        pass
