"""How well an invented authority's outcome can be foreseen, by held-out children: the published figures that are AUCs."""

import math
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.contract import Contract
from models.contract_reading import parse_contract
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.synthetic.measures import Reached

Floats = NDArray[np.float64]
ENGLAND = files("models") / "contracts" / "england.toml"
# Whoever asks the contract's own features asks them of about this many children; more would only take longer.
_MOST_CHILDREN = 60_000
LANDMARK, _OUTCOME = "two_year", "not_gld"
# What an audit may know at the two-year review; needs and meals of the Reception census come later.
_AUDITED_BY_THEN = ("sex", "ethnicity", "language")
_TOP = 0.1

_DEMOGRAPHICS = """
    CAST(sex = 'M' AS DOUBLE), CAST(CAST(month_in_year AS INTEGER) AS DOUBLE), CAST(fsm = 'Y' AS DOUBLE),
    CAST(coalesce(language = 'OTH', false) AS DOUBLE), CAST(in_need AS DOUBLE), CAST(decile AS DOUBLE),
    CAST(coalesce(weeks BETWEEN 32 AND 36, false) AS DOUBLE), CAST(coalesce(weeks < 32, false) AS DOUBLE)"""
_COLUMNS = {
    "auc_sex_fsm": "CAST(sex = 'M' AS DOUBLE), CAST(fsm = 'Y' AS DOUBLE)",
    "auc_idaci": "CAST(decile AS DOUBLE)",
    "auc_demographics": _DEMOGRAPHICS,
    "auc_demographics_asq": f"{_DEMOGRAPHICS}, CAST(NOT expected AS DOUBLE), CAST(expected IS NULL AS DOUBLE)",
}


@dataclass(frozen=True, slots=True)
class _HeldOut:
    chance: Floats
    outcome: Floats


def foresight(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Reached]:
    """Return every AUC, and the figures of a list of a tenth, learned on half the families and taken on the other."""
    found: dict[str, Reached] = {}
    for name, columns in _COLUMNS.items():
        held_out = _halves(*_table(con, columns))
        found[name] = _auc(held_out)
    found |= _top(held_out)
    with tempfile.TemporaryDirectory() as aside:
        cohort = _cohort(con, folder, Path(aside))
    found["auc_two_year"] = _by_contract(cohort, ())
    found["auc_two_year_with_audit"] = _by_contract(cohort, _AUDITED_BY_THEN)
    found["auc_truth"] = _auc(_truth(con, folder))
    return found


def _table(con: duckdb.DuckDBPyConnection, columns: str) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    rows = con.execute(f"""
        SELECT {columns}, CAST(NOT gld AS DOUBLE), CAST(hash(household) % 2 AS DOUBLE) FROM at_school
        LEFT JOIN (SELECT pseudonym, CAST(gestationlengthbirth AS INTEGER) AS weeks FROM births
            WHERE gestationlengthbirth <> '99') AS b USING (pseudonym)
        LEFT JOIN (SELECT pseudonym, expected FROM asq) AS a USING (pseudonym)
        ORDER BY pseudonym""").fetchnumpy()
    table = np.column_stack([np.ma.filled(column.astype(np.float64), np.nan) for column in rows.values()])
    return table[:, :-2], table[:, -2], table[:, -1] == 0


def _halves(x: Floats, y: Floats, first: NDArray[np.bool_]) -> _HeldOut:
    model = make_pipeline(
        SimpleImputer(add_indicator=True, keep_empty_features=True), StandardScaler(), LogisticRegression(max_iter=500)
    )
    model.fit(x[first], y[first])
    return _HeldOut(model.predict_proba(x[~first])[:, 1], y[~first])


def _auc(held_out: _HeldOut) -> Reached:
    """Return the AUC with its standard error (Hanley and McNeil 1982)."""
    auc = float(roc_auc_score(held_out.outcome, held_out.chance))
    events = float(held_out.outcome.sum())
    others = len(held_out.outcome) - events
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (events - 1) * (q1 - auc**2) + (others - 1) * (q2 - auc**2)
    return Reached(auc, math.sqrt(variance / (events * others)), len(held_out.outcome))


def _top(held_out: _HeldOut) -> dict[str, Reached]:
    count = len(held_out.outcome)
    listed = np.argsort(-held_out.chance, kind="stable")[: round(_TOP * count)]
    hits, rate = held_out.outcome[listed].mean(), held_out.outcome.mean()
    spread = math.sqrt(hits * (1 - hits) / len(listed))
    return {
        "top10_ppv": Reached(float(hits), spread, count),
        "top10_lift": Reached(float(hits / rate), spread / rate, count),
        "top10_recall": Reached(float(hits * _TOP / rate), spread * _TOP / rate, count),
    }


def england() -> Contract:
    """Return the shipped contract for England."""
    return parse_contract(ENGLAND.read_text(encoding="utf-8"), ENGLAND.name)


def _cohort(con: duckdb.DuckDBPyConnection, folder: Path, aside: Path) -> CohortTable:
    """Return the two-year cohort of the shipped contract, of a share of the children where there are very many."""
    contract = england()
    found = con.execute("SELECT count(*) FROM people").fetchone()
    share = max(1, math.ceil((found[0] if found else 0) / _MOST_CHILDREN))
    if share > 1:
        for source in contract.sources:
            con.execute(
                f"COPY (SELECT * FROM {source.file.removesuffix('.csv')} WHERE hash(pseudonym) % {share} = 0) "
                f"TO '{aside / source.file}' (HEADER)"
            )
        folder = aside
    landmark = contract.landmark(LANDMARK)
    return assemble(ingest(contract, folder)[0], contract, landmark)


def _by_contract(cohort: CohortTable, audited: tuple[str, ...]) -> Reached:
    """Return the AUC of a regression on the contract's features, and on these audit attributes beside them."""
    y = cohort.outcomes[_OUTCOME]
    known = ~np.isnan(y)
    columns = [cohort.matrix.numbers]
    for name in audited:
        groups = cohort.groups[name]
        columns += [(groups == group)[:, None].astype(np.float64) for group in np.unique(groups)[1:]]
    first = np.array([int(family[-1], 16) % 2 == 0 for family in cohort.families[known].tolist()])
    return _auc(_halves(np.hstack(columns)[known], y[known], first))


def _truth(con: duckdb.DuckDBPyConnection, folder: Path) -> _HeldOut:
    path = str(folder / "truth" / "children.csv").replace("'", "''")
    rows = con.execute(f"""
        SELECT CAST(p_not_gld AS DOUBLE) AS chance, CAST(not_gld AS DOUBLE) AS outcome
        FROM read_csv('{path}', all_varchar = true) JOIN at_school USING (pseudonym)""").fetchnumpy()
    return _HeldOut(np.asarray(rows["chance"]), np.asarray(rows["outcome"]))
