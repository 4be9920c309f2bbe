"""What the service tells of the live model."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from models.bands import AtCapacity, Figure
from models.bundle import SIGNATURE, Bundle
from models.plain_words import STAMP
from models.signature import key_id, sign
from service.live import Live, Standby, load_live
from service.model_bands import list_shown
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


def test_the_policy(client: TestClient, bundle: Bundle) -> None:
    """The bands are told with their offers, whose they are, and the share of children that each reaches."""
    told, policy = client.get("/v1/model").json()["policy"], bundle.scorer.policy
    assert (told["team"], told["owner"], told["agreed"]) == (policy.team, None, None)
    assert told["capacities"] == [0.05, 0.10, 0.20]
    assert [(band["code"], band["label"], band["offer"]) for band in told["bands"]] == [
        (band.code, band.label, band.offer) for band in policy.bands
    ]


def test_the_thresholds(client: TestClient, bundle: Bundle) -> None:
    """Each list is told with the least probability on it and what it was found to be, each band with its changes."""
    told = client.get("/v1/model").json()["thresholds"]
    assert [(one["landmark"], one["outcome"]) for one in told] == [("one_year", "not_gld"), ("two_year", "not_gld")]
    for one in told:
        held = bundle.scorer.head(one["landmark"], one["outcome"]).banded.thresholds
        assert one["changes_on_refit"] == {"band_1": 0.3, "band_2": 0.5, "band_3": 0.4, "band_4": 0.05}
        for shown, at in zip(one["at"], held.at, strict=True):
            assert shown.pop("probability") == 1 / (1 + math.exp(-(at.log_odds or 0.0)))
            assert shown == at.model_dump(exclude={"log_odds"})


def test_a_list_that_cannot_be_short_enough() -> None:
    """Where so many score alike that no list is short enough, no probability is told."""
    none = Figure(value=None, low=None, high=None)
    figures = {"flagged": 0.0, "left_out_tie": 0.4, "ppv": none, "recall": none, "recall_ceiling": 0.2}
    at = AtCapacity.model_validate({"capacity": 0.05, "log_odds": None, **figures})
    assert list_shown(at).model_dump() == {"capacity": 0.05, "probability": None, **figures} | {
        "ppv": none.model_dump(),
        "recall": none.model_dump(),
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
