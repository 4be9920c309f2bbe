"""
`same_person_twice`: one person under two ids, who may be learned from under one and judged by under the other.

Twins must never ring. What tells one person from twins is learned from the look-alikes themselves: those who differ in
something are certainly two children, and how often such pairs have the same value in a column says how little that agreement
means. It is the likelihood ratio of record linkage (Fellegi and Sunter, JASA 1969;64:1183-1210), against twins rather than
strangers. A pair rings where nothing at all differs and the evidence outweighs the number of look-alikes there are.

So it is records that are looked for, not persons: one corrected weight in the second record silences it, and so does a record
that was split between two ids so that the parts share few days. Linkage is judged where it is done, not here.
"""

from math import log2

import duckdb
import numpy as np

from models.contract import Contract
from models.small_numbers import rounded
from training.alarms.alarm import Alarm
from training.alarms.evidence import Evidence
from training.alarms.look_alikes import Pair, days_of, look_alike, pairs_of, telling_columns
from training.plan import Plan

# Of the shorter record's days, the share that one person's two records hold both.
SAME_DAYS = 0.75
# The evidence asked, as a power of two: at least, and above what one pair among as many as are certainly two may show by chance.
# By as much is the number of pairs that ring though they are two (Markov) kept below one run in sixteen.
LEAST_BITS, BEYOND_CHANCE = 6.0, 4.0
# Children drawn to see how common each value is.
DRAWN = 1000
THRESHOLD = "no two ids whose records share most days and differ in no value, beyond what twins share; one differing value is enough to be two"


def same_person(con: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan) -> Alarm:
    """Return the alarm of persons who are there twice; it tells how many pairs only where they are ten or more."""
    pairs = twice(con, contract, plan)
    told = rounded(len(pairs))
    many = "Fewer than ten pairs" if told is None else f"About {told:,} pairs"
    return Alarm(
        code="same_person_twice",
        rings=bool(pairs),
        threshold=THRESHOLD,
        found=f"{many} of children share everything that even twins do not: each may be one person under two ids."
        if pairs
        else "No two records share more than twins may with nothing that differs. A person whose two records differ is not found.",
        advice="Link again, or give each person one id; one child counts twice, and may be judged by what was learned from it.",
    )


def twice(con: duckdb.DuckDBPyConnection, contract: Contract, plan: Plan) -> list[Pair]:
    """Return the pairs of ids that are one person."""
    pairs, telling = pairs_of(con, contract), telling_columns(contract)
    if not pairs:
        return []
    drawn = _drawn(con, plan)
    days = days_of(con, telling, sorted({child for pair in pairs for child in pair} | set(drawn)))
    compared = (look_alike(telling, pair, *(days[child] for child in pair)) for pair in pairs)
    alike = [one for one in compared if one is not None]
    evidence = Evidence(telling, [days[child] for child in drawn], alike)
    least = max(LEAST_BITS, BEYOND_CHANCE + log2(1 + sum(bool(one.apart) for one in alike)))
    return [one.pair for one in alike if one.like >= SAME_DAYS and not one.apart and evidence.bits(one) >= least]


def _drawn(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    children = [child for (child,) in con.execute("SELECT child FROM children ORDER BY child").fetchall()]
    places = np.random.default_rng([plan.seed, 3]).permutation(len(children))[:DRAWN]
    return [children[place] for place in places.tolist()]
