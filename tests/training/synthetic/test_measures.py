"""Figures as measured, beside the same figures counted by other means."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from training.synthetic.measured_tables import open_extracts
from training.synthetic.measures import Mean, OddsRatio, Reached, Share, measure, measures

Read = Callable[[str], pd.DataFrame]
TODAY = pd.Timestamp("2026-09-01")
CUTS = {
    "24": {"comm": 25.17, "gm": 38.07, "fm": 35.16, "ps": 29.78, "psoc": 31.54},
    "27": {"comm": 24.02, "gm": 28.01, "fm": 18.42, "ps": 27.62, "psoc": 25.31},
    "30": {"comm": 33.30, "gm": 36.14, "fm": 19.25, "ps": 27.08, "psoc": 32.01},
}


def _days(count: int) -> pd.Timedelta:
    return pd.Timedelta(days=count)


@pytest.fixture(scope="module")
def profiles(read: Read) -> pd.DataFrame:
    """Profiles with every goal judged, by key, with the register's columns."""
    profiles = read("eyfsp").set_index("pseudonym")
    goals = profiles.filter(like="fsp_")
    profiles = profiles[(goals != "A").all(axis=1)].assign(goals=(goals == "2").sum(axis=1))
    core = [name for name in goals if name[4:7] in {"com", "pse", "phy", "lit", "mat"}]
    profiles["gld"] = (profiles[core] == "2").all(axis=1)
    return profiles.join(read("register").set_index("pseudonym"))


@pytest.fixture(scope="module")
def people(read: Read) -> pd.DataFrame:
    """Everyone registered, by key, with the days of birth, arrival and leaving."""
    addresses = read("addresses")
    addresses["moved_out"] = addresses["moved_out"].fillna("2250-01-01")
    stay = addresses.groupby("pseudonym").agg(arrived=("moved_in", "min"), gone=("moved_out", "max"))
    people = read("register").set_index("pseudonym").join(stay)
    for name, column in (("born", "person_birth_date"), ("arrived", "arrived"), ("gone", "gone")):
        people[name] = pd.to_datetime(people[column])
    return people


def _measured(con: duckdb.DuckDBPyConnection, name: str) -> Reached:
    found = measure(con, measures()[name])
    assert found is not None
    return found


@pytest.mark.parametrize(("name", "sex"), [("gld", None), ("gld_boys", "M"), ("gld_girls", "F")])
def test_shares(measured: duckdb.DuckDBPyConnection, profiles: pd.DataFrame, name: str, sex: str | None) -> None:
    """A share is the per cent of those it is of; its spread that of a sample, a little wider for families."""
    group = profiles if sex is None else profiles[profiles["sex"] == sex]
    reached, share = _measured(measured, name), group["gld"].mean()
    assert reached.children == len(group)
    assert reached.value == pytest.approx(100 * share)
    assert reached.spread == pytest.approx(115 * (share * (1 - share) / len(group)) ** 0.5)


def test_means(measured: duckdb.DuckDBPyConnection, profiles: pd.DataFrame, read: Read) -> None:
    """A mean is over those it is of: goals of all and of those without a good level, absence in the census."""
    missed = profiles.join(read("reception").set_index("pseudonym")["sessions_missed_percent"].astype(float))
    for name, values in {
        "mean_goals": profiles["goals"],
        "mean_goals_not_gld": profiles["goals"][~profiles["gld"]],
        "absence_reception": missed["sessions_missed_percent"].dropna(),
    }.items():
        reached = _measured(measured, name)
        assert reached.value == pytest.approx(values.mean())
        assert reached.spread == pytest.approx(1.15 * values.std() / len(values) ** 0.5)
        assert reached.children == len(values)


def _at_two(people: pd.DataFrame, read: Read) -> pd.DataFrame:
    born = people["born"]
    here = people[
        (people["arrived"] <= born + _days(730)) & (people["gone"] > born + _days(1096)) & (born + _days(1220) <= TODAY)
    ].copy()
    visits = read("health_visits")
    here["reviewed"] = here.index.isin(visits.loc[visits["contact"] == "two_year", "pseudonym"])
    addresses = read("addresses").set_index("pseudonym").join(here["born"], how="inner")
    addresses = addresses[pd.to_datetime(addresses["moved_in"]) <= addresses["born"] + _days(730)]
    latest = addresses.sort_values("moved_in").groupby(level=0)["idaci_decile"].last()
    return here.join(latest)


def test_a_gap(measured: duckdb.DuckDBPyConnection, people: pd.DataFrame, read: Read) -> None:
    """The gap in reviews is the least deprived tenth's share less the most deprived's, the disrupted cohort apart."""
    here = _at_two(people, read)
    usual = (here["born"] < "2019-09-01") | (here["born"] >= "2020-09-01")
    share = here[usual].groupby("idaci_decile")["reviewed"].agg(["mean", "size"])
    reached = _measured(measured, "review_gap_deprived")
    assert reached.value == pytest.approx(100 * (share.loc["10", "mean"] - share.loc["1", "mean"]))
    assert reached.children == min(share.loc["10", "size"], share.loc["1", "size"])
    assert _measured(measured, "review_2_years_born_2019_20").value == pytest.approx(
        100 * here[~usual]["reviewed"].mean()
    )


def test_an_odds_ratio(measured: duckdb.DuckDBPyConnection, profiles: pd.DataFrame, read: Read) -> None:
    """The odds ratio is that of missing a good level, by a domain below its cut-off, of those with both known."""
    reviews = read("reviews").set_index("pseudonym")
    totals = reviews[[f"asq_{domain}" for domain in CUTS["24"]]].astype(int)
    full = (totals != 999).all(axis=1)
    cuts = reviews["asq_interval"].map(lambda interval: list(CUTS[interval].values())).tolist()
    below = pd.Series((totals.to_numpy() < np.array(cuts)).any(axis=1), index=reviews.index)[full]
    both = profiles.join(below.rename("below"), how="inner")
    cells = pd.crosstab(both["below"], both["gld"]).to_numpy().astype(float)
    ratio = cells[1, 0] * cells[0, 1] / (cells[1, 1] * cells[0, 0])
    reached = _measured(measured, "asq_odds_ratio")
    assert reached.value == pytest.approx(ratio)
    assert reached.spread == pytest.approx(1.15 * ratio * (1 / cells).sum() ** 0.5)
    assert reached.children == len(both)
    assert _measured(measured, "asq_all").value == pytest.approx(100 * (1 - below.mean()))


def test_per_ten_thousand(measured: duckdb.DuckDBPyConnection, people: pd.DataFrame, read: Read) -> None:
    """Children looked after, at any time under one and from one to four, are those days of all their days."""
    born = people["born"]
    here = people[(people["arrived"] == born) & (people["gone"] > born + _days(1826)) & (born + _days(1886) <= TODAY)]
    spells = read("looked_after").set_index("pseudonym").join(here["born"], how="inner")
    since = (pd.to_datetime(spells["decom"]) - spells["born"]).dt.days
    until = (pd.to_datetime(spells["dec"]).fillna(TODAY) - spells["born"]).dt.days
    for name, low, high in (("cla_under_1_per_10k", 0, 365), ("cla_1_to_4_per_10k", 365, 1826)):
        held = (until.clip(upper=high) - since.clip(lower=low)).clip(lower=0).sum()
        reached = _measured(measured, name)
        assert reached.value == pytest.approx(10_000 * held / (high - low) / len(here))
        assert reached.children == len(here)


def test_births(measured: duckdb.DuckDBPyConnection, people: pd.DataFrame, read: Read) -> None:
    """Births are counted of children born here who stayed two months, those of unknown weeks left out."""
    births = read("births").set_index("pseudonym").join(people, how="inner")
    births = births[(births["gone"] > births["born"] + _days(60)) & (births["born"] + _days(150) <= TODAY)]
    weeks = births["gestationlengthbirth"].astype(int)
    assert _measured(measured, "preterm").value == pytest.approx(100 * (weeks[weeks != 99] < 37).mean())
    assert _measured(measured, "maternal_age").value == pytest.approx(births["maternal_age"].astype(int).mean())


def test_nobody_to_measure_by(measured: duckdb.DuckDBPyConnection) -> None:
    """A figure of nobody is none, and not a 0; an odds ratio with an empty cell is none too."""
    assert measure(measured, Share("people", "true", "false")) is None
    assert measure(measured, Mean("at_school", "goals", "false")) is None
    assert measure(measured, OddsRatio("at_school", "gld", "true", "true")) is None


def test_a_share_of_none_has_a_spread(measured: duckdb.DuckDBPyConnection) -> None:
    """A share of none, or of all, has the spread of one child more, so that chance is never taken for certainty."""
    for holds in ("false", "true"):
        reached = measure(measured, Share("at_school", holds))
        assert reached is not None
        assert reached.spread > 0


@pytest.mark.parametrize("name", measures())
def test_everything_can_be_measured(measured: duckdb.DuckDBPyConnection, name: str) -> None:
    """Every figure of an England of ten cohorts is a number that rests on children."""
    reached = _measured(measured, name)
    assert reached.children > 0
    assert reached.spread >= 0
    assert np.isfinite(reached.value)


def test_a_place_with_a_quote(invented: Path, tmp_path: Path) -> None:
    """The folder may have a quotation mark in its name."""
    place = tmp_path / "it's here"
    place.symlink_to(invented)
    with open_extracts(place) as con:
        assert con.execute("SELECT count(*) > 0 FROM people").fetchall() == [(True,)]
