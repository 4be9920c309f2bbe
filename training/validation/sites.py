"""
What ships at places that it has not learned from: whole sites are held out in turn, learned of by the others alone.

Sites are many and small, so that they are held out in ten blocks. All children of a held-out site are judged, of every
cohort: it is the place that is new, not the time. Nobody of their families is learned from. Sites are told of by number, the
largest first, and never by their key; those of few children are told of together.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.contract import Contract
from models.feature import Pointer
from models.small_numbers import FEWEST, rounded
from training.judging import Fitted, HeldOut, NoSignal, Rows, fit, fit_alone
from training.learning import CandidateName
from training.matrix_file import areas_of
from training.plan import Plan
from training.resampled import resampled
from training.split import family_folds
from training.study import Study
from training.validation.between_sites import auc_between, ratio_between
from training.validation.told import Drawn, drawn, figures

Part = dict[str, Any]
Integers = NDArray[np.int64]
Scores = NDArray[np.float64]

BLOCKS, FEWEST_CHILDREN = 10, 100
# A column that says where fewer of the children are than this share says nothing of places.
_LEAST_SHARE = 0.5


def sites(
    con: duckdb.DuckDBPyConnection, contract: Contract, study: Study, ships: CandidateName, plan: Plan
) -> list[Part]:
    """Return what is found at sites held out, for each column that the contract calls a site and that most children have."""
    columns = [(s.name, c) for s in contract.sources for c in s.columns if "site" in c.roles]
    found = []
    for source, column in columns:
        areas = areas_of(con, Pointer(source=source, column=column.name), study.cohort.matrix)
        keys = np.array([areas[child] or "" for child in study.known.tolist()], dtype=np.str_)
        if len(np.unique(keys[keys != ""])) > 1 and (keys != "").mean() >= _LEAST_SHARE:
            told = _of_column(keys, study, ships, plan)
            found.append({"source": source, "column": column.name, "label": column.label or column.name, **told})
    return found


def sites_lines(part: Mapping[str, Any]) -> Iterator[str]:
    """Say in two lines a column how far what ships differs between places it has not learned from."""
    for found in part["full"]["sites"]:
        at = f"  at places it has not learned from ({found['source']}, {found['column']})"
        if found["figures"] is None:
            yield f"{at}: nothing could be learned of the others"
            continue
        auc, ratio = (found["figures"][name]["value"] for name in ("auc", "observed_over_expected"))
        spread = found["spread"]["observed_over_expected"]
        yield f"{at}: AUC {auc:.3f}, observed for each foreseen {ratio:.2f}"
        yield (
            f"    the latter differs between {spread['sites']:,} places by {spread['value']:.2f} beyond chance "
            f"({spread['low']:.2f} to {spread['high']:.2f})"
        )


def _of_column(keys: NDArray[np.str_], study: Study, ships: CandidateName, plan: Plan) -> Part:
    placed = np.flatnonzero(keys != "")
    count = len(np.unique(keys[placed]))
    begun: Part = {"sites": count, "without_a_site": rounded(len(keys) - len(placed))}
    blocks = np.full(len(keys), -1)
    blocks[placed] = family_folds(keys[placed], min(BLOCKS, count), plan.seed)
    try:
        log_odds = _held_out(blocks, study, ships, plan)[placed]
    except NoSignal:
        return begun | {"figures": None, "spread": None, "each": None, "others": None}
    large, small = _by_size(keys[placed], study.rows.y[placed])
    each = [_drawn(placed[rows], log_odds[rows], study, plan) for rows in large]
    return begun | {
        "figures": figures(_drawn(placed, log_odds, study, plan)),
        "spread": {
            "auc": auc_between([one["auc"] for one in each]),
            "observed_over_expected": _ratio_between(keys[placed], study.rows.take(placed), log_odds, plan),
        },
        "each": [_told(number, rows, one) for number, (rows, one) in enumerate(zip(large, each, strict=True), 1)],
        "others": _others(placed, log_odds, small, study, plan),
    }


def _ratio_between(keys: NDArray[np.str_], rows: Rows, log_odds: Scores, plan: Plan) -> Part:
    _, site = np.unique(keys, return_inverse=True)
    return ratio_between(site, rows.families, rows.weights * rows.y, rows.weights * expit(log_odds), plan.seed)


def _held_out(blocks: Integers, study: Study, ships: CandidateName, plan: Plan) -> Scores:
    """Return the log-odds (n,) of each block's children by what the others teach; NaN of those in none (-1)."""
    log_odds = np.full(len(blocks), np.nan)
    for block in range(int(blocks.max()) + 1):
        judged = blocks == block
        rest = ~np.isin(study.rows.families, study.rows.families[judged])
        log_odds[judged] = _elsewhere(rest, study, ships, plan).log_odds(study.rows.x[judged])
    return log_odds


def _elsewhere(rest: NDArray[np.bool_], study: Study, ships: CandidateName, plan: Plan) -> Fitted:
    """Learn by the study's own procedure from the children of the other sites."""
    if study.split is None:
        return fit_alone(ships, study.task, study.rows.take(np.flatnonzero(rest)), plan)
    learn, calibrate = (part[rest[part]] for part in (study.split.learn, study.split.calibrate))
    return fit(ships, study.task, study.rows.take(learn), study.rows.take(calibrate), plan)


def _by_size(keys: NDArray[np.str_], y: Scores) -> tuple[list[Integers], list[Integers]]:
    """Return the rows of each site that may be told of alone, the largest first, and of each of the others."""
    _, site, n = np.unique(keys, return_inverse=True, return_counts=True)
    events = np.bincount(site, y)
    enough = (n >= FEWEST_CHILDREN) & (np.minimum(events, n - events) >= FEWEST)
    order = np.argsort(-n, kind="stable")
    by_site = [np.flatnonzero(site == one) for one in order]
    large = enough[order]
    return (
        [rows for rows, alone in zip(by_site, large, strict=True) if alone],
        [rows for rows, alone in zip(by_site, large, strict=True) if not alone],
    )


def _drawn(rows: Integers, log_odds: Scores, study: Study, plan: Plan) -> Drawn:
    scores = log_odds[None, :]
    return drawn(scores, resampled(study.rows, HeldOut(rows, scores, np.zeros(scores.shape, np.int64)), plan))


def _told(number: int, rows: Integers, found: Drawn) -> Part:
    return {"site": f"site {number}", "n": rounded(len(rows)), "figures": figures(found)}


def _others(placed: Integers, log_odds: Scores, small: list[Integers], study: Study, plan: Plan) -> Part | None:
    """Return the figures of the small sites together; None of them where there are too few children even so."""
    if not small:
        return None
    rows = np.concatenate(small)
    y = study.rows.y[placed[rows]]
    enough = len(y) >= FEWEST_CHILDREN and min(y.sum(), len(y) - y.sum()) >= FEWEST
    found = figures(_drawn(placed[rows], log_odds[rows], study, plan)) if enough else None
    return {"sites": len(small), "n": rounded(len(y)), "figures": found}
