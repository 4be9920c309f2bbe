"""The extracts of an invented authority as tables, and those tables that the published figures are measured on."""

from pathlib import Path

import duckdb

from training.synthetic.agencies import EXTRACTS
from training.synthetic.calendar import AS_AT
from training.synthetic.household import ETHNIC
from training.synthetic.profile import LEARNING
from training.synthetic.reviews import CUT_OFFS, INTERVALS


def open_extracts(folder: Path) -> duckdb.DuckDBPyConnection:
    """Open the extracts of an invented authority as tables, with those that the measures are taken of."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    for name in EXTRACTS:
        path = str(folder / f"{name}.csv").replace("'", "''")
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_csv('{path}', header = true, all_varchar = true)")
    for statement in _TABLES:
        con.execute(statement)
    return con


def _codes(main: str) -> str:
    return ", ".join(f"'{ethnic.code}'" for ethnic in ETHNIC if ethnic.main == main)


def in_main(main: str) -> str:
    """Return the SQL of belonging to a main ethnic group."""
    return f"ethnicity IN ({_codes(main)})"


def above_cut(domain: str) -> str:
    """Return the SQL of a domain's total at or above its cut-off at the questionnaire's interval."""
    whens = " ".join(f"WHEN '{i}' THEN {cut}" for i, cut in zip(INTERVALS, CUT_OFFS[domain], strict=True))
    return f"{domain} >= CASE asq_interval {whens} END"


_EVERY_GOAL = [goal for area in LEARNING for goal in area.goals]
_TODAY = f"DATE '{AS_AT.isoformat()}'"


def all_reached(areas: list[str]) -> str:
    """Return the SQL of reaching every goal of these areas of learning."""
    goals = [goal for area in LEARNING if area.name in areas for goal in area.goals]
    return " AND ".join(f"{goal} = '2'" for goal in goals)


_GLD = all_reached([area.name for area in LEARNING if area.in_gld])
_TABLES = (
    # Everyone, with the day of birth, and the first and last day of living here.
    """CREATE TABLE people AS
    SELECT r.*, CAST(person_birth_date AS DATE) AS born, stay.arrived, stay.gone,
        year(born) - CAST(month(born) < 9 AS INTEGER) AS cohort
    FROM register r JOIN (
        SELECT pseudonym, min(CAST(moved_in AS DATE)) AS arrived,
            CASE WHEN bool_or(moved_out IS NULL) THEN DATE '9999-01-01' ELSE max(CAST(moved_out AS DATE)) END AS gone
        FROM addresses GROUP BY pseudonym) AS stay USING (pseudonym)""",
    # One row for each child with a valid result on every goal.
    f"""CREATE TABLE school AS
    SELECT p.*, e.* EXCLUDE (pseudonym, assessed_on, recorded_on), CAST(assessed_on AS DATE) AS assessed, c.fsm,
        c.senprovision, c.sentype, CAST(c.sessions_missed_percent AS INTEGER) AS missed, ({_GLD}) AS gld,
        {" + ".join(f"CAST({goal} = '2' AS INTEGER)" for goal in _EVERY_GOAL)} AS goals
    FROM eyfsp e JOIN people p USING (pseudonym) LEFT JOIN reception c USING (pseudonym)
    WHERE {" AND ".join(f"{goal} <> 'A'" for goal in _EVERY_GOAL)}""",
    """CREATE TABLE at_school AS
    SELECT s.*, a.decile, cin.pseudonym IS NOT NULL AS in_need, cla.pseudonym IS NOT NULL AS in_care
    FROM school s
    LEFT JOIN (SELECT a.pseudonym, max_by(CAST(idaci_decile AS INTEGER), CAST(moved_in AS DATE)) AS decile
        FROM addresses a JOIN school USING (pseudonym) WHERE CAST(moved_in AS DATE) <= assessed GROUP BY 1) AS a
        USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT c.pseudonym FROM cin c JOIN school USING (pseudonym)
        WHERE CAST(cinplanstartdate AS DATE) <= assessed
        AND coalesce(CAST(cinplanenddate AS DATE), DATE '9999-01-01') >= make_date(cohort + 5, 9, 1)) AS cin
        USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT l.pseudonym FROM looked_after l JOIN school USING (pseudonym)
        WHERE CAST(decom AS DATE) <= assessed AND coalesce(CAST("dec" AS DATE), DATE '9999-01-01') > assessed) AS cla
        USING (pseudonym)""",
    # Children by their second birthday: reviews, lists and places.
    f"""CREATE TABLE at_two AS
    SELECT p.*, d.decile, v.pseudonym IS NOT NULL AS reviewed, l.pseudonym IS NOT NULL AS listed,
        h.pseudonym IS NOT NULL AS placed, c.pseudonym IS NOT NULL AS in_care
    FROM people p
    LEFT JOIN (SELECT a.pseudonym, max_by(CAST(idaci_decile AS INTEGER), CAST(moved_in AS DATE)) AS decile
        FROM addresses a JOIN people USING (pseudonym) WHERE CAST(moved_in AS DATE) <= born + 730 GROUP BY 1) AS d
        USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT pseudonym FROM health_visits WHERE contact = 'two_year') AS v USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT pseudonym FROM two_year_list) AS l USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT pseudonym FROM headcount WHERE entitlement = 'two_year') AS h USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT x.pseudonym FROM looked_after x JOIN people USING (pseudonym)
        WHERE CAST(decom AS DATE) <= born + 820 AND coalesce(CAST("dec" AS DATE), DATE '9999-01-01') > born + 820) AS c
        USING (pseudonym)
    WHERE arrived <= born + 730 AND gone > born + 1096 AND born + 1220 <= {_TODAY}""",
    f"""CREATE TABLE reviewed AS
    SELECT r.pseudonym, asq_interval, {", ".join(f"CAST(asq_{d} AS INTEGER) AS {d}" for d in CUT_OFFS)},
        p.sex, p.ethnicity, t.decile, s.gld
    FROM reviews r JOIN people p USING (pseudonym) LEFT JOIN at_two t USING (pseudonym)
    LEFT JOIN school s USING (pseudonym)""",
    f"""CREATE TABLE asq AS SELECT *, ({" AND ".join(above_cut(d) for d in CUT_OFFS)}) AS expected FROM reviewed
    WHERE {" AND ".join(f"{d} <> 999" for d in CUT_OFFS)}""",
    # Children born here: the first weeks and the first five years.
    f"""CREATE TABLE newborn AS
    SELECT p.*, b.* EXCLUDE (pseudonym, recorded_on), n.days FROM people p JOIN births b USING (pseudonym)
    LEFT JOIN (SELECT h.pseudonym, min(CAST(contact_date AS DATE) - born) AS days FROM health_visits h
        JOIN people USING (pseudonym) WHERE contact = 'new_birth' GROUP BY 1) AS n USING (pseudonym)
    WHERE gone > born + 60 AND born + 150 <= {_TODAY}""",
    f"""CREATE TABLE first_year AS
    SELECT p.*, v.pseudonym IS NOT NULL AS seen, w.pseudonym IS NOT NULL AS seen_early FROM people p
    LEFT JOIN (SELECT DISTINCT pseudonym FROM health_visits WHERE contact = 'one_year') AS v USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT pseudonym FROM health_visits WHERE contact = 'six_to_eight_weeks') AS w USING (pseudonym)
    WHERE arrived = born AND gone > born + 457 AND born + 520 <= {_TODAY}""",
    f"""CREATE TABLE in_care AS
    SELECT p.pseudonym,
        coalesce(sum(greatest(0, least(until, born + 365) - greatest(since, born))) FILTER (since IS NOT NULL), 0) / 365
            AS first,
        coalesce(sum(greatest(0, least(until, born + 1826) - greatest(since, born + 365))) FILTER (since IS NOT NULL), 0)
            / 1461 AS later
    FROM people p LEFT JOIN (SELECT pseudonym, CAST(decom AS DATE) AS since,
            coalesce(CAST("dec" AS DATE), {_TODAY}) AS until FROM looked_after) AS l USING (pseudonym)
    WHERE arrived = born AND gone > born + 1826 AND born + 1886 <= {_TODAY} GROUP BY 1""",
    f"""CREATE TABLE five_years AS
    SELECT p.pseudonym,
        (SELECT count(*) FROM addresses a WHERE a.pseudonym = p.pseudonym AND CAST(moved_in AS DATE) < born + 1826) > 1
            AS moved,
        EXISTS (SELECT 1 FROM referrals r WHERE r.pseudonym = p.pseudonym
            AND CAST(cinreferraldate AS DATE) < born + 1826) AS referred,
        EXISTS (SELECT 1 FROM cin c WHERE c.pseudonym = p.pseudonym
            AND CAST(cinplanstartdate AS DATE) < born + 1826) AS in_need
    FROM people p WHERE arrived = born AND gone > born + 1826 AND born + 1886 <= {_TODAY}""",
    f"""CREATE TABLE at_three AS
    SELECT p.pseudonym, coalesce(h.placed, false) AS placed, coalesce(h.premium, false) AS premium,
        s.pseudonym IS NOT NULL AS needs
    FROM people p
    LEFT JOIN (SELECT pseudonym, true AS placed, bool_or(eyppr = 'Y') AS premium FROM headcount
        WHERE entitlement = 'universal' GROUP BY 1) AS h USING (pseudonym)
    LEFT JOIN (SELECT DISTINCT pseudonym FROM sen_records) AS s USING (pseudonym)
    WHERE arrived <= born + 1096 AND gone > make_date(cohort + 5, 9, 1) AND make_date(cohort + 5, 9, 1) <= {_TODAY}""",
    """CREATE TABLE placed_at_two AS
    SELECT t.pseudonym, s.pseudonym IS NOT NULL AS needs FROM at_two t
    LEFT JOIN (SELECT DISTINCT x.pseudonym FROM sen_records x JOIN people USING (pseudonym)
        WHERE CAST(recorded_on AS DATE) < born + 1098) AS s USING (pseudonym)
    WHERE t.placed""",
)
