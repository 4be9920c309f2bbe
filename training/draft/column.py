"""What one column of an extract may be: its type, what it holds, what it is for, and the evidence in counts."""

from dataclasses import dataclass, replace
from typing import Any

import duckdb

from training.draft.folder import Extract
from training.draft.hints import Hint, hint_of
from training.draft.numbers import range_of, step_of, written_for_nothing
from training.draft.profile import MOST_CODES, Profile
from training.draft.told import number, share

# What people write, in any case, where they know nothing.
NOT_KNOWN = frozenset({
    *("nk", "n/k", "na", "n/a", "u", "unk", "unkn", "unknown", "missing", "null", "nan", "?", ".", "-"),
    *("not known", "not stated", "not recorded", "not available", "not applicable"),
})  # fmt: skip
_YES, _NO = frozenset({"1", "y", "yes", "t", "true"}), frozenset({"0", "n", "no", "f", "false"})
# The share of filled cells that must be of one kind for a column to be of it.
MOST = 0.99
_ROLES = {"cluster": "cluster", "family": "cluster", "site": "site", "weight": "weight", "identifier": "identifier"}
_KINDS = {
    "nhs_number": "NHS numbers (by their check digit)",
    "upn": "UPNs (by their check letter)",
    "postcode": "postcodes",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """One column of a draft; `unlisted` are rows whose code too few children have for it to be written."""

    name: str
    type: str
    why: str
    roles: tuple[str, ...] = ()
    step: str = "1"
    range: tuple[str, str] | None = None
    codes: tuple[str, ...] = ()
    flags: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()
    characteristic: str | None = None
    proxy: str | None = None
    units: str | None = None
    unlisted: int = 0

    @property
    def asked(self) -> bool:
        """Whether a feature may ask it."""
        return not self.roles or "feature" in self.roles


def guess(con: duckdb.DuckDBPyConnection, extract: Extract, one: Profile, date_format: str | None) -> Guess | None:
    """Return what a column may be; None where nothing is in it, or where it is a date of another format than its source's."""
    hint = hint_of(one.name)
    if not one.filled or (one.dates and one.dates[0][0] != date_format):
        return None
    found = _guess(con, extract, one, hint)
    return replace(found, **_meaning(found, hint)) if found.roles != ("identifier",) else found


def _guess(con: duckdb.DuckDBPyConnection, extract: Extract, one: Profile, hint: Hint) -> Guess:
    missing = _missing(one, hint)
    if one.dates:
        why = f"{share(one.dates[0][1], one.filled)} values are dates"
        return Guess(one.name, "date", why, missing=missing, roles=("identifier",) if hint.says == "born" else ())
    if (kind := _identity(one, hint)) is not None:
        return Guess(one.name, "key", kind, roles=("identifier",))
    if hint.says in {"cluster", "family", "site"}:
        why = f"its name says so; {number(one.distinct)} different values"
        return Guess(one.name, "key", why, roles=(_ROLES[hint.says],))
    if (kind := _of_its_own(one)) is not None:
        return Guess(one.name, "key", kind, roles=("identifier",))
    known = [(value, rows) for value, rows in one.values if value not in missing]
    if hint.says != "code" and not hint.units and (flag := _flag(one, known, missing)) is not None:
        return flag
    numeric = None if hint.codes or hint.characteristic else _number(con, extract, one, missing, hint)
    return numeric or _code(one, known, missing, hint)


def _missing(one: Profile, hint: Hint) -> tuple[str, ...]:
    """Return what stands for not known: the words for it that were seen, and the published codes, seen or not."""
    seen = (value for value, _ in one.values if value.casefold() in NOT_KNOWN and value not in hint.codes)
    return tuple(dict.fromkeys((*sorted(seen), *hint.missing)))


def _identity(one: Profile, hint: Hint) -> str | None:
    """Return why a column seems to say who somebody is."""
    for kind, rows in one.identities:
        if rows >= 0.9 * one.filled and one.distinct > 1:
            return f"{share(rows, one.filled)} values are {_KINDS[kind]}"
    if one.emails >= 0.5 * one.filled:
        return f"{share(one.emails, one.filled)} values are e-mail addresses"
    if hint.says == "identifier":
        return "its name says that it tells who somebody is"
    return None


def _of_its_own(one: Profile) -> str | None:
    """Return why nearly each row seems to have a value of its own."""
    own = one.distinct >= 0.5 * one.filled and one.distinct > MOST_CODES
    if own and (one.letters >= 0.5 * one.filled or one.spaced >= 0.5 * one.filled):
        return f"mostly different texts ({number(one.distinct)} in {number(one.filled)} rows)"
    if one.distinct >= MOST * one.filled and one.distinct > 100 and not one.places and _length(one) >= 5:
        return f"nearly every row has a number of its own ({number(one.distinct)} in {number(one.filled)} rows)"
    return None


def _length(one: Profile) -> int:
    return min((len(value) for value, _ in one.values), default=0)


def _flag(one: Profile, known: list[tuple[str, int]], missing: tuple[str, ...]) -> Guess | None:
    if not known or not {value.casefold() for value, _ in known} <= _YES | _NO:
        return None
    plain = {value for value, _ in known} <= {"0", "1", "true", "false"}
    flags = () if plain else tuple((value, int(value.casefold() in _YES)) for value, _ in sorted(known))
    why = f"{share(sum(rows for _, rows in known), one.filled)} values are yes or no"
    return Guess(one.name, "flag", why, flags=_both(flags), missing=missing)


def _both(flags: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Return both answers where only one was seen and it is a letter: the other will come."""
    usual = {"Y": ("N", 0), "N": ("Y", 1)}
    return (*flags, usual[flags[0][0]]) if len(flags) == 1 and flags[0][0] in usual else flags


def _number(
    con: duckdb.DuckDBPyConnection, extract: Extract, one: Profile, missing: tuple[str, ...], hint: Hint
) -> Guess | None:
    """Return a number, where all but a few cells hold one and its name says no code; a letter or two may mean not known."""
    rows = dict(one.values)
    words = tuple(v for v in one.common if v not in missing and len(v) <= 2 and v.isalpha() and not v[0].isdigit())
    marked = (*missing, *words) if len(words) <= 2 else missing
    filled = one.filled - sum(rows.get(value, 0) for value in marked)
    few = one.distinct <= MOST_CODES
    if one.numbers < MOST * filled or not one.numbers or (one.padded and few) or (hint.says == "code" and few):
        return None
    if hint.says == "definition" and few:
        return None
    outside = written_for_nothing(one)
    step = step_of(one)
    why = f"{share(one.numbers, one.filled)} values are {'whole numbers' if step == '1' else 'numbers'}"
    if outside:
        why += f"; {', '.join(outside)} far from the others"
    held = range_of(con, extract, one, outside)
    kind = "integer" if step == "1" else "number"
    return Guess(one.name, kind, why, step=step, range=held, missing=(*marked, *outside))


def _code(one: Profile, known: list[tuple[str, int]], missing: tuple[str, ...], hint: Hint) -> Guess:
    listed = tuple(sorted(value for value, _ in known if value in one.common))
    published = bool(hint.codes) and set(listed) <= set(hint.codes)
    codes = hint.codes if published else listed
    unlisted = one.filled - sum(n for value, n in one.values if value in missing or value in codes)
    if (
        any(count for _, count in one.identities)
        or not codes
        or len(codes) > MOST_CODES
        or unlisted > (1 - MOST) * max(one.filled, 1)
    ):
        why = f"{number(one.distinct)} different values, some of too few children to be listed as codes"
        return Guess(one.name, "key", why, roles=("audit",) if hint.characteristic else ("identifier",))
    each = "its one value is" if len(listed) == 1 else f"its {len(listed)} values are each"
    why = "the codes of a national return" if published else f"{each} of ten children or more"
    if unlisted:
        why += f"; {number(unlisted)} rows hold others, not listed here"
    return Guess(one.name, "code", why, codes=codes, missing=missing, unlisted=unlisted)


def _meaning(found: Guess, hint: Hint) -> dict[str, Any]:
    """Return what the name of a column says of its use."""
    if hint.characteristic is not None:
        return {"characteristic": hint.characteristic, "roles": ("audit",)}
    if hint.proxy is not None:
        return {"proxy": hint.proxy, "roles": ("audit",)}
    if hint.says in {"outcome", "definition", "intervention"} and found.type != "date":
        return {"roles": ("outcome" if hint.says == "definition" else str(hint.says),)}
    if hint.says == "weight" and found.type in {"integer", "number"}:
        return {"roles": ("weight",)}
    return {"units": hint.units} if found.type in {"integer", "number"} else {}
