"""Bands drawn again: the same model, another list; and back again, the first bundle to the byte."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from fairness.pack.page import pack
from models.band_policy import capacities_of
from models.bands import Bands, Policy
from models.bundle import load_bundle, manifest_of, scorer_of
from models.bundle_writing import write_bundle
from models.canonical import canonical, digest
from models.capacities import CAPACITIES
from models.documents.documents import check_documents, documents
from models.errors import BadInput, IntegrityError
from models.gates import Gates
from models.golden import read_cases
from models.reband import read_capacities, rebanded
from training.findings import Run

REDRAWN = {"gates.json", "bands.json", "audit.json", "golden.jsonl", "card.md", "tripod.json", "pack.html"}
BESIDE = {"note": "something else that the audit says"}


@pytest.fixture(scope="module")
def files(borough_run: Run) -> Mapping[str, bytes]:
    """The files of a trained bundle, its audit with something else beside it."""
    learned = load_bundle(borough_run.bundle).files
    told = {**learned, "audit.json": canonical(json.loads(learned["audit.json"]) | BESIDE)}
    told |= documents(told)
    return told | {"pack.html": pack(told).encode()}


def _policy(files: Mapping[str, bytes], share: float | None = None) -> Policy:
    policy = Bands.model_validate_json(files["bands.json"]).policy
    return policy if share is None else policy.model_copy(update={"capacities": capacities_of(share)})


def test_the_policy_it_has(files: Mapping[str, bytes]) -> None:
    """Drawn by the policy that it has, every file is the same to the byte."""
    assert rebanded(files, _policy(files), pack) == files


@pytest.mark.parametrize("share", [0.04, 0.10, 0.50])
def test_another_and_back(files: Mapping[str, bytes], share: float) -> None:
    """Drawn by another policy and then by the first, it is the first bundle again."""
    other = rebanded(files, _policy(files, share), pack)
    assert digest(manifest_of(other)) != digest(manifest_of(files))
    assert rebanded(other, _policy(files), pack) == files


@pytest.mark.parametrize("share", [0.04, 0.10, 0.50])
def test_what_changes(files: Mapping[str, bytes], share: float, tmp_path: Path) -> None:
    """Bands, audit, gates, golden cases and documents are of the new list, all else is the same, and the bundle loads."""
    policy = _policy(files, share)
    other = rebanded(files, policy, pack)
    assert {name for name in files if other[name] != files[name]} <= REDRAWN
    assert other.keys() == files.keys()
    audit = json.loads(other["audit.json"])
    kept_audit = json.loads(files["capacities.json"])["audits"][CAPACITIES.index(policy.capacity)]
    assert audit == json.loads(files["audit.json"]) | kept_audit
    assert kept_audit["audits"]
    assert audit["note"] == BESIDE["note"]
    assert audit["capacity"] == policy.capacity == share
    gates = Gates.model_validate_json(other["gates.json"])
    listed = read_capacities(files).gates[CAPACITIES.index(share)]
    assert [gate for gate in gates.gates if gate.code in {gate.code for gate in listed}] == list(listed)
    check_documents(other)
    loaded = load_bundle(write_bundle(tmp_path, other, None))
    assert loaded.scorer.policy == policy
    kept = {(one.landmark, one.outcome): one.at for one in read_capacities(files).outcomes}
    for one in Bands.model_validate_json(other["bands.json"]).thresholds:
        assert one.at == tuple(at for at in kept[one.landmark, one.outcome] if at.capacity in policy.capacities)


def test_the_scores_are_the_same(files: Mapping[str, bytes]) -> None:
    """Another list moves golden cases between bands, and no probability, interval or contribution."""
    other = rebanded(files, _policy(files, 0.50), pack)
    before, after = (
        [score for case in read_cases(each["golden.jsonl"]) for score in case.scores] for each in (files, other)
    )
    assert [score.band for score in before] != [score.band for score in after]
    for one, again in zip(before, after, strict=True):
        assert (one.probability, one.low, one.high) == (again.probability, again.low, again.high)
        assert one.contributions == again.contributions
    assert scorer_of(other).policy != scorer_of(files).policy


def test_a_capacity_that_is_not_kept(files: Mapping[str, bytes]) -> None:
    """A capacity that is none of the twenty is refused, in words."""
    with pytest.raises(BadInput, match="these capacities"):
        rebanded(files, _policy(files).model_copy(update={"capacities": (0.05, 0.10, 0.21)}), pack)


@pytest.mark.parametrize("kept", [b"{}\n", b'{"format":1,"outcomes":[],"audits":[]}\n', b"not JSON"])
def test_nothing_kept(files: Mapping[str, bytes], kept: bytes) -> None:
    """A bundle that does not keep the twenty capacities cannot be drawn again, and is refused as no whole bundle."""
    with pytest.raises(IntegrityError, match=r"capacities\.json"):
        rebanded({**files, "capacities.json": kept}, _policy(files), pack)
