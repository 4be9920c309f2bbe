"""The truth, written apart: it reconciles with the extracts to the child."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from training.synthetic.agencies import EXTRACTS
from training.synthetic.batch import Batch
from training.synthetic.development import EFFECTS, LATENT_SPREAD
from training.synthetic.fitted import Fitted
from training.synthetic.help import PLACE_EFFECT, PROGRAMME_EFFECT
from training.synthetic.margins import inputs
from training.synthetic.profile import OUTCOMES
from training.synthetic.write import Asked

Read = Callable[[str], pd.DataFrame]
GOALS = 17


@pytest.fixture(scope="module")
def children(invented: Path) -> pd.DataFrame:
    """The truth about children, by key."""
    return pd.read_csv(invented / "truth" / "children.csv", index_col="pseudonym", dtype={"why_no_result": str})


@pytest.fixture(scope="module")
def profiles(read: Read) -> pd.DataFrame:
    """The profiles that schools returned, by key."""
    return read("eyfsp").set_index("pseudonym")


def test_everyone_is_there_once(children: pd.DataFrame, read: Read, asked: Asked) -> None:
    """The truth is of everyone who was invented: those born here, cohort by cohort, and those who moved in."""
    assert children.index.is_unique
    assert set(read("register")["pseudonym"]) <= set(children.index)
    born_here = children[children["born_here"] == 1]
    assert born_here.groupby("cohort").size().to_dict() == dict.fromkeys(asked.cohorts, asked.births)


def test_reasons_for_no_result(children: pd.DataFrame, profiles: pd.DataFrame) -> None:
    """Whoever has no reason has a profile with every goal judged, whoever was not assessed one with none, others none."""
    judged = (profiles.filter(like="fsp_") != "A").sum(axis=1)
    assert set(judged.unique()) == {0, GOALS}
    assert set(judged.index[judged == GOALS]) == set(children.index[children["why_no_result"].isna()])
    assert set(judged.index[judged == 0]) == set(children.index[children["why_no_result"] == "not_assessed"])


def test_each_reason_is_true(children: pd.DataFrame) -> None:
    """Each reason holds of the children it is given for, and every reason there is is given for some."""
    why, cohort = children["why_no_result"], children["cohort"]
    assessed = (cohort + 6).astype(str) + "-06-24"
    assert set(why.dropna()) == {
        *("not_yet", "died", "moved_out", "not_yet_here", "independent_school", "profile_cancelled", "not_assessed")
    }
    assert set(cohort[why == "not_yet"]) == {2021, 2022, 2023}
    assert set(cohort[why == "profile_cancelled"]) == {2014, 2015}
    assert set(cohort[why == "not_assessed"]) == set(cohort[why.isna()]) == set(range(2016, 2021))
    for reason, left in (("died", "died"), ("moved_out", "moved")):
        here = children[why == reason]
        assert set(here["why_left"]) == {left}
        assert (here["left_on"] <= assessed[here.index]).all()
    late = children[why == "not_yet_here"]
    assert (late["arrived_on"].fillna("9999") > assessed[late.index]).all()


def test_outcomes_are_those_of_the_profile(children: pd.DataFrame, profiles: pd.DataFrame) -> None:
    """Where there is a result, the outcomes are those of its goals."""
    judged = profiles[profiles["fsp_com_e01"] != "A"]
    missed = judged.filter(like="fsp_") == "1"
    areas = {
        "not_gld": ("com", "pse", "phy", "lit", "mat"),
        "not_communication": ("com",),
        "not_psed": ("pse",),
    }
    for outcome, parts in areas.items():
        columns = [name for name in missed.columns if name[4:7] in parts]
        assert (missed[columns].any(axis=1).astype(int) == children.loc[judged.index, outcome]).all()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_probability_is_certain(children: pd.DataFrame, outcome: str) -> None:
    """Every true probability, as written, lies between none and all."""
    assert children[f"p_{outcome}"].between(0, 1, inclusive="neither").all()
    assert children[f"p_{outcome}_without_help"].between(0, 1, inclusive="neither").all()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_probabilities(children: pd.DataFrame, outcome: str) -> None:
    """No true probability is above that without help, and together they sum to what happened."""
    chance = children[f"p_{outcome}"]
    assert (chance <= children[f"p_{outcome}_without_help"]).all()
    assert abs(chance.sum() - children[outcome].sum()) < 3.5 * np.sqrt((chance * (1 - chance)).sum())


def test_leaving(children: pd.DataFrame) -> None:
    """Whoever has left has a reason, and nobody leaves before arriving or after today."""
    left = children["left_on"].notna()
    assert (children["why_left"].notna() == left).all()
    assert (children["left_on"] > children["arrived_on"])[left].all()
    assert children["left_on"][left].max() <= "2026-09-01"


def test_effects(invented: Path, batch: Batch, fitted: Fitted) -> None:
    """Every solved input and every effect set by hand is there once, with its true effect and how it came about."""
    effects = pd.read_csv(invented / "truth" / "effects.csv", index_col="input")
    assert effects.index.is_unique
    solved, given = effects[effects["how"] == "solved"]["effect"], effects[effects["how"] == "set"]["effect"]
    assert solved.to_dict() == {
        name: pytest.approx(fitted.constants[f"effect_{name}"], abs=1e-6) for name in inputs(batch.recorded)
    }
    extra = {"latent_per_sd": LATENT_SPREAD, "talk_boost": PROGRAMME_EFFECT, "two_year_place": PLACE_EFFECT}
    assert given.to_dict() == EFFECTS | extra


def test_help(invented: Path, children: pd.DataFrame, read: Read) -> None:
    """Help is told with what it added and changed: the child's own probability, lower than without any help."""
    given = pd.read_csv(invented / "truth" / "help.csv")
    assert not given.duplicated(["pseudonym", "help"]).any()
    assert given.groupby("help")["added"].unique().map(list).to_dict() == {
        "talk_boost": [PROGRAMME_EFFECT],
        "two_year_place": [PLACE_EFFECT],
    }
    own = children.loc[given["pseudonym"]]
    assert (given["p_not_gld"].to_numpy() == own["p_not_gld"].to_numpy()).all()
    assert (given["p_not_gld_without_any_help"].to_numpy() == own["p_not_gld_without_help"].to_numpy()).all()
    helped = set(given["pseudonym"])
    others = children[~children.index.isin(helped)]
    assert (others["p_not_gld"] == others["p_not_gld_without_help"]).all()
    recorded = set(read("programmes")["pseudonym"])
    assert recorded <= set(given.loc[given["help"] == "talk_boost", "pseudonym"])


def test_help_is_given_here(invented: Path, children: pd.DataFrame) -> None:
    """Nobody begins to be helped after leaving, or before arriving."""
    given = pd.read_csv(invented / "truth" / "help.csv").join(children[["arrived_on", "left_on"]], on="pseudonym")
    began = given["began_on"].dropna()
    assert (began >= given.loc[began.index, "arrived_on"]).all()
    assert list(given["help"][given["began_on"] >= given["left_on"].fillna("9999")]) == []


def test_manifest(invented: Path, asked: Asked) -> None:
    """The truth says what was asked, as at which day, and how many rows each file has."""
    manifest = json.loads((invented / "truth" / "invented.json").read_text(encoding="utf-8"))
    rows = manifest.pop("rows")
    assert manifest == {
        "area": asked.area,
        "births": asked.births,
        "cohorts": list(asked.cohorts),
        "seed": asked.seed,
        "as_at": "2026-09-01",
    }
    assert set(rows) == {f"{name}.csv" for name in EXTRACTS} | {"truth/children.csv", "truth/help.csv"}
    for name, count in rows.items():
        assert len((invented / name).read_text(encoding="ascii").splitlines()) == count + 1


def test_only_the_truth_holds_it(invented: Path) -> None:
    """What no agency holds, the latent part, probabilities and reasons, is a column of no extract."""
    hidden = set((invented / "truth" / "children.csv").read_text(encoding="ascii").splitlines()[0].split(","))
    hidden -= {"pseudonym", "household"}
    for name in EXTRACTS:
        with (invented / f"{name}.csv").open(encoding="ascii") as file:
            assert not hidden & set(file.readline().strip().split(","))
