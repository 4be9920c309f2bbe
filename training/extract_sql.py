"""
SQL that reads one cell of an extract: its exact value, and why it breaks the contract when it does.

The counterpart of `models.source.Column.read` for millions of cells. Ages come from dates by the child's date of birth,
which goes no further than this step.
"""

from dataclasses import dataclass

from models.record import MAX_AGE, MIN_AGE
from models.source import AGES, Column, Source, Timing

# Plain decimals with at most 12 places: what a DECIMAL(30, 12) holds exactly.
_NUMBER = r"[+-]?([0-9]{1,18}(\.[0-9]{0,12})?|\.[0-9]{1,12})"


@dataclass(frozen=True, slots=True)
class Cell:
    """SQL of one cell's exact value, and of the reason code (NULL when it keeps the contract)."""

    name: str
    value: str
    reason: str


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def text_of(name: str) -> str:
    """Return the SQL of an extract's cell as written; the prefix keeps an authority's names apart from ours."""
    return f"trim({quoted('text ' + name)})"


def cell(column: Column, source: Source) -> Cell:
    """Return the SQL that reads a column of a row whose child was born on `born`."""
    text, missing = text_of(column.name), _missing(column)
    match column.type:
        case "key":
            value, reason = text, "NULL"
        case "date":
            value = _age_on(text, source)
            dated = "true" if source.date_format == AGES else "born IS NOT NULL"
            reason = f"CASE WHEN {value} IS NULL AND {dated} THEN 'not_a_date' END"
        case _ if column.code_map:
            value = _coded(text, column)
            reason = f"CASE WHEN {value} IS NULL THEN 'unknown_code' END"
        case "flag":
            value = f"CASE lower({text}) WHEN '1' THEN 1 WHEN 'true' THEN 1 WHEN '0' THEN 0 WHEN 'false' THEN 0 END"
            reason = f"CASE WHEN {value} IS NULL THEN 'unknown_code' END"
        case _:
            value, reason, missing = _number(text, column, missing)
    return Cell(column.name, f"CASE WHEN {missing} THEN NULL ELSE {value} END", _unless(missing, reason))


def _missing(column: Column) -> str:
    text = text_of(column.name)
    return f"({text} IS NULL OR {text} IN ({', '.join(literal(code) for code in ('', *column.missing))}))"


def _unless(missing: str, reason: str) -> str:
    return "NULL" if reason == "NULL" else f"CASE WHEN {missing} THEN NULL ELSE {reason} END"


def _coded(text: str, column: Column) -> str:
    values = {
        code: literal(value) if isinstance(value, str) else f"{value}::BIGINT"
        for code, value in column.code_map.items()
    }
    return f"CASE {text} " + " ".join(f"WHEN {literal(code)} THEN {value}" for code, value in values.items()) + " END"


def _number(text: str, column: Column, missing: str) -> tuple[str, str, str]:
    number = f"CASE WHEN regexp_full_match({text}, {literal(_NUMBER)}) THEN CAST({text} AS DECIMAL(30, 12)) END"
    step, (low, high) = column.grid, column.bounds
    scaled = f"(({number}) * {step.denominator}::DECIMAL(7, 0))"
    whole = f"({scaled} = floor({scaled}) AND CAST({scaled} AS HUGEINT) % {step.numerator} = 0)"
    units = f"(CAST({scaled} AS HUGEINT) // {step.numerator})"
    value = f"CASE WHEN {whole} AND {units} BETWEEN {low} AND {high} THEN CAST({units} AS BIGINT) END"
    reason = (
        f"CASE WHEN ({number}) IS NULL THEN 'not_a_number' WHEN NOT {whole} THEN 'off_step' "
        f"WHEN {units} NOT BETWEEN {low} AND {high} THEN 'out_of_range' END"
    )
    if column.missing_numbers:
        missing = f"({missing} OR coalesce(({number}) IN ({', '.join(map(str, column.missing_numbers))}), false))"
    if column.missing_below is not None:
        missing = f"({missing} OR coalesce(({number}) < {column.missing_below}, false))"
    return value, reason, missing


def _age_on(text: str, source: Source) -> str:
    if source.date_format == AGES:
        return _age_in(text)
    day = f"CAST(try_strptime({text}, {literal(source.date_format)}) AS DATE)"
    return f"CAST({day} - born AS BIGINT)"


def age(timing: Timing, source: Source) -> str:
    """Return the SQL of the age in days that a timing gives; a lag is counted from the column `happened`."""
    if timing.constant is not None:
        return f"{timing.constant}::BIGINT"
    if timing.lag_days is not None:
        return f"(happened + {timing.lag_days})"
    text = text_of(timing.file_column or "")
    if timing.date is not None:
        return _age_on(text, source)
    return _age_in(text)


def _age_in(text: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,6}}') THEN CAST({text} AS BIGINT) END"


def stored_type(column: Column) -> str:
    """Return the narrowest SQL type that holds a column: millions of children fit, and are read, by its size."""
    if not column.numeric:
        return "VARCHAR"
    if column.type == "date":
        return "INTEGER"
    largest = max(abs(bound) for bound in column.bounds)
    return next(kind for kind, bits in _INTEGERS.items() if largest < 2 ** (bits - 1))


_INTEGERS = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64}


def timing_reason(source: Source) -> str:
    """Return the SQL of why a row's child and ages (columns `child`, `happened`, `known`) break the contract."""
    dated = source.happened.date is not None or source.known.date is not None
    given = ["true"] if dated else [f"NOT {_missing(column)}" for column in source.columns if column.type == "date"]
    if source.date_format == AGES:
        given = []
    return f"""CASE
        WHEN child IS NULL OR child = '' THEN 'no_child_key'
        WHEN born IS NULL AND ({" OR ".join(given) or "false"}) THEN 'no_date_of_birth'
        WHEN happened IS NULL THEN 'no_age_happened'
        WHEN known IS NULL THEN 'no_age_known'
        WHEN happened NOT BETWEEN {MIN_AGE} AND {MAX_AGE} OR known NOT BETWEEN {MIN_AGE} AND {MAX_AGE}
            THEN 'age_out_of_range'
        WHEN known < happened THEN 'known_before_happened'
    END"""
