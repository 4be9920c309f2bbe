"""A whole recalibration: what stays as it was learned, what is made again of whom, and what is refused."""

import csv
import dataclasses
import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.borough import COHORTS, invent_children, write_extracts
from models.bundle import Bundle, load_bundle
from models.errors import ContractError, DataError
from models.refits import Refits
from training.findings import NoBundle, Run
from training.recalibration.original import read_original

Recalibrate = Callable[..., Run]


@pytest.fixture(scope="module")
def before(borough_run: Run) -> Bundle:
    """The borough's bundle."""
    return load_bundle(borough_run.bundle)


@pytest.fixture(scope="module")
def after(own_run: Run) -> Bundle:
    """The bundle that recalibrating left, which loads: its golden cases are its own."""
    return load_bundle(own_run.bundle)


def _read(bundle: Bundle, name: str) -> Any:
    return json.loads(bundle.files[name])


def test_every_term_stays(before: Bundle, after: Bundle) -> None:
    """The model and the plan are the original's to the byte; nothing else but the contract is."""
    same = {name for name in before.files if before.files[name] == after.files[name]}
    assert {"model.json", "plan.toml", "contract.toml"} <= same
    assert not same & {"calibration.json", "bands.json", "capacities.json", "evaluation.json", "audit.json"}
    assert not same & {"gates.json", "golden.jsonl"}
    assert before.id != after.id


def test_what_was_off_is_set_right(own_run: Run) -> None:
    """Where more had the outcome than was foreseen, about as many are foreseen now, on children the calibration did not see."""
    for head in own_run.evaluation["recalibrated"]["heads"]:
        ratios = {when: head["figures"][when]["observed_over_expected"] for when in ("before", "after")}
        assert ratios["before"]["low"] > 1.1
        assert ratios["after"]["value"] == pytest.approx(1.0, abs=0.03)
        assert head["figures"]["after_minus_before"]["log_loss"]["high"] < 0
        assert head["choice"] in {"intercept", "intercept and slope"}
        assert head["calibration"]["after"]["intercept"]["low"] > head["calibration"]["before"]["intercept"]


def test_what_is_told_is_what_ships(own_run: Run, before: Bundle, after: Bundle) -> None:
    """The calibrations told of, before and after, are those in the two bundles, and so are the numbers of children."""
    told = own_run.evaluation["recalibrated"]
    assert told["from"] == before.id
    for head, was, now in zip(
        told["heads"],
        _read(before, "calibration.json")["calibrations"],
        _read(after, "calibration.json")["calibrations"],
        strict=True,
    ):
        assert (head["n"], head["events"]) == (now["n"], now["events"])
        for name in ("intercept", "slope"):
            assert head["calibration"]["before"][name] == pytest.approx(was[name], abs=1e-6)
            assert head["calibration"]["after"][name]["value"] == pytest.approx(now[name], abs=2e-6)


def test_everything_of_a_population_is_of_one_s_own(own_run: Run, elsewhere: Path, after: Bundle) -> None:
    """Judged, counted and audited are the latest cohort of the own extracts, and nobody else."""
    with (elsewhere / "births.csv").open(encoding="utf-8", newline="") as file:
        born = {row["child"]: datetime.date.fromisoformat(row["date_of_birth"]) for row in csv.DictReader(file)}
    latest = {child for child, day in born.items() if day.year - (day.month < 9) == COHORTS[-1]}
    assert set(own_run.scored["child"]) <= latest
    for part, audit in zip(
        _read(after, "evaluation.json")["evaluations"], _read(after, "audit.json")["audits"], strict=True
    ):
        rows = own_run.scored[(own_run.scored["landmark"] == part["landmark"]) & (own_run.scored["repeat"] == 0)]
        assert part["n"] == len(rows)
        assert part["procedure"] == {"kind": "recalibrated", "cohorts": [COHORTS[-1]], "folds": 3, "repeats": 1}
        assert abs(audit["overall"]["n"] - part["n"]) <= 5


def test_nobody_has_agreed_to_the_bands(own_run: Run) -> None:
    """The bands keep their shares and offers; that somebody agreed to them elsewhere is not said here."""
    assert (own_run.bands.policy.owner, own_run.bands.policy.agreed) == (None, None)


def test_release_gates(own_run: Run) -> None:
    """Every gate of a run is asked of the own children; that evidence is quick is the original's."""
    gates = {gate.code: gate for gate in own_run.gates.gates}
    assert {"events", "signal", "calibration", "gain_over_rules", "policy", "evidence"} == set(gates)
    assert gates["evidence"].verdict == "blocked"
    assert "whose plan says" in gates["evidence"].next


def test_what_only_learning_again_could_tell(own_run: Run, before: Bundle, after: Bundle) -> None:
    """Refits are the original's, as the new slope serves them; what is not of these children is named as not computed."""
    assert own_run.evaluation["not_computed"] == ["sites", "learning_curve", "without", "options", "proxies"]
    refits = [Refits.model_validate_json(bundle.files["refits.json"]).refits for bundle in (before, after)]
    slopes = [[one["slope"] for one in _read(b, "calibration.json")["calibrations"]] for b in (before, after)]
    for was, now, slope_was, slope_now in zip(*refits, *slopes, strict=True):
        for a, b in zip(was.curves, now.curves, strict=True):
            assert b.low == pytest.approx([bound * slope_now / slope_was for bound in a.low], abs=1e-5)


def test_the_same_twice(recalibrated: Recalibrate, own_run: Run) -> None:
    """The same bundle and extracts give the same bundle."""
    assert recalibrated().bundle.name == own_run.bundle.name


def test_more_cohorts(recalibrated: Recalibrate, own_run: Run) -> None:
    """Two cohorts are twice as many children, and more is known of the slope."""
    (one, *_), (two, *_) = (run.evaluation["recalibrated"]["heads"] for run in (own_run, recalibrated(cohorts=2)))
    assert two["cohorts"] == list(COHORTS[-2:])
    assert two["n"] > 1.8 * one["n"]
    assert _width(two["found"]["slope"]) < _width(one["found"]["slope"])


def _width(figure: dict[str, float]) -> float:
    return figure["high"] - figure["low"]


def test_too_few(recalibrated: Recalibrate, elsewhere: Path, tmp_path: Path) -> None:
    """With too few results of one's own there is no bundle, and it is said what it takes."""
    few = tmp_path / "few"
    shutil.copytree(elsewhere, few)
    head, *rows = (few / "profile.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (few / "profile.csv").write_text("".join([head, *rows[::6]]), encoding="utf-8")
    with pytest.raises(NoBundle, match="too few to set anything") as stopped:
        recalibrated(data=few, out=tmp_path / "out")
    assert {gate.code for gate in stopped.value.findings.gates.blocked("build")} == {"events"}
    assert list((tmp_path / "out").iterdir()) == []


def test_children_it_learned_from(recalibrated: Recalibrate, borough_extracts: Path) -> None:
    """The very extracts that a bundle was made of are refused."""
    with pytest.raises(DataError, match="not new to the score"):
        recalibrated(data=borough_extracts)


def test_children_it_may_have_learned_from(
    recalibrated: Recalibrate, elsewhere: Path, borough_extracts: Path, tmp_path: Path
) -> None:
    """Cohorts that the bundle was made of are refused unless they are stated to be elsewhere; one row fewer changes nothing."""
    with pytest.raises(DataError, match=r"of the same cohorts: 2018.*--elsewhere"):
        recalibrated(data=elsewhere, elsewhere=False)
    fewer = tmp_path / "fewer"
    shutil.copytree(borough_extracts, fewer)
    rows = (fewer / "births.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (fewer / "births.csv").write_text("".join(rows[:-1]), encoding="utf-8")
    for stated in (False, True):
        with pytest.raises(DataError, match="by every count"):
            recalibrated(data=fewer, cohorts=4, elsewhere=stated)


def test_what_was_stated_stays_in_the_bundle(own_run: Run, after: Bundle) -> None:
    """That the children are others was stated, and stands in the evaluation with the cohorts that the bundle was made of."""
    told = _read(after, "evaluation.json")["recalibrated"]
    assert told["elsewhere"] is True
    assert all(head["learned_from"] == list(COHORTS) for head in told["heads"])
    assert [head.learned_from for head in read_original(own_run.bundle).heads] == [list(COHORTS)] * len(told["heads"])


def test_one_s_own_contract(
    recalibrated: Recalibrate, own_run: Run, elsewhere: Path, borough_contract: Path, tmp_path: Path
) -> None:
    """Extracts with a column of another name are read by the authority's own contract, which the new bundle then holds."""
    own = tmp_path / "own"
    shutil.copytree(elsewhere, own)
    births = (own / "births.csv").read_text(encoding="utf-8")
    (own / "births.csv").write_text(births.replace("birthweight", "weight", 1), encoding="utf-8")
    text = borough_contract.read_text(encoding="utf-8")
    changed = text.replace('name = "birthweight", type', 'name = "weight", type').replace(
        'column = "birthweight"', 'column = "weight"'
    )
    (tmp_path / "own.toml").write_text(changed, encoding="utf-8")
    run = recalibrated(data=own, contract_path=tmp_path / "own.toml")
    assert load_bundle(run.bundle).files["contract.toml"].decode() == changed
    ours, theirs = (one.evaluation["recalibrated"]["heads"] for one in (run, own_run))
    assert [head["found"] for head in ours] == [head["found"] for head in theirs]


def test_cohorts_of_the_plan(borough_run: Run) -> None:
    """The cohorts that a plan names are those it learned from, and say nothing of the authority's own."""
    original = read_original(borough_run.bundle)
    named = dataclasses.replace(original, plan=original.plan.model_copy(update={"cohorts": (2001, 2002)}))
    assert named.plan_here == original.plan
    assert named.plan != original.plan


def test_an_expired_gateway(recalibrated: Recalibrate) -> None:
    """Extracts are not read once a gateway of the contract has expired, be it the bundle's own contract."""
    with pytest.raises(ContractError, match="gateway: expired"):
        recalibrated(today=datetime.date(2100, 1, 1))


def test_again(recalibrated: Recalibrate, own_run: Run, tmp_path: Path) -> None:
    """What was recalibrated can be recalibrated again: its terms are still those that were learned."""
    write_extracts(tmp_path, invent_children(1700, seed=41), seed=42)
    again = recalibrated(bundle=own_run.bundle, data=tmp_path)
    specs = [head.spec for head in read_original(again.bundle).heads]
    assert specs == [head.spec for head in read_original(own_run.bundle).heads]
    assert again.evaluation["recalibrated"]["from"] == own_run.bundle.name
    (first, *_) = again.evaluation["recalibrated"]["heads"]
    assert first["figures"]["before"]["observed_over_expected"]["high"] < 1
