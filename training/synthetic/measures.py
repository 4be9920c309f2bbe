"""What the written extracts of an authority come to: every published figure, measured as a publisher would count it."""

import math
from dataclasses import dataclass

import duckdb

from training.synthetic.household import DECILES, ETHNIC, MAINS
from training.synthetic.measured_tables import above_cut, all_reached, in_main
from training.synthetic.profile import LEARNING
from training.synthetic.reviews import CUT_OFFS
from training.synthetic.visits import DISRUPTED_COHORT

# Brothers and sisters are alike, so a sample of children says a little less than as many strangers would.
_FAMILIES = 1.15


@dataclass(frozen=True, slots=True)
class Reached:
    """A figure as reached, in the units of the published one; its sampling standard deviation; children it rests on."""

    value: float
    spread: float
    children: int


@dataclass(frozen=True, slots=True)
class Share:
    """The per cent of the rows of a table, of those that are `among`, for which `holds` is true."""

    table: str
    holds: str
    among: str = "true"


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of an expression over the rows of a table that are `among`."""

    table: str
    value: str
    among: str = "true"


@dataclass(frozen=True, slots=True)
class Gap:
    """One share minus another, in points."""

    first: Share
    second: Share


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """The odds of `holds` where `exposed`, over those where not."""

    table: str
    holds: str
    exposed: str
    among: str


Measure = Share | Mean | Gap | OddsRatio


def measure(con: duckdb.DuckDBPyConnection, asked: Measure) -> Reached | None:
    """Return a figure as reached, or None where there is nobody to measure it by."""
    match asked:
        case Share():
            return _share(con, asked)
        case Mean():
            return _mean(con, asked)
        case Gap(first=first, second=second):
            a, b = _share(con, first), _share(con, second)
            if a is None or b is None:
                return None
            return Reached(a.value - b.value, math.hypot(a.spread, b.spread), min(a.children, b.children))
        case OddsRatio():
            return _odds_ratio(con, asked)


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, ...]:
    found = con.execute(sql).fetchone()
    if found is None:
        raise AssertionError(sql)
    return found


def _share(con: duckdb.DuckDBPyConnection, asked: Share) -> Reached | None:
    n, held = _one(con, f"SELECT count(*), count(*) FILTER ({asked.holds}) FROM {asked.table} WHERE {asked.among}")
    if not n:
        return None
    share = held / n
    # A share of nobody, or of all, still has a spread: that of one child more.
    around = min(max(share, 1 / n), 1 - 1 / n) if n > 1 else 0.5
    return Reached(100 * share, 100 * _FAMILIES * math.sqrt(around * (1 - around) / n), int(n))


def _mean(con: duckdb.DuckDBPyConnection, asked: Mean) -> Reached | None:
    n, mean, spread = _one(
        con,
        f"SELECT count({asked.value}), avg({asked.value}), coalesce(stddev_samp({asked.value}), 0) "
        f"FROM {asked.table} WHERE {asked.among}",
    )
    return Reached(mean, _FAMILIES * spread / math.sqrt(n), int(n)) if n else None


def _odds_ratio(con: duckdb.DuckDBPyConnection, asked: OddsRatio) -> Reached | None:
    cells = [
        _one(con, f"SELECT count(*) FROM {asked.table} WHERE ({asked.among}) AND ({a}) AND ({b})")[0]
        for a in (asked.exposed, f"NOT ({asked.exposed})")
        for b in (asked.holds, f"NOT ({asked.holds})")
    ]
    if min(cells) == 0:
        return None
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    return Reached(ratio, ratio * _FAMILIES * math.sqrt(sum(1 / cell for cell in cells)), int(sum(cells)))


def _school_measures() -> dict[str, Measure]:
    found: dict[str, Measure] = {
        "gld": Share("at_school", "gld"),
        "all17": Share("at_school", "goals = 17"),
        "mean_goals": Mean("at_school", "goals"),
        "mean_goals_not_gld": Mean("at_school", "goals", "NOT gld"),
        "prime": Share("at_school", all_reached(["communication", "psed", "physical"])),
        "absence_reception": Mean("at_school", "missed"),
        "cin_reception_year": Share("at_school", "in_need"),
    }
    found |= {f"area_{area.name}": Share("at_school", all_reached([area.name])) for area in LEARNING}
    found |= {f"gld_{name}": Share("at_school", "gld", group) for name, group in _groups().items()}
    found |= {f"share_{name}": Share("at_school", f"coalesce({group}, false)") for name, group in _groups().items()}
    found |= {
        f"share_{n}": Share("at_school", f"coalesce(sentype = '{n.upper()}', false)") for n in ("slcn", "asd", "semh")
    }
    for main in MAINS:
        found[f"fsm_{main}"] = Share("at_school", "fsm = 'Y'", in_main(main))
        found[f"gld_fsm_{main}"] = Share("at_school", "gld", f"fsm = 'Y' AND {in_main(main)}")
    return found


def _groups() -> dict[str, str]:
    boys, meals = "sex = 'M'", "fsm = 'Y'"
    groups = {
        "boys": boys,
        "girls": "sex = 'F'",
        "fsm": meals,
        "not_fsm": "fsm = 'N'",
        "fsm_boys": f"{meals} AND {boys}",
        "fsm_girls": f"{meals} AND NOT {boys}",
        "not_fsm_boys": f"NOT {meals} AND {boys}",
        "not_fsm_girls": f"NOT {meals} AND NOT {boys}",
        "autumn": "month(born) >= 9",
        "summer": "month(born) BETWEEN 5 AND 8",
        "english": "language = 'ENG'",
        "eal": "language = 'OTH'",
        "language_unknown": "language IS NULL",
        "ethnicity_unknown": "ethnicity IS NULL",
        "sen_support": "senprovision = 'K'",
        "ehc": "senprovision = 'E'",
        "cin": "in_need",
        "cla": "in_care",
    }
    groups |= {main: in_main(main) for main in MAINS}
    groups |= {ethnic.code.lower(): f"ethnicity = '{ethnic.code}'" for ethnic in ETHNIC}
    return groups | {f"idaci_{decile}": f"decile = {decile}" for decile in DECILES.tolist()}


def _early_measures() -> dict[str, Measure]:
    usual = f"cohort <> {DISRUPTED_COHORT}"
    return {
        "preterm": Share("newborn", "CAST(gestationlengthbirth AS INTEGER) < 37", "gestationlengthbirth <> '99'"),
        "very_preterm": Share("newborn", "CAST(gestationlengthbirth AS INTEGER) < 32", "gestationlengthbirth <> '99'"),
        "term_low_birthweight": Share(
            "newborn",
            "CAST(birthweight AS INTEGER) < 2500",
            "CAST(gestationlengthbirth AS INTEGER) BETWEEN 37 AND 43 AND birthweight <> '9999'",
        ),
        "smoking": Share("newborn", "smoking = 'Y'", "smoking <> 'U'"),
        "maternal_age": Mean("newborn", "CAST(maternal_age AS INTEGER)"),
        "multiple": Share("newborn", "multiple = 'Y'"),
        "breastfed": Share("health_visits", "breastfeeding IN ('01', '02')", "breastfeeding IS NOT NULL"),
        "visit_14_days": Share("newborn", "coalesce(days <= 14, false)"),
        "visit_30_days": Share("newborn", "coalesce(days <= 30, false)"),
        "visit_6_8_weeks": Share("first_year", "seen_early"),
        "review_12_months": Share("first_year", "seen"),
        "review_2_years": Share("at_two", "reviewed", usual),
        "review_2_years_born_2019_20": Share("at_two", "reviewed", f"NOT ({usual})"),
        "review_gap_deprived": Gap(
            Share("at_two", "reviewed", f"decile = 10 AND {usual}"),
            Share("at_two", "reviewed", f"decile = 1 AND {usual}"),
        ),
        "review_gap_looked_after": Gap(
            Share("at_two", "reviewed", usual), Share("at_two", "reviewed", f"in_care AND {usual}")
        ),
        "asq_used": Share("at_two", "pseudonym IN (SELECT pseudonym FROM reviews)", "reviewed"),
        "asq_all": Share("asq", "expected"),
        **{f"asq_{domain}": Share("reviewed", above_cut(domain), f"{domain} <> 999") for domain in CUT_OFFS},
        "asq_all_boys": Share("asq", "expected", "sex = 'M'"),
        "asq_all_idaci_1": Share("asq", "expected", "decile = 1"),
        "asq_all_black": Share("asq", "expected", in_main("black")),
        "asq_odds_ratio": OddsRatio("asq", "NOT gld", "NOT expected", "gld IS NOT NULL"),
        "two_year_eligible": Share("at_two", "listed"),
        "two_year_take_up": Share("at_two", "placed", "listed"),
        "universal_take_up": Share("at_three", "placed"),
        "eypp": Share("at_three", "premium", "placed"),
        "sen_funded_two": Share("placed_at_two", "needs"),
        "sen_funded_three_four": Share("at_three", "needs", "placed"),
        "moved_home": Share("five_years", "moved"),
        "referred_before_5": Share("five_years", "referred"),
        "cin_before_5": Share("five_years", "in_need"),
        "cla_under_1_per_10k": Mean("in_care", "10000 * first"),
        "cla_1_to_4_per_10k": Mean("in_care", "10000 * later"),
    }


def measures() -> dict[str, Measure]:
    """Return how each published figure is measured, by its name in the area files; AUCs are `foresight`'s."""
    return _school_measures() | _early_measures()
