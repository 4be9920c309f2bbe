"""
Compiles a contract's features to SQL: the same questions as `models.features`, asked of millions of children at once.

Must give the same answers to the bit. Sums are of integers and each value is one division of exact numbers, so no
answer depends on the order of rows. Latest and first pack the day and the value into one integer, whose largest or
smallest says both at once; that is also how ties follow the contract instead of row order.
"""

from models.contract import Contract
from models.exact import UNIT_BITS, Step
from models.feature import TAKES_ZERO, Condition, Feature, Landmark
from models.features import condition_constants, step_of, tie_of
from models.record import MAX_AGE, MIN_AGE
from models.source import Source
from training.derived_sql import derived_column, sql_constants
from training.extract_sql import literal, quoted

# A difference of two columns needs one bit more than a column, and the sign another.
_OFFSET = 2 ** (UNIT_BITS + 1)
_BASE = 2 * _OFFSET
if (MAX_AGE - MIN_AGE) * _BASE >= 2**62:
    raise AssertionError("a day and a value no longer pack into one 64-bit integer")

# No feature can be called so, since no name of a contract has a space.
PLACE = "place among the keys"
_COMPARISONS = {"is_not": "<>", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


def snapshot_rows(source: Source, features: tuple[Feature, ...], age: int) -> str:
    """Return the SQL of a source's events as known at an age, with the derived columns the features ask for."""
    asked = {f.column for f in features} | {c.column for f in features for c in f.where}
    derived = "".join(f", {derived_column(source, d)} AS {quoted(d.name)}" for d in source.derived if d.name in asked)
    # A date that still lay ahead was not known then, though an extract made later holds it already.
    ahead = ", ".join(
        f"CASE WHEN {quoted(c.name)} <= {age} THEN {quoted(c.name)} END AS {quoted(c.name)}"
        for c in source.columns
        if c.type == "date"
    )
    columns = f"* REPLACE ({ahead})" if ahead else "*"
    known = f"SELECT {columns} FROM {quoted('events_' + source.name)} WHERE known <= {age}"
    return f"SELECT *{derived} FROM ({known})" if derived else known


def matrix_sql(contract: Contract, landmark: Landmark, children: str) -> str:
    """
    Return the SQL of a landmark's matrix: `child`, PLACE, then one DOUBLE per feature, NaN where not known.

    `children` is the SQL of the children to answer for. PLACE is a child's place in the order of their keys; the rows
    come in any order, since sorting so many columns would take as long as all the rest.
    """
    features = contract.features_at(landmark)
    sources = [contract.source(name) for name in dict.fromkeys(f.source for f in features)]
    parts = {f"of_{source.name}": _answers(source, _of(features, source), landmark.age) for source in sources}
    for proof in dict.fromkeys(contract.proven_by[s.name] for s in sources if s.coverage is not None):
        windows = {f.window(landmark.age) for f in features if contract.proven_by.get(f.source) == proof}
        parts[f"proof_{proof}"] = _proofs(proof, sorted(windows))
    tables = [
        f"asked AS (SELECT child, row_number() OVER (ORDER BY child) - 1 AS {quoted(PLACE)} FROM ({children}))",
        f"proven AS ({merged_coverage(landmark.age)})",
    ]
    tables += [f"{quoted(name)} AS ({sql})" for name, sql in parts.items()]
    joins = [f"LEFT JOIN {quoted(name)} USING (child)" for name in parts]
    columns = "".join(f", {_final(contract, feature, landmark.age)} AS {quoted(feature.name)}" for feature in features)
    return f"WITH {', '.join(tables)} SELECT child, {quoted(PLACE)}{columns} FROM asked {' '.join(joins)}"


def _answers(source: Source, features: tuple[Feature, ...], age: int) -> str:
    answers = "".join(f", {_answer(source, f, age)} AS {quoted('value of ' + f.name)}" for f in features)
    answers += "".join(
        f", count(*) FILTER (WHERE {_where(source, f, age)}) AS {quoted('rows of ' + f.name)}"
        for f in features
        if _may_be_zero(source, f)
    )
    return f"SELECT child{answers} FROM ({snapshot_rows(source, features, age)}) GROUP BY child"


def _may_be_zero(source: Source, feature: Feature) -> bool:
    """Whether no rows can mean 0: the take allows it, and the source's coverage can be proven."""
    return feature.take in TAKES_ZERO and source.coverage is not None


def _of(features: tuple[Feature, ...], source: Source) -> tuple[Feature, ...]:
    return tuple(feature for feature in features if feature.source == source.name)


def _final(contract: Contract, feature: Feature, age: int) -> str:
    value = f"coalesce({quoted('value of ' + feature.name)}, 'NaN'::DOUBLE)"
    if not _may_be_zero(contract.source(feature.source), feature):
        return value
    none = f"coalesce({quoted('rows of ' + feature.name)}, 0) = 0"
    name = _proof_name(contract.proven_by[feature.source], *feature.window(age))
    return f"CASE WHEN {none} THEN (CASE WHEN coalesce({quoted(name)}, false) THEN 0 ELSE 'NaN'::DOUBLE END) ELSE {value} END"


def _proof_name(source: str, low: int, high: int) -> str:
    return f"{source} covered {low} to {high}"


def _proofs(source: str, windows: list[tuple[int, int]]) -> str:
    proofs = "".join(
        f', bool_or(start <= {low} AND "end" >= {high}) AS {quoted(_proof_name(source, low, high))}'
        for low, high in windows
    )
    return f"SELECT child{proofs} FROM proven WHERE source = {literal(source)} GROUP BY child"


def merged_coverage(age: int) -> str:
    """
    Join spans that overlap or follow on the next day, of the spans known by then.

    Each span is taken once: of two that are the same, each window would be free to put another first. Most children have
    one span, which needs no window.
    """
    order = 'PARTITION BY child, source ORDER BY start, "end"'
    return f"""
        WITH spans AS (SELECT DISTINCT child, source, start, "end" FROM coverage WHERE known <= {age} AND "end" >= start),
        counted AS (
            SELECT child, source, min(start) AS start, max("end") AS "end", count(*) AS spans FROM spans
            GROUP BY child, source)
        SELECT child, source, start, "end" FROM counted WHERE spans = 1
        UNION ALL
        SELECT child, source, min(start) AS start, max("end") AS "end" FROM (
            SELECT *, sum(opens) OVER ({order} ROWS UNBOUNDED PRECEDING) AS span FROM (
                SELECT *, CASE WHEN start <= 1 + max("end") OVER (
                    {order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS opens
                FROM spans WHERE (child, source) IN (SELECT (child, source) FROM counted WHERE spans > 1)))
        GROUP BY child, source, span"""


def _where(source: Source, feature: Feature, age: int) -> str:
    return " AND ".join(_condition(source, condition, age) for condition in feature.where) or "true"


def _condition(source: Source, condition: Condition, age: int) -> str:
    column = _column(condition.column, age)
    if condition.operator == "recorded":
        return f"{column} IS {'NOT ' if condition.constants[0] else ''}NULL"
    constants = condition_constants(source, condition)
    # A comparison with NULL is not true, which is all that FILTER asks.
    if condition.operator in {"is", "in"}:
        return f"{column} IN ({sql_constants(constants)})"
    return f"{column} {_COMPARISONS[condition.operator]} {sql_constants(constants)}"


def _column(name: str, age: int) -> str:
    return {"age": "happened", "days_before": f"({age} - happened)"}.get(name) or quoted(name)


def _answer(source: Source, feature: Feature, age: int) -> str:
    where = _where(source, feature, age)
    counted = f"FILTER (WHERE {where})"
    if feature.column is None:
        rows = f"nullif(count(*) {counted}, 0)"
        asked = {"count": rows, "any": f"sign({rows})", "days_since": f"{age} - (max(happened) {counted})"}
        return f"CAST({asked[feature.take]} AS DOUBLE)"
    column = _column(feature.column, age)
    known = f"FILTER (WHERE {where} AND {column} IS NOT NULL)"
    step = step_of(source, feature.column)
    match feature.take:
        case "distinct":
            return f"CAST(nullif(count(DISTINCT {column}) {counted}, 0) AS DOUBLE)"
        case "sum" | "min" | "max":
            return _value(f"{feature.take}({column}) {counted}", step)
        case "mean":
            count = f"nullif(count(*) {known}, 0)"
            exact = f"CAST((sum({column}) {counted}) * {step.numerator} AS DOUBLE)"
            return f"({exact} / CAST({count} * {step.denominator} AS DOUBLE))"
        case _:
            return _value(_of_one_day(column, known, feature.take, tie_of(source, feature.column)), step)


def _value(units: str, step: Step) -> str:
    exact = f"CAST(CAST({units} AS BIGINT) * {step.numerator} AS DOUBLE)"
    return exact if step.denominator == 1 else f"({exact} / {step.denominator}::DOUBLE)"


def _of_one_day(column: str, known: str, take: str, tie: str) -> str:
    """Return the SQL of the value on the latest (or first) day, by the tie rule when values of that day disagree."""
    pick = "max" if take == "latest" else "min"
    day = f"CAST(happened - ({MIN_AGE}) AS BIGINT) * {_BASE}"
    rising = f"({pick}({day} + ({column} + {_OFFSET})) {known})"
    falling = f"({pick}({day} + ({_OFFSET} - {column})) {known})"
    # With `rising` the largest key holds the day's largest value and the smallest its smallest; `falling` the reverse.
    largest, smallest = (rising, falling) if pick == "max" else (falling, rising)
    high = f"({largest} % {_BASE} - {_OFFSET})" if largest is rising else f"({_OFFSET} - {largest} % {_BASE})"
    low = f"({smallest} % {_BASE} - {_OFFSET})" if smallest is rising else f"({_OFFSET} - {smallest} % {_BASE})"
    if tie == "not_known":
        return f"CASE WHEN {high} = {low} THEN {high} END"
    return high if tie == "max" else low
