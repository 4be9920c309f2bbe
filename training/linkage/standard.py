"""
SQL that brings the parts of an identity into one form, whoever wrote them, and finds what cannot be true.

Check digits: NHS Data Dictionary (NHS number, modulus 11) and the DfE guide to unique pupil numbers (modulus 23).
"""

from models.linkage import Kind, Part
from training.extract_sql import literal

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_POSTCODE = "[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"
# Nobody in these records was born before; agencies write such days where they know none.
_FIRST_BIRTH = "1900-01-02"
_ASPECTS = {
    "initial": "left({0}, 1)",
    "year": "substr({0}, 1, 4)",
    "month": "substr({0}, 6, 2)",
    "day": "substr({0}, 9, 2)",
    # The outward part and the first figure of the inward part: some three thousand addresses; and the outward part alone.
    "sector": "left({0}, length({0}) - 2)",
    "district": "left({0}, length({0}) - 3)",
}


def standard(part: Part, text: str, date_format: str) -> str:
    """Return the SQL of a part in its standard form, NULL where the text is none; `text` is SQL, trimmed."""
    match part.kind:
        case "name":
            # Normal once more: what stood on either side of a mark may be one letter without it.
            return f"nullif(nfc_normalize(regexp_replace({_plain(text)}, '[^\\p{{L}}]', '', 'g')), '')"
        case "text":
            return f"nullif(trim(regexp_replace({_plain(text)}, '[^\\p{{L}}0-9]+', ' ', 'g')), '')"
        case "date":
            day = f"CAST(try_strptime({text}, {literal(date_format)}) AS DATE)"
            return f"CASE WHEN {day} >= DATE '{_FIRST_BIRTH}' THEN strftime({day}, '%Y-%m-%d') END"
        case "code":
            return f"nullif(upper({text}), '')"
        case "postcode":
            return _if_matches(_squeezed(text), _POSTCODE)
        case "number":
            return f"nullif({_squeezed(text)}, '')"
        case "nhs_number":
            number = _if_matches(_squeezed(text), "[0-9]{10}")
            return f"CASE WHEN {_nhs_number_checks(number)} THEN {number} END"
        case "upn":
            number = _if_matches(_squeezed(text), f"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]")
            return f"CASE WHEN {_upn_checks(number)} THEN {number} END"


def aspect(name: str, column: str) -> str:
    """Return the SQL of one aspect of a standard part, the sound of a name apart (`training.linkage.sounds`)."""
    return _ASPECTS[name].format(column)


def crossed_date(column: str) -> str:
    """Return the SQL of a standard date with day and month in each other's place, NULL where there is no such date."""
    crossed = f"substr({column}, 1, 5) || substr({column}, 9, 2) || '-' || substr({column}, 6, 2)"
    return f"CASE WHEN substr({column}, 9, 2) BETWEEN '01' AND '12' THEN {crossed} END"


def has_check(kind: Kind) -> bool:
    """Whether a kind of number holds a check that most slips of the pen break."""
    return kind in {"nhs_number", "upn"}


def _plain(text: str) -> str:
    """Return capitals without accents: agencies differ in whether they can write them."""
    return f"upper(strip_accents(nfc_normalize({text})))"


def _squeezed(text: str) -> str:
    return f"regexp_replace(upper({text}), '[^A-Z0-9]', '', 'g')"


def _if_matches(text: str, pattern: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN {text} END"


def _nhs_number_checks(number: str) -> str:
    """Ten digits, not all alike, whose weighted sum (10 for the first, down to 2, then 1) is a multiple of 11."""
    weighted = " + ".join(f"{11 - place} * CAST(substr({number}, {place}, 1) AS INTEGER)" for place in range(1, 11))
    return f"({weighted}) % 11 = 0 AND {number} <> repeat(left({number}, 1), 10)"


def _upn_checks(number: str) -> str:
    """Return whether the letter is the one that the other twelve characters call for, weighted 2 to 13, modulo 23."""
    letters = literal(_UPN_LETTERS)
    values = [
        f"{place} * coalesce(try_cast(substr({number}, {place}, 1) AS INTEGER), strpos({letters}, substr({number}, {place}, 1)) - 1)"
        for place in range(2, 14)
    ]
    return f"substr({letters}, 1 + ({' + '.join(values)}) % 23, 1) = left({number}, 1)"
