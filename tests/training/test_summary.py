"""What a run came to, in lines a person can read: every word and number that is there, and where it comes from."""

import datetime
from collections import Counter
from typing import Any

from models.bands import AtCapacity, Band, Bands, Figure, Policy, Thresholds
from models.contract import Contract
from training.findings import Run
from training.ingest import SourceReport
from training.summary import band_lines, evaluation_lines, ingest_lines, short_lines


def test_rows_kept_and_set_aside() -> None:
    """Each extract has its counts, each reason its count and its first lines, and an ellipsis where there are more."""
    reports = [
        SourceReport("births", 12_345),
        SourceReport(
            "reviews",
            0,
            Counter({"known: off_step": 1, "a: out_of_range": 3}),
            [(2, "a: out_of_range"), (9, "known: off_step")],
        ),
    ]
    assert list(ingest_lines(reports)) == [
        "births: 12,345 rows kept, 0 set aside",
        "reviews: 0 rows kept, 4 set aside",
        "  3 × a: out_of_range (line 2, …)",
        "  1 × known: off_step (line 9)",
    ]


def test_several_lines() -> None:
    """Several lines of one reason are listed; a reason none of whose lines was kept has none."""
    report = SourceReport("hub", 1, Counter({"x": 2, "y": 30}), [(3, "x"), (5, "x")])
    assert list(ingest_lines([report])) == ["hub: 1 rows kept, 32 set aside", "  2 × x (lines 3, 5)", "  30 × y"]


def _interval(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.05, "high": value + 0.05}


def _candidate(auc: float) -> dict[str, Any]:
    at = {"capacity": 0.1, "recall": _interval(0.2), "ppv": _interval(0.6), "recall_ceiling": 0.315, "ppv_ceiling": 1.0}
    return {"auc": _interval(auc), "calibration_slope": _interval(1.0), "at_capacity": [at]}


def _evaluation(**more: Any) -> dict[str, Any]:
    part = {
        "landmark": "one_year",
        "outcome": "not_gld",
        "flow": {
            "on_record": 1600,
            "in_scope": 1491,
            "without_result": {"cohort_has_none": 100, "no_row": 30, "not_assessed": 7},
            "with_result": 1354,
        },
        "rules": [],
        "outcomes_never_observed": {"without_result": 0},
        "n": 1354,
        "events": 429,
        "prevalence": 0.3168,
        "candidates": {"logistic": _candidate(0.7), "glass box": _candidate(0.72), "full booster": _candidate(0.73)},
        "ships": "glass box",
        "ageing": None,
        "worth": {
            "capacity": 0.2,
            "what_ships": _interval(41.0),
            "by_chance": _interval(31.0),
            "rules": [],
            "best": {"rule": None, "label": "a list drawn by chance"},
            "gain": _interval(10.0),
            "six_variables": None,
            "net_benefit": [],
        },
        "signal": {"riley": {"enough": True}},
        "helped": {"interventions": []},
    }
    return {"evaluations": [part | more]}


def test_an_evaluation(borough: Contract) -> None:
    """Who was judged, how each candidate did with its intervals, which ships, and what no list of that size can pass."""
    assert list(evaluation_lines(borough, _evaluation())) == [
        "",
        "not_gld, seen from one year",
        (
            "  1,600 on record → 1,491 in scope here → 1,354 with a result (without: 100 of cohorts that have none, "
            "30 moved away or taught elsewhere, 7 not assessed)"
        ),
        "  judged on 1,354 children, of whom 429 had it (31.7%)",
        "  logistic      AUC 0.700 (0.650 to 0.750)  slope 1.000 (0.950 to 1.050)  10%: recall 0.20 PPV 0.60",
        "  glass box     AUC 0.720 (0.670 to 0.770)  slope 1.000 (0.950 to 1.050)  10%: recall 0.20 PPV 0.60  ← ships",
        "  full booster  AUC 0.730 (0.680 to 0.780)  slope 1.000 (0.950 to 1.050)  10%: recall 0.20 PPV 0.60",
        "  10% list: recall cannot exceed 0.32, PPV 1.00",
        (
            "  of 100 on a list of 20%, 41.0 have it; by the best of the others (a list drawn by chance), 31.0; "
            "more by 10.0 (9.9 to 10.1)"
        ),
        "  six variables alone say nothing",
        "  net benefit above everyone, nobody and every rule at no threshold",
    ]


def _bands(**owned: Any) -> Bands:
    capacities = (0.05, 0.10)
    bands = tuple(Band(code=f"band_{i}", label=f"Band {i}", offer="An offer") for i in range(3))
    policy = Policy(
        **{"team": "the team", "owner": None, "agreed": None, "children_a_month": None} | owned,
        capacities=capacities,
        bands=bands,
    )
    nobody, some = Figure(value=None, low=None, high=None), Figure(value=0.5, low=0.4, high=0.6)
    at = (
        AtCapacity(
            capacity=0.05, log_odds=None, flagged=0, left_out_tie=0.2, ppv=nobody, recall=nobody, recall_ceiling=0.16
        ),
        AtCapacity(
            capacity=0.1, log_odds=0.0, flagged=0.09, left_out_tie=0.02, ppv=some, recall=some, recall_ceiling=0.32
        ),
    )
    one = Thresholds(landmark="one_year", outcome="not_gld", at=at, changes_on_refit=(None, 0.4, 0.056))
    return Bands(policy=policy, thresholds=(one,))


def test_bands(borough: Contract) -> None:
    """Whose bands they are, and each list: its threshold, what it finds with intervals, its ceiling, ties, and refits."""
    evaluation = _evaluation(interval={"mean_width": 0.0949, "widest": 0.2})
    assert list(band_lines(borough, _bands(), evaluation)) == [
        "Bands for the team, who can see 10% of children; nobody has agreed to them yet",
        (
            "  not_gld, one year: 5%: nobody, so many score alike; "
            "10% from 0.50, PPV 0.50 (0.40 to 0.60), recall 0.50 (0.40 to 0.60), 2.0% tied below"
        ),
        (
            "    recall cannot exceed 0.16, 0.32; learned again, none, 40%, 6% of each band's children would be in another; "
            "interval 0.095 wide on average"
        ),
    ]


def test_bands_that_were_agreed(borough: Contract) -> None:
    """Who agreed to the bands, when, and how many children a month the team can see."""
    bands = _bands(owner="the head of early help", agreed=datetime.date(2026, 9, 1), children_a_month=1200)
    first, *_ = band_lines(borough, bands, _evaluation(interval={"mean_width": 0.1, "widest": 0.2}))
    assert first == (
        "Bands for the team, who can see 10% of children (1,200 children a month); "
        "agreed by the head of early help, 2026-09-01"
    )


def test_what_is_not_defined(borough: Contract) -> None:
    """A measure that is not defined, as the predictive value of a list of nobody, is shown as none."""
    evaluation = _evaluation()
    nobody = evaluation["evaluations"][0]["candidates"]["glass box"]["at_capacity"][0]
    nobody |= {"recall": _interval(0.0), "ppv": {"value": None, "low": None, "high": None}}
    shown = next(line for line in evaluation_lines(borough, evaluation) if line.startswith("  glass box"))
    assert shown.endswith("10%: recall 0.00 PPV none  ← ships")


def test_the_figure_to_quote(borough: Contract) -> None:
    """The lagged figure, where there is one, follows the shipped one, with its lag and the one in real use."""
    lagged = _evaluation()["evaluations"][0] | {"lag_in_cohorts": 4, "lag_in_real_use": 5}
    lines = list(evaluation_lines(borough, _evaluation(lagged=lagged)))
    assert lines[8] == "  the figure to quote: learned 4 cohorts before (real use: 5)"
    assert lines[9:13] == lines[4:8]


def test_the_split(borough: Contract) -> None:
    """With a calendar, the flow goes on to how many were learned on, calibrated on and judged."""
    flow = _evaluation()["evaluations"][0]["flow"] | {"learned_on": 1000, "calibrated_on": 177, "tested_on": 177}
    lines = list(evaluation_lines(borough, _evaluation(flow=flow)))
    assert lines[3] == "  → learned on 1,000, calibrated on 177, judged on 177"


def test_rules(borough: Contract) -> None:
    """A declared rule is told beside what ships at the same length of list, and a rule that flags nobody as none."""
    ships = {"recall": 0.25, "ppv": 0.6}
    rules = [
        {"label": "below a cut-off", "flagged": 255, "recall": 0.2, "ppv": 0.5, "what_ships": ships},
        {"label": "nobody", "flagged": 0, "recall": 0.0, "ppv": None, "what_ships": {"recall": 0.0, "ppv": None}},
    ]
    assert list(evaluation_lines(borough, _evaluation(rules=rules)))[-2:] == [
        "  rule: below a cut-off: flags 255, recall 0.20 PPV 0.50; what ships, as many: recall 0.25 PPV 0.60",
        "  rule: nobody: flags 0, recall 0.00 PPV none; what ships, as many: recall 0.00 PPV none",
    ]


def test_what_would_tell_of_few(borough: Contract) -> None:
    """A rule or a list on which few children stand is said to have too few to tell, and not that it finds nothing."""
    hidden = {"recall": None, "ppv": None}
    rules = [
        {"label": "known to somebody", "flagged": None, **hidden, "what_ships": hidden},
        {"label": "below a cut-off", "flagged": 255, "recall": 0.2, "ppv": 0.5, "what_ships": hidden},
    ]
    assert list(evaluation_lines(borough, _evaluation(rules=rules)))[-2:] == [
        "  rule: known to somebody: flags too few to tell",
        "  rule: below a cut-off: flags 255, recall 0.20 PPV 0.50; what ships, as many: too few to tell",
    ]
    bands, nothing = _bands(), Figure(value=None, low=None, high=None)
    (one,) = bands.thresholds
    few = one.model_copy(update={"at": (one.at[0], one.at[1].model_copy(update={"ppv": nothing, "recall": nothing}))})
    evaluation = _evaluation(interval={"mean_width": 0.1, "widest": 0.2})
    _, first, _ = band_lines(borough, bands.model_copy(update={"thresholds": (few,)}), evaluation)
    assert first.endswith("10% from 0.50, too few on it to tell what it finds, 2.0% tied below")


def test_outcomes_never_observed(borough: Contract) -> None:
    """Observed over expected is told plain and weighted, with what the unobserved could change."""
    observed = {
        "without_result": 601,
        "observed_over_expected": _interval(1.0),
        "weighted_observed_over_expected": _interval(1.02),
        "observed_over_expected_if_unobserved_at_half_the_odds": 0.95,
        "observed_over_expected_if_unobserved_at_twice_the_odds": 1.09,
    }
    assert list(evaluation_lines(borough, _evaluation(outcomes_never_observed=observed)))[-1] == (
        "  observed / expected 1.000 (0.950 to 1.050), weighted for the 601 like them without a result "
        "1.020 (0.970 to 1.070); theirs at half and at twice the odds: 0.950 to 1.090"
    )


def test_in_short(borough: Contract) -> None:
    """In short, what ships has one line, with the figure to quote where there is one."""
    lagged = _evaluation()["evaluations"][0]
    assert list(short_lines(borough, _evaluation(lagged=lagged)))[1:] == [
        "  not_gld           one year            glass box  AUC 0.720, to quote: 0.720, slope 1.00 (1,354 children)"
    ]
    assert "to quote" not in list(short_lines(borough, _evaluation()))[1]


def test_a_real_run(borough_run: Run) -> None:
    """Every part of a real run's evaluation has its lines."""
    lines = list(evaluation_lines(borough_run.contract, borough_run.evaluation))
    assert sum(line.startswith("not_gld, seen from") for line in lines) == 2
    assert sum(line.endswith("← ships") for line in lines) == 2 * 2
