"""What the service tells of the live model."""

import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from models.bundle import SIGNATURE, Bundle
from models.plain_words import STAMP
from models.signature import key_id, sign
from service.live import Live, Standby, load_live
from service.model_page import ModelPage


def test_the_model(client: TestClient, bundle: Bundle) -> None:
    """The page tells the contract, its landmarks with their windows, its outcomes and its features."""
    page = ModelPage.model_validate_json(client.get("/v1/model").content)
    assert (page.stamp, page.bundle, page.signature) == (STAMP, bundle.id, "unsigned")
    assert (page.name, page.label, page.purposes) == ("borough", "An invented borough", ["early_help"])
    assert [(at.name, at.age, at.until) for at in page.landmarks] == [("one_year", 365, 500), ("two_year", 760, 1000)]
    (outcome,) = page.outcomes
    assert outcome.estimators == {"one_year": "glass box", "two_year": "glass box"}
    assert outcome.happens == "did not reach a good level of development"
    assert [feature.name for feature in page.features] == [feature.name for feature in bundle.contract.features]


def test_a_feature(client: TestClient) -> None:
    """A feature is told with its label, units, direction, source and landmarks."""
    told = client.get("/v1/model").json()["features"]
    assert next(feature for feature in told if feature["name"] == "communication") == {
        "name": "communication",
        "label": "communication total at the latest review",
        "units": "points",
        "direction": "lowers",
        "source": "Health visiting review",
        "landmarks": ["two_year"],
        "correctable": True,
    }


def test_a_signature(
    tmp_path: Path,
    live: Live,
    small_bundle: Path,
    signing_key: Ed25519PrivateKey,
    serving: Callable[[Live | Standby], TestClient],
) -> None:
    """A signature is told with its key, and that nobody checked whose key it is."""
    signed = shutil.copytree(small_bundle, tmp_path / "signed")
    (signed / SIGNATURE).write_bytes(sign(live.bundle.id, signing_key))
    with serving(load_live(signed, live.last_day)) as client:
        told = client.get("/v1/model").json()["signature"]
    assert told == f"signed by key {key_id(signing_key.public_key())}, signer not checked"
