"""
The probability that each tried pair is one child, where twins, brothers and sisters are possible too.

Splink's odds compare one child with two strangers. Two twins are not strangers: they share a surname, a date of birth
and an address. So the odds against each kind of relative are worked out from the parts that relatives do *not* share
and from how many relatives a child has, as counted within agencies; and where one id is one child, candidates compete.
"""

from collections.abc import Iterable

import duckdb

from models.linkage import Agency, Linkage, Part
from training.extract_sql import literal, quoted

# Odds are held within these powers of two: beyond them nothing is decided, and sums stay exact enough.
_LARGEST = 60
# Backends differ in the last figures of a sum, which must not decide between pairs that are equally likely.
_PLACES = 12
# Pairs less likely than this are not kept: they are neither links nor worth a person's time.
KEPT_ABOVE = 0.01


def relatives_a_child(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> dict[str, float]:
    """
    Return how many twins, and how many other relatives at one address, a child has in the same agency, on average.

    Counted where one id is one child, as other ids with the same shared parts; 0 where an agency holds too little to
    tell.
    """
    family = [part for part in linkage.parts if part.shared == "family"]
    both = [part for part in linkage.parts if part.shared != "no"]
    twins = _others_alike(con, linkage, both) if len(both) > len(family) else 0.0
    return {"twins": twins, "family": max(0.0, _others_alike(con, linkage, family) - twins)}


def _others_alike(con: duckdb.DuckDBPyConnection, linkage: Linkage, parts: list[Part]) -> float:
    able = [agency.name for agency in _telling(linkage.agencies, parts)]
    if not parts or not able:
        return 0.0
    names = ", ".join(quoted(part.name) for part in parts)
    known = " AND ".join(f"{quoted(part.name)} IS NOT NULL" for part in parts)
    pairs, people = con.execute(f"""
        SELECT sum(n * (n - 1)), sum(n) FROM (
            SELECT count(*) AS n FROM people WHERE agency IN ({", ".join(map(literal, able))}) AND {known}
            GROUP BY agency, {names})""").fetchall()[0]
    return float(pairs / people) if people else 0.0


def _telling(agencies: Iterable[Agency], parts: list[Part]) -> list[Agency]:
    return [agency for agency in agencies if agency.one_id_a_child and all(part.name in agency.holds for part in parts)]


def write_pairs(con: duckdb.DuckDBPyConnection, linkage: Linkage, scored: str, relatives: dict[str, float]) -> None:
    """Write `pairs` (uid_l, the lower, uid_r, agency_l, agency_r, weight, probability) from Splink's scored pairs."""
    con.execute(f"""
        CREATE TABLE pairs AS
        WITH judged AS (
            SELECT uid_l, uid_r, agency_l, agency_r, match_weight AS weight,
                1 / ({_against(linkage, relatives)}) AS odds FROM {scored}),
        competing AS (
            SELECT *, greatest({_rivals(linkage, "l", "r")}, {_rivals(linkage, "r", "l")}) AS rivals FROM judged)
        SELECT least(uid_l, uid_r) AS uid_l, greatest(uid_l, uid_r) AS uid_r,
            CASE WHEN uid_l < uid_r THEN agency_l ELSE agency_r END AS agency_l,
            CASE WHEN uid_l < uid_r THEN agency_r ELSE agency_l END AS agency_r,
            weight, round(odds / (1 + rivals), {_PLACES}) AS probability
        FROM competing WHERE odds / (1 + rivals) >= {KEPT_ABOVE}""")


def _against(linkage: Linkage, relatives: dict[str, float]) -> str:
    """Return the SQL of the odds that a pair is *not* one child: strangers, twins and other relatives, added."""
    found = [f"pow(2, -{_bounded('match_weight')})"]
    own = [part for part in linkage.parts if part.shared == "no"]
    dated = [part for part in linkage.parts if part.shared != "family"]
    for many, parts in ((relatives["twins"], own), (relatives["family"], dated)):
        if many > 0:
            found.append(f"{many!r} * pow(2, -{_bounded(_weight(parts))})")
    return " + ".join(found)


def _weight(parts: list[Part]) -> str:
    """Return the SQL of the match weight of some parts, in bits; how common a name is counts where Splink counts it."""
    terms = [f"mw_{part.name}" for part in parts] + [f"mw_tf_adj_{part.name}" for part in parts if frequent(part)]
    return f"({' + '.join(terms)})" if terms else "0"


def frequent(part: Part) -> bool:
    """Whether the comparison of a part weighs how common its value is."""
    return part.kind in {"name", "text"}


def _bounded(weight: str) -> str:
    return f"greatest(least({weight}, {_LARGEST}), -{_LARGEST})"


def _rivals(linkage: Linkage, one: str, other: str) -> str:
    """Return the SQL of the summed odds of a record's candidates in an agency; of this pair alone without a promise."""
    several = [literal(agency.name) for agency in linkage.agencies if not agency.one_id_a_child]
    rivals = f"sum(odds) OVER (PARTITION BY uid_{one}, agency_{other})"
    return f"CASE WHEN agency_{other} IN ({', '.join(several)}) THEN odds ELSE {rivals} END" if several else rivals
