"""Those helped and those not, judged apart: what is said of each, by whom calibration is judged, and what is hidden."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from models.contract import Contract
from models.intervention import Handling, Intervention
from models.terms import Calibration, EstimatorSpec, Input, LinearTerm
from training.cohort import CohortTable
from training.gates.calibration import calibration_gate
from training.judging import CalibratedOn, HeldOut, Judged
from training.plan import Plan
from training.snapshots import Matrix
from training.split import TimeSplit
from training.study import Study, study_of
from training.validation.helped import (
    AS_FORESEEN,
    HIGHER,
    LEFT_OUT,
    LOWER,
    NOT_ENOUGH,
    helped,
    helped_lines,
    those_scored,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
PLAN = Plan(bootstrap=200, cohorts=(2018, 2019))
COUNT = 6000
LATEST = np.arange(COUNT) % 2 == 1


@pytest.fixture(scope="module")
def x() -> Floats:
    """What is on record of each child: the log-odds of the outcome without help."""
    return np.random.default_rng(5).normal(-0.8, 1.0, COUNT)


def _had(share: float, seed: int = 6) -> Flags:
    return np.random.default_rng(seed).random(COUNT) < share


def _study(
    borough: Contract, x: Floats, effects: dict[str, tuple[Handling, Flags, float]], without_result: Flags | None = None
) -> tuple[Contract, Study, Judged]:
    """
    Return a study whose score is right of everyone without help; each help adds its effect to the log-odds.

    Children of the latest cohort are judged, but for a third of them, by whom the score was calibrated. Every fifth
    child has a brother or sister, the next but one.
    """
    declared = tuple(
        Intervention(name=name, label=f"Help {name}", source="hub", handling=handling, reason="Invented.")
        for name, (handling, _, _) in effects.items()
    )
    contract = borough.model_copy(update={"interventions": declared})
    moved = x + np.sum([np.zeros(COUNT), *(effect * had for _, had, effect in effects.values())], axis=0)
    y = (np.random.default_rng(7).random(COUNT) < expit(moved)).astype(np.float64)
    y[without_result if without_result is not None else []] = np.nan
    number = np.arange(COUNT)
    families = np.array([f"k{n - 2 if n % 10 == 3 else n:05d}" for n in number])
    landmark, outcome = contract.landmarks[0], contract.outcomes[0]
    matrix = Matrix(landmark, np.array([f"c{n:05d}" for n in number]), ("decile",), x[:, None])
    had = {name: {outcome.name: of} for name, (_, of, _) in effects.items()}
    cohort = CohortTable(matrix, {outcome.name: y}, families, 2018 + LATEST, {}, np.ones(COUNT), had)
    study = study_of(contract, landmark, outcome, cohort, PLAN)
    assert study.split is not None
    return contract, study, _judged(study, study.split)


def _judged(study: Study, split: TimeSplit) -> Judged:
    seen = Input(feature="decile", low=-9, high=9, typical=0, n_known=COUNT, n_not_known=0)
    term = LinearTerm(feature="decile", coefficient=1.0, centre=0.0, low=-9, high=9, not_known=0.0)
    names = {"landmark": study.landmark.name, "outcome": study.outcome.name}
    spec = EstimatorSpec(**names, kind="logistic", intercept=0.0, inputs=(seen,), terms=(term,))
    calibration = Calibration(**names, intercept=0.0, slope=1.0, n=COUNT, events=100)
    log_odds = study.rows.x[split.test, 0][None, :]
    held_out = HeldOut(split.test, log_odds, np.zeros(log_odds.shape, dtype=np.int64))
    return Judged(spec, calibration, held_out, CalibratedOn(split.calibrate, study.rows.x[split.calibrate, 0]))


def _told(study: tuple[Contract, Study, Judged], plan: Plan = PLAN) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    found = helped(*study, plan)
    assert set(found) == {"interventions", "not_helped"}
    return found["interventions"], found["not_helped"]


@pytest.mark.parametrize("handling", ["report", "stratum"])
@pytest.mark.parametrize(("effect", "phrase"), [(-1.0, LOWER), (1.0, HIGHER), (0.0, AS_FORESEEN)])
def test_what_is_said(borough: Contract, x: Floats, handling: Handling, effect: float, phrase: str) -> None:
    """Fewer than foreseen among those helped, or more, is said in those words; the others are calibrated all the same."""
    (told,), others = _told(_study(borough, x, {"a": (handling, _had(0.3), effect)}))
    assert told["phrase"] == phrase
    for group in (others, told["not_helped"]):
        assert group["observed_over_expected"]["low"] < 1 < group["observed_over_expected"]["high"]
        assert group["calibration_slope"]["low"] < 1 < group["calibration_slope"]["high"]
    assert 0.6 < told["helped"]["auc"]["value"] < 0.9


@pytest.mark.parametrize(("share", "effect"), [(0.01, -2.0), (0.04, 0.0)])
def test_too_few_to_tell(borough: Contract, x: Floats, share: float, effect: float) -> None:
    """Of few children neither an effect nor none is told: an interval that holds 1 is no proof of it."""
    (told,), _ = _told(_study(borough, x, {"a": ("report", _had(share), effect)}))
    assert told["phrase"] == NOT_ENOUGH


def test_the_others_decide(borough: Contract, x: Floats) -> None:
    """Help that changed the outcome of two in five would look like a broken score; the gate says that it is none."""
    contract, study, judged = _study(borough, x, {"a": ("report", _had(0.4), -1.5)})
    everyone, y = expit(judged.held_out.log_odds[0]), study.rows.y[judged.held_out.rows]
    wrong = {"value": float(y.sum() / everyone.sum()), "low": None, "high": None}
    assert wrong["value"] is not None
    assert wrong["value"] < PLAN.gates.observed_over_expected[0]
    part = {
        "landmark": study.landmark.name,
        "outcome": study.outcome.name,
        "ships": "logistic",
        "candidates": {"logistic": {"calibration_slope": wrong}},
        "outcomes_never_observed": {"observed_over_expected": wrong},
    }
    gates = calibration_gate(part | {"helped": helped(contract, study, judged, PLAN)}, PLAN)
    assert [gate.verdict for gate in gates] == ["passed", "passed"]
    undeclared: dict[str, Any] = {"interventions": [], "not_helped": {}}
    assert calibration_gate(part | {"helped": undeclared}, PLAN)[1].verdict == "blocked"


def test_who_is_scored(borough: Contract, x: Floats) -> None:
    """
    Those set apart are of the judged cohort, have a result, had no help that leaves them out, and no family in calibration.

    Each is scored once, with those judged, by the very estimator and calibration that ship.
    """
    had, other, none = _had(0.3), _had(0.2, seed=8), _had(0.1, seed=9)
    contract, study, judged = _study(borough, x, {"a": ("stratum", had, 0.0), "b": ("exclusion", other, 0.0)}, none)
    scored = those_scored(contract, study, judged, PLAN)
    assert len(np.unique(scored.rows)) == len(scored.rows)
    assert scored.rows[~scored.apart].tolist() == study.known[judged.held_out.rows].tolist()
    assert study.split is not None
    calibrated = study.cohort.families[study.known[study.split.calibrate]]
    may = had & ~other & ~none & LATEST
    kin = np.isin(study.cohort.families, calibrated)
    assert scored.rows[scored.apart].tolist() == np.flatnonzero(may & ~kin).tolist()
    assert (may & kin).any()
    assert scored.log_odds[0].tolist() == x[scored.rows].tolist()


def test_several_repeats(borough: Contract, x: Floats) -> None:
    """Without a calendar those judged were scored in several repeats, and those set apart stand beside each of them."""
    contract, study, _ = _study(borough, x, {"a": ("stratum", _had(0.3), -1.0)})
    cohort = study.cohort
    unsplit = Study(study.landmark, study.outcome, cohort, study.known, study.rows, study.task, None, None)
    rows = np.arange(len(study.known))
    raw = np.stack([study.rows.x[:, 0], study.rows.x[:, 0] + 0.1])
    held_out = HeldOut(rows, raw, np.zeros(raw.shape, dtype=np.int64))
    spec = _judged(study, study.split).spec if study.split is not None else None
    calibration = Calibration(landmark="one_year", outcome="not_gld", intercept=0, slope=1, n=9, events=5)
    judged = Judged(spec, calibration, held_out, CalibratedOn(rows, raw))
    scored = those_scored(contract, unsplit, judged, PLAN)
    apart = scored.rows[scored.apart]
    assert scored.log_odds[:, scored.apart].tolist() == [x[apart].tolist()] * 2
    # Every child of a family that was learned from is left out, of whichever cohort.
    assert not np.isin(cohort.families[apart], cohort.families[study.known]).any()
    (told,), others = _told((contract, unsplit, judged))
    assert told["phrase"] == LOWER
    assert others["n"] == len(study.known)


def test_one_cohort_judged_by_folds(borough: Contract, x: Floats) -> None:
    """Where one cohort alone is judged, by folds, nobody of another is set beside it, though their results are known."""
    had = _had(0.3)
    contract, study, judged = _study(borough, x, {"a": ("stratum", had, -1.0)})
    assert study.years is not None
    latest = np.flatnonzero(study.years == 2019)
    rows, known = study.rows.take(latest), study.known[latest]
    alone = Study(study.landmark, study.outcome, study.cohort, known, rows, study.task, study.years[latest], None)
    every = np.arange(len(known))
    held_out = HeldOut(every, rows.x[:, 0][None, :], np.zeros((1, len(known)), dtype=np.int64))
    by_folds = Judged(judged.spec, judged.calibration, held_out, CalibratedOn(every, rows.x[:, 0]))
    scored = those_scored(contract, alone, by_folds, PLAN)
    kin = np.isin(study.cohort.families, rows.families)
    assert scored.rows[scored.apart].tolist() == np.flatnonzero(had & LATEST & ~kin).tolist()
    assert (had & ~LATEST & ~kin).any()


def test_exclusion(borough: Contract, x: Floats) -> None:
    """Those left out are counted, those with a result and of the cohorts asked for, and nothing else is said of them."""
    had, none = _had(0.3), _had(0.1, seed=9)
    (told,), others = _told(_study(borough, x, {"a": ("exclusion", had, -1.0)}, none))
    assert told == {
        "name": "a",
        "label": "Help a",
        "handling": "exclusion",
        "left_out": int((had & ~none).sum()),
        "phrase": LEFT_OUT,
    }
    assert others["observed_over_expected"]["low"] < 1 < others["observed_over_expected"]["high"]


def test_cohorts_not_asked_for(borough: Contract, x: Floats) -> None:
    """Of cohorts that the plan leaves out nobody is counted as left out for help."""
    had = _had(0.3)
    study = _study(borough, x, {"a": ("exclusion", had, 0.0)})
    (told,), _ = _told(study, PLAN.model_copy(update={"cohorts": (2019,)}))
    assert told["left_out"] == int((had & LATEST).sum())


def test_none_declared(borough: Contract, x: Floats) -> None:
    """Where no help is declared everyone is among those not helped, counted in full."""
    contract, study, judged = _study(borough, x, {})
    told, others = _told((contract, study, judged))
    assert told == []
    assert others["n"] == len(judged.held_out.rows)
    assert others["events"] == int(study.rows.y[judged.held_out.rows].sum())


def test_several_kinds(borough: Contract, x: Floats) -> None:
    """By each help are told all who had it, others besides or not; not helped are those who had none at all."""
    first, second = _had(0.3), _had(0.3, seed=8)
    contract, study, judged = _study(borough, x, {"a": ("report", first, -1.0), "b": ("report", second, -1.0)})
    told, others = _told((contract, study, judged))
    who = study.known[judged.held_out.rows]
    assert [each["helped"]["n"] for each in told] == [int(had[who].sum()) for had in (first, second)]
    assert others["n"] == int((~first & ~second)[who].sum())
    assert told[0]["not_helped"]["n"] == int((~first)[who].sum())
    assert told[0]["not_helped"]["observed_over_expected"]["high"] < others["observed_over_expected"]["value"]


@pytest.mark.parametrize("handling", ["report", "stratum", "exclusion"])
def test_small_counts_are_not_written(borough: Contract, x: Floats, handling: Handling) -> None:
    """Neither a small count of children nor what would give it back by subtraction is told, nor any figure of so few."""
    few = np.zeros(COUNT, dtype=np.bool_)
    few[np.flatnonzero(LATEST)[:24:4]] = True
    study = _study(borough, x, {"a": (handling, few, 0.0)})
    (told,), others = _told(study)
    none = {"value": None, "low": None, "high": None}
    if handling == "exclusion":
        assert told["left_out"] is None
        return
    assert told["phrase"] == NOT_ENOUGH
    assert told["helped"] == {"n": None, "events": None} | dict.fromkeys(
        ("observed_over_expected", "calibration_slope", "auc"), none
    )
    assert others["observed_over_expected"]["value"] is not None
    if handling == "report":
        assert (others["n"], others["events"], told["not_helped"]["n"], told["not_helped"]["events"]) == (None,) * 4
    else:
        assert (told["left_out"], others["n"]) == (None, len(study[2].held_out.rows))


def test_small_counts_of_events(borough: Contract, x: Floats) -> None:
    """Where enough were helped but few of them had the outcome, how many is told of neither part."""
    (told,), others = _told(_study(borough, x, {"a": ("report", _had(0.02), -9.0)}))
    assert told["helped"]["n"] + told["not_helped"]["n"] > 900
    assert told["helped"]["events"] is told["not_helped"]["events"] is others["events"] is None


def test_sampling_weights(borough: Contract, x: Floats) -> None:
    """Children count as they are weighted: where those who were sampled too seldom fared otherwise, the figure says so."""
    had = _had(0.4)
    contract, study, judged = _study(borough, x, {"a": ("report", had, -1.0)})
    y = study.cohort.outcomes[study.outcome.name]
    heavy = np.where(y == 1, 3.0, 1.0)
    cohort = CohortTable(
        study.cohort.matrix,
        study.cohort.outcomes,
        study.cohort.families,
        study.cohort.years,
        {},
        heavy,
        study.cohort.helped,
    )
    weighted = Study(
        study.landmark, study.outcome, cohort, study.known, study.rows, study.task, study.years, study.split
    )
    (plain,), _ = _told((contract, study, judged))
    (told,), _ = _told((contract, weighted, judged))
    assert told["helped"]["observed_over_expected"]["value"] > 1.5 * plain["helped"]["observed_over_expected"]["value"]
    assert told["helped"]["n"] == plain["helped"]["n"]


def test_lines(borough: Contract, x: Floats) -> None:
    """A reader is told of each help in a sentence, with the figures and what they are of, and never of a broken score."""
    few = np.zeros(COUNT, dtype=np.bool_)
    few[:3] = True
    effects: dict[str, tuple[Handling, Flags, float]] = {
        "a": ("report", _had(0.3), -1.0),
        "b": ("stratum", _had(0.2, seed=8), -1.0),
        "c": ("exclusion", few, 0.0),
    }
    found = helped(*_study(borough, x, effects), PLAN)
    lines = list(helped_lines({"helped": found}))
    first = found["interventions"][0]["helped"]
    ratio = first["observed_over_expected"]
    assert lines[0].startswith(
        f"  Help a: lower than foreseen among those helped ({first['n']:,} children): observed / expected {ratio['value']:.2f} "
        f"({ratio['low']:.2f} to {ratio['high']:.2f}), of the others "
    )
    assert lines[1].startswith("  Help b: lower than foreseen among those helped (")
    assert lines[2].startswith("    the score says what is foreseen without it: 1,")
    assert lines[3] == "  Help c: fewer than 10 children who had it are neither learned from nor judged"
    assert len(lines) == 4
    assert "calibrated" not in " ".join(lines)
    assert list(helped_lines({"helped": {"interventions": [], "not_helped": {}}})) == []
