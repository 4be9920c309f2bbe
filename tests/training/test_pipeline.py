"""A whole training run on the borough's extracts: what is learned from whom, what is left behind, and what never is."""

import csv
import datetime
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.borough import COHORTS, Invented, write_extracts
from models.band_policy import capacities_of
from models.bands import Bands
from models.bundle import REQUIRED, load_bundle
from models.canonical import canonical
from models.capacities import CAPACITIES
from models.errors import BadInput, ContractError, DataError, PlanError
from models.estimator import expit
from models.reband import read_capacities
from models.scorer import Scored
from models.small_numbers import FEWEST, rounded
from training.cohort import assemble
from training.findings import NoBundle, Run
from training.ingest import ingest
from training.pipeline import train
from training.records import read_record

TODAY = datetime.date(2026, 9, 1)
ROOT = Path(__file__).parents[2]
Training = Callable[..., Run]


@pytest.fixture
def training(borough_contract: Path, borough_extracts: Path, quick_plan: Path, tmp_path: Path) -> Training:
    """Train on the borough's extracts into `tmp_path / "out"`; keywords change the contract, data or plan."""

    def run(**changed: Any) -> Run:
        given: dict[str, Any] = {"contract": borough_contract, "data": borough_extracts, "plan": quick_plan}
        given |= {"today": TODAY} | changed
        return train(
            given["contract"],
            given["data"],
            given.get("out", tmp_path / "out"),
            plan_path=given["plan"],
            key=None,
            today=given["today"],
            progress=lambda _step: None,
        )

    return run


@pytest.fixture
def changed_extracts(borough_extracts: Path, tmp_path: Path) -> Callable[[str, Callable[[list[str]], list[str]]], Path]:
    """Copy the extracts with the rows of one CSV changed by a function of their cells; an empty row is left out."""

    def change(file: str, of_row: Callable[[list[str]], list[str]]) -> Path:
        folder = tmp_path / "changed"
        folder.mkdir()
        for extract in borough_extracts.iterdir():
            (folder / extract.name).write_bytes(extract.read_bytes())
        with (folder / file).open(encoding="utf-8", newline="") as given:
            head, *rows = csv.reader(given)
        with (folder / file).open("w", encoding="utf-8", newline="") as written:
            csv.writer(written).writerows([head, *filter(None, map(of_row, rows))])
        return folder

    return change


def _left(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir()) if out.exists() else []


def _cohort(child: Invented) -> int:
    return child.born.year - (child.born.month < 9)


# Who is learned from.


def test_time_split(borough_run: Run, borough_extracts: Path) -> None:
    """With a calendar the split is by time: learned on every cohort but the latest, the latest halved by family."""
    con, _ = ingest(borough_run.contract, borough_extracts)
    for part in borough_run.evaluation["evaluations"]:
        cohort = assemble(con, borough_run.contract, borough_run.contract.landmark(part["landmark"]))
        known = ~np.isnan(cohort.outcomes[part["outcome"]])
        assert cohort.years is not None
        latest = known & (cohort.years == COHORTS[-1])
        procedure = part["procedure"]
        assert procedure["kind"] == "time"
        assert procedure["learned_on"] == int(known.sum() - latest.sum())
        assert procedure["calibrated_on"] + procedure["tested_on"] == int(latest.sum())
        assert abs(procedure["calibrated_on"] - procedure["tested_on"]) < 0.1 * latest.sum()
        assert part["n"] == procedure["tested_on"]


def test_only_the_latest_cohort_is_judged(borough_run: Run, borough_children: list[Invented]) -> None:
    """Every held-out row is of a child of the latest cohort, and stands there once for each landmark."""
    latest = {child.key for child in borough_children if _cohort(child) == COHORTS[-1]}
    assert set(borough_run.scored["child"]) <= latest
    assert not borough_run.scored.duplicated(["child", "landmark", "outcome"]).any()


def test_nothing_is_learned_from_the_latest_cohort(
    borough_run: Run,
    borough_children: list[Invented],
    training: Training,
    changed_extracts: Callable[[str, Callable[[list[str]], list[str]]], Path],
) -> None:
    """Other records of the latest cohort change its calibration, and not one byte of what was learned."""
    latest = {child.key for child in borough_children if _cohort(child) == COHORTS[-1]}
    heavier = changed_extracts(
        "births.csv", lambda row: [*row[:4], "3333" if row[0] in latest and row[4].isdecimal() else row[4]]
    )
    before, after = load_bundle(borough_run.bundle), load_bundle(training(data=heavier).bundle)
    assert after.files["model.json"] == before.files["model.json"]
    assert after.files["calibration.json"] != before.files["calibration.json"]


def test_the_lagged_figure(borough_run: Run) -> None:
    """Beside the shipped figure stands the one to quote, for the same children, with its lag and the one in real use."""
    for part in borough_run.evaluation["evaluations"]:
        landmark = borough_run.contract.landmark(part["landmark"])
        (outcome,) = borough_run.contract.outcomes
        lagged = part["lagged"]
        assert lagged["lag_in_real_use"] == math.ceil((outcome.window[1] - landmark.age) / 365.25)
        # Five cohorts before the test's, two of them needed: four years is the longest lag there is.
        assert lagged["lag_in_cohorts"] == min(lagged["lag_in_real_use"], len(COHORTS) - 2)
        assert (lagged["n"], lagged["events"]) == (part["n"], part["events"])
        assert lagged["candidates"].keys() == part["candidates"].keys()
        assert lagged["candidates"] != part["candidates"]


def test_without_siblings(borough_run: Run, borough_extracts: Path) -> None:
    """The figure without siblings is of exactly the judged children whose family nobody learned from has."""
    con, _ = ingest(borough_run.contract, borough_extracts)
    for part in borough_run.evaluation["evaluations"]:
        cohort = assemble(con, borough_run.contract, borough_run.contract.landmark(part["landmark"]))
        known = ~np.isnan(cohort.outcomes[part["outcome"]])
        assert cohort.years is not None
        learned = set(cohort.families[known & (cohort.years >= 0) & (cohort.years < COHORTS[-1])].tolist())
        judged = borough_run.scored[borough_run.scored["landmark"] == part["landmark"]]
        alone = ~judged["family"].isin(learned)
        figure = part["without_siblings_in_training"]
        assert (figure["n"], figure["events"]) == (alone.sum(), judged["observed"][alone].sum())
        assert 0 < figure["n"] < part["n"]
        assert figure["candidates"].keys() == part["candidates"].keys()


def test_what_ships_is_what_was_judged(borough_run: Run, borough_extracts: Path) -> None:
    """The bundle's Scorer, given one judged child's record, answers the probability of the held-out table, to the bit."""
    scorer = load_bundle(borough_run.bundle).scorer
    con, _ = ingest(borough_run.contract, borough_extracts)
    asked = 0
    for row in borough_run.scored.itertuples():
        record = read_record(con, borough_run.contract, row.child)
        answer = scorer.score(record, borough_run.contract.landmark(row.landmark).age)
        assert isinstance(answer, Scored)
        assert {s.outcome.name: s.probability for s in answer.scores}[row.outcome] == row.probability
        asked += 1
    assert asked > 200


def test_the_bundle_holds_the_run(borough_run: Run, borough_contract: Path, quick_plan: Path) -> None:
    """The bundle holds contract and plan word for word, the run's evaluation, and the signature of its key."""
    bundle = load_bundle(borough_run.bundle)
    assert bundle.id == borough_run.bundle.name
    assert bundle.files["contract.toml"] == borough_contract.read_bytes()
    assert bundle.files["plan.toml"] == quick_plan.read_bytes()
    assert bundle.files["evaluation.json"] == canonical(borough_run.evaluation)
    assert bundle.signature is not None


def test_every_row_set_aside_is_told(borough_run: Run) -> None:
    """Rows set aside are in the evaluation by source and reason, none dropped in silence."""
    told = borough_run.evaluation["rows_set_aside"]
    assert told["births"] == {"duplicate_row": 1}
    assert told["reviews"].keys() == {"communication: off_step", "no_date_of_birth"}
    assert told == {report.source: dict(sorted(report.set_aside.items())) for report in borough_run.reports}


# Bands, intervals and refits.


def test_bands_are_those_of_the_plan(borough_run: Run) -> None:
    """The bundle's bands are the plan's, drawn at a quarter, a half and all of its capacity; the run has the same ones."""
    bundle = load_bundle(borough_run.bundle)
    assert Bands.model_validate_json(bundle.files["bands.json"]) == borough_run.bands
    policy = borough_run.bands.policy
    assert policy.capacities == (0.05, 0.10, 0.20)
    assert policy.bands == borough_run.plan.bands.band
    assert (policy.team, policy.owner, policy.children_a_month) == (borough_run.plan.bands.team, None, None)


def test_the_judged_children_lie_in_their_bands(borough_run: Run) -> None:
    """The threshold of the last list flags, among the judged children, those of the table and no others."""
    head_of = load_bundle(borough_run.bundle).scorer.head
    for one in borough_run.bands.thresholds:
        rows = borough_run.scored[borough_run.scored["landmark"] == one.landmark]
        at, banded = one.at[-1], head_of(one.landmark, one.outcome).banded
        assert at.log_odds is not None
        assert rows["flagged"].tolist() == (rows["probability"] >= expit(at.log_odds)).tolist()
        assert rows["flagged"].mean() == pytest.approx(at.flagged, abs=1e-6)
        assert banded.place(at.log_odds) == len(one.at) - 1
        assert banded.place(math.nextafter(at.log_odds, -math.inf)) == len(one.at)


def test_the_audit_is_that_of_the_team(borough_run: Run) -> None:
    """The audit is at the team's capacity, and is one of the twenty that are kept."""
    files = load_bundle(borough_run.bundle).files
    kept, audit = read_capacities(files), json.loads(files["audit.json"])
    assert audit["capacity"] == borough_run.bands.policy.capacity
    assert [one["capacity"] for one in kept.audits] == list(CAPACITIES)
    own = kept.audits[CAPACITIES.index(audit["capacity"])]
    assert own == {name: audit[name] for name in own}


def test_quick_evidence_audits_what_ships_alone(borough_run: Run) -> None:
    """With quick evidence the audit is of the children whom what ships was judged by, and says what full evidence would add."""
    assert borough_run.audited.equals(borough_run.scored)
    audit = json.loads((borough_run.bundle / "audit.json").read_text(encoding="utf-8"))
    assert "pooled" not in audit
    assert "children of earlier cohorts" in audit["not_computed"]["pooled"]


def test_full_evidence_audits_earlier_cohorts_too(
    borough_run: Run, borough_children: list[Invented], training: Training, quick_plan: Path, tmp_path: Path
) -> None:
    """With full evidence the audit is of three cohorts, tells so, and what ships is judged by whom it was, and is what it was."""
    plan = tmp_path / "full.toml"
    plan.write_text(f'evidence = "full"\n{quick_plan.read_text(encoding="utf-8")}', encoding="utf-8")
    run = training(plan=plan)
    assert run.scored.equals(borough_run.scored)
    for name in ("model.json", "calibration.json", "bands.json"):
        assert (run.bundle / name).read_bytes() == (borough_run.bundle / name).read_bytes()
    cohort_of = {child.key: _cohort(child) for child in borough_children}
    assert {cohort_of[child] for child in run.audited["child"]} == {*COHORTS[-3:]}
    audit = json.loads((run.bundle / "audit.json").read_text(encoding="utf-8"))
    assert "pooled" not in audit["not_computed"]
    for part, told in zip(audit["audits"], audit["pooled"], strict=True):
        rows = run.audited[run.audited["landmark"] == part["landmark"]]
        assert (told["landmark"], told["outcome"]) == (part["landmark"], part["outcome"])
        assert told["cohorts"] == [*COHORTS[-3:]]
        assert part["overall"]["n"] == told["children"] == rounded(len(rows))
        judged = run.scored[run.scored["landmark"] == part["landmark"]]
        assert told["of_what_ships"] == rounded(len(judged))
        assert set(judged["child"]) < set(rows["child"])


def test_the_kept_audits_tell_of_no_single_child(borough_run: Run) -> None:
    """Every count in the bundle's audits is a multiple of five, and no group of fewer than ten has any, at any capacity."""
    kept = read_capacities(load_bundle(borough_run.bundle).files)
    hidden = 0
    for table in [table for audit in kept.audits for table in audit["audits"]]:
        groups = [line for attribute in table["attributes"] for line in attribute["groups"]]
        for line in [table["overall"], *groups]:
            assert line["n"] is None or (line["n"] % 5 == 0 and not 0 < line["n"] < FEWEST)
            assert (line["events"] is None) == (not line["n"])
            assert line["events"] is None or line["events"] % 5 == 0
            hidden += line["n"] is None
    assert hidden


def test_children_a_month(training: Training, borough_run: Run, quick_plan: Path, tmp_path: Path) -> None:
    """A plan may say how many children the team can see in a month; they become one share for all landmarks."""
    kept = read_capacities(load_bundle(borough_run.bundle).files)
    months = [one.children_a_month for one in kept.outcomes]
    assert all(month is not None and month % 5 == 0 for month in months)
    plan = tmp_path / "months.toml"
    plan.write_text(quick_plan.read_text(encoding="utf-8") + "\n[bands]\nchildren_a_month = 3\n", encoding="utf-8")
    policy = training(plan=plan).bands.policy
    assert policy.children_a_month == 3
    reaching = {one.landmark: one.children_a_month for one in kept.outcomes}
    assert policy.capacities == capacities_of(3 / sum(month for month in reaching.values() if month is not None))


def test_children_a_month_without_a_calendar(
    training: Training, borough_contract: Path, quick_plan: Path, tmp_path: Path
) -> None:
    """Children a month cannot be asked for where the contract has no calendar: refused before anything is read."""
    contract, plan = tmp_path / "contract.toml", tmp_path / "months.toml"
    text = re.sub(r"(?m)^cohort = .*$", "", borough_contract.read_text(encoding="utf-8"))
    contract.write_text(text, encoding="utf-8")
    plan.write_text(quick_plan.read_text(encoding="utf-8") + "\n[bands]\nchildren_a_month = 3\n", encoding="utf-8")
    with pytest.raises(PlanError, match="calendar"):
        training(contract=contract, plan=plan, data=tmp_path / "nowhere")
    assert _left(tmp_path / "out") == []


def test_withdrawal_and_one_more_row(borough_run: Run) -> None:
    """The evaluation says, of every source that is asked, what its withdrawal and one more of its rows would do."""
    for part in borough_run.evaluation["evaluations"]:
        landmark = borough_run.contract.landmark(part["landmark"])
        asked = {feature.source for feature in borough_run.contract.features_at(landmark)}
        withdrawal = part["withdrawal"]
        assert {one["source"] for one in withdrawal["sources"]} == asked
        assert withdrawal["capacity"] == 0.20
        rows = borough_run.scored[borough_run.scored["landmark"] == part["landmark"]]
        assert withdrawal["listed"] == rounded(int(rows["flagged"].sum()))
        counted = {f.source for f in borough_run.contract.features_at(landmark) if f.take == "count"}
        assert part["one_more_row"].keys() == counted
        assert all(0 <= change < 1 for change in part["one_more_row"].values())
        assert 0 < part["interval"]["mean_width"] <= part["interval"]["widest"]


# The same again.


def test_the_same_plan_and_data_give_the_same_bundle(borough_run: Run, training: Training) -> None:
    """One plan, contract and set of extracts have one bundle id, signed or not."""
    assert training().bundle.name == borough_run.bundle.name


def test_the_order_of_rows_says_nothing(
    borough_run: Run, borough_children: list[Invented], training: Training, tmp_path: Path
) -> None:
    """The same rows in another order give the same bundle."""
    write_extracts(tmp_path, borough_children, seed=12, shuffled=True)
    again = training(data=tmp_path)
    before, after = load_bundle(borough_run.bundle).files, load_bundle(again.bundle).files
    assert [name for name in before if before[name] != after[name]] == []
    assert again.bundle.name == borough_run.bundle.name
    assert again.data_digest != borough_run.data_digest


def test_another_seed_is_another_bundle(borough_run: Run, training: Training, quick_plan: Path, tmp_path: Path) -> None:
    """A plan that differs in one number is in the bundle, so the id differs."""
    other = tmp_path / "other.toml"
    other.write_text(quick_plan.read_text(encoding="utf-8").replace("seed = 7", "seed = 8"), encoding="utf-8")
    assert training(plan=other).bundle.name != borough_run.bundle.name


# What is never left behind.


def test_no_child_leaves_the_extracts(borough_run: Run, canaries: tuple[str, ...]) -> None:
    """No key, family or date of birth of any child is in any file under the folder of bundles, nor in a file's name."""
    files = [path for path in borough_run.bundle.parent.rglob("*") if path.is_file()]
    assert len(files) == len(REQUIRED) + 2
    for path in files:
        held = path.read_text(encoding="utf-8")
        assert [text for text in canaries if text in held or text in path.name] == []


def test_an_expired_gateway(training: Training, tmp_path: Path) -> None:
    """An agreement that has run out is refused by name and date before anything is read, and nothing is left."""
    with pytest.raises(ContractError) as refused:
        training(contract=ROOT / "tests/contracts/borough.toml", data=tmp_path / "nowhere")
    assert [problem.place for problem in refused.value.problems] == ['source "hub" › gateway']
    assert "2020-01-01" in str(refused.value)
    assert _left(tmp_path / "out") == []


def test_a_gateway_on_its_last_day(training: Training, tmp_path: Path) -> None:
    """An agreement may be used on the day it expires and not on the next."""
    assert training(today=datetime.date(2099, 12, 31)).bundle.is_dir()
    with pytest.raises(ContractError, match="expired on 2099-12-31"):
        training(today=datetime.date(2100, 1, 1), out=tmp_path / "later")
    assert _left(tmp_path / "later") == []


def test_more_broken_rows_than_the_plan_allows(training: Training, quick_plan: Path, tmp_path: Path) -> None:
    """Too many broken rows refuse the run, naming every source with its counts and first line; nothing is left."""
    strict = tmp_path / "strict.toml"
    strict.write_text("set_aside_share = 0\n" + quick_plan.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        training(plan=strict)
    places = [problem.place for problem in refused.value.problems]
    assert places == [f'source "{name}"' for name in ("births", "reviews", "contacts", "addresses", "hub", "profile")]
    assert "communication: off_step × 6" in str(refused.value)
    assert _left(tmp_path / "out") == []


def test_one_outcome_for_all(
    training: Training, changed_extracts: Callable[[str, Callable[[list[str]], list[str]]], Path], tmp_path: Path
) -> None:
    """Where every child has the same outcome there is nothing to learn: "not enough signal", and nothing is left."""
    same = changed_extracts("profile.csv", lambda row: [*row[:2], "2", "2"])
    with pytest.raises(NoBundle, match=r"not enough signal.*\n.*fewer than 10 children have the outcome") as refused:
        training(data=same)
    assert {gate.code for gate in refused.value.findings.gates.blocked("build")} == {"events"}
    assert _left(tmp_path / "out") == []


def test_no_outcome_at_all(
    training: Training, changed_extracts: Callable[[str, Callable[[list[str]], list[str]]], Path], tmp_path: Path
) -> None:
    """Where no child has an outcome yet a gate says no, and nothing is left."""
    none = changed_extracts("profile.csv", lambda row: [*row[:2], "A", "A"])
    with pytest.raises(NoBundle):
        training(data=none)
    assert _left(tmp_path / "out") == []


def test_outcomes_of_one_cohort_only(
    borough_children: list[Invented],
    training: Training,
    changed_extracts: Callable[[str, Callable[[list[str]], list[str]]], Path],
) -> None:
    """With outcomes of one cohort alone there is no earlier one to learn from: judged by folds, and it says so."""
    latest = {child.key for child in borough_children if _cohort(child) == COHORTS[-1]}
    with pytest.raises(NoBundle, match="not enough signal") as refused:
        training(data=changed_extracts("profile.csv", lambda row: row if row[0] in latest else []))
    for part in refused.value.findings.evaluation["evaluations"]:
        folds = {"kind": "folds", "folds": 3, "inner_folds": 3, "repeats": 1}
        assert part["procedure"] == {**folds, "cohorts": [COHORTS[-1]]}
        assert "lagged" not in part


def test_outcomes_of_two_cohorts(
    borough_children: list[Invented],
    training: Training,
    changed_extracts: Callable[[str, Callable[[list[str]], list[str]]], Path],
) -> None:
    """With outcomes of two cohorts the lag is the one year there is, and the one of real use stands beside it."""
    latest = {child.key for child in borough_children if _cohort(child) in COHORTS[-2:]}
    run = training(data=changed_extracts("profile.csv", lambda row: row if row[0] in latest else []))
    for part in run.evaluation["evaluations"]:
        assert part["lagged"]["lag_in_cohorts"] == 1
        assert part["lagged"]["lag_in_real_use"] > 1


def test_outcomes_of_two_definitions(
    training: Training,
    changed_extracts: Callable[[str, Callable[[list[str]], list[str]]], Path],
    borough_contract: Path,
    canaries: tuple[str, ...],
    tmp_path: Path,
) -> None:
    """Outcomes of two definitions refuse the run with their code before anything is learned, and nothing is left."""
    contract = tmp_path / "defined.toml"
    text = borough_contract.read_text(encoding="utf-8")
    text = text.replace('definition = "2021"', 'definition = "new"\ndefinition_column = "assessed_by"')
    goal = '{ name = "goal_2"'
    made_by = '{ name = "assessed_by", type = "code", codes = ["new", "1912"], roles = ["outcome"] }'
    contract.write_text(text.replace(goal, f"{made_by},\n    {goal}"), encoding="utf-8")
    folder = changed_extracts("profile.csv", lambda row: [*row, "1912" if row[0].endswith("7") else "new"])
    profile = (folder / "profile.csv").read_text(encoding="utf-8")
    head, _, rows = profile.partition("\n")
    (folder / "profile.csv").write_text(f"{head.rstrip()},assessed_by\n{rows}", encoding="utf-8")
    with pytest.raises(DataError, match="outcome_definition_mixed") as refused:
        training(contract=contract, data=folder)
    assert [problem.place for problem in refused.value.problems] == ['outcome "not_gld"']
    assert [text for text in (*canaries, "1912") if text in str(refused.value)] == []
    assert _left(tmp_path / "out") == []


def test_a_folder_that_cannot_be(training: Training, tmp_path: Path) -> None:
    """A place where no folder can be made is refused with what to do, and is left as it was."""
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    with pytest.raises(BadInput, match="choose another folder"):
        training(out=taken / "releases")
    assert taken.read_text(encoding="utf-8") == "a file"


def test_a_plan_that_is_not_there(training: Training, tmp_path: Path) -> None:
    """A plan that was named and is not there is refused: the default plan is never used in its place."""
    with pytest.raises(PlanError, match="there is no such plan file"):
        training(plan=tmp_path / "absent.toml")
    assert _left(tmp_path / "out") == []
