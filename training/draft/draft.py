"""Drafts a contract from a folder of extracts: everything is guessed from names and counts, and nobody's value is written."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb

from models.contract_reading import parse_contract
from models.errors import DataError, Problem
from training.draft.birth import find_birth
from training.draft.folder import Extract, read_folder
from training.draft.keys import Keys, Profiles, find_keys
from training.draft.profile import Profile, profile_of
from training.draft.questions import features_of, outcome_of
from training.draft.source import guess_source, with_one_weight
from training.draft.write import Found, draft_text
from training.ingest import connect
from training.linked_folder import is_linked

_HEADLINE = "a contract cannot be drafted from these extracts"
_LINK = (
    "Give each child one key in all of them. Agencies that share none are linked first (earlyid link), by a contract whose "
    "[linkage] a person writes: docs/contract.md says how, and the shipped contract for England has one."
)


def draft(folder: Path, progress: Callable[[str], None]) -> tuple[str, Found]:
    """
    Return the draft of a contract by which the extracts of a folder can be read, and what was found.

    Raises DataError where there is nothing to read, no key of a child that most extracts share, or they are linked already.
    """
    _check_folder(folder)
    con = connect()
    extracts, unread = read_folder(con, folder)
    if not extracts:
        told = tuple(Problem("extracts", "cannot be read", said) for said in unread)
        raise DataError(_HEADLINE, told or (Problem("extracts", "there are none", "Put CSV or Parquet files there."),))
    profiles = {extract.source: _profiles(con, extract, progress) for extract in extracts}
    keys = _shared_key(con, extracts, profiles)
    found = _found(con, extracts, profiles, keys, unread)
    text = draft_text(found)
    parse_contract(text, "the draft")
    return text, found


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise DataError(
            _HEADLINE, (Problem(str(folder), "there is no such folder", "Name the folder of the extracts."),)
        )
    if is_linked(folder):
        remedy = "Use that contract; or draft from extracts that hold dates."
        raise DataError(_HEADLINE, (Problem("linked.json", "they were linked by a contract already", remedy),))


def _profiles(con: duckdb.DuckDBPyConnection, extract: Extract, progress: Callable[[str], None]) -> dict[str, Profile]:
    progress(f"reading {extract.file}")
    return {name: profile_of(con, extract, name) for name in extract.columns}


def _shared_key(con: duckdb.DuckDBPyConnection, extracts: Sequence[Extract], profiles: Profiles) -> Keys:
    keys = find_keys(con, extracts, profiles)
    if keys is None or 2 * keys.shared <= len(extracts):
        most = f"at most {keys.shared} of the {len(extracts)} extracts" if keys is not None else "none of the extracts"
        raise DataError(_HEADLINE, (Problem("the child's key", f"{most} share one", _LINK),))
    return keys


def _found(
    con: duckdb.DuckDBPyConnection,
    extracts: Sequence[Extract],
    profiles: Profiles,
    keys: Keys,
    unread: Sequence[str],
) -> Found:
    keyed = [extract for extract in extracts if extract.source in keys.columns]
    birth = find_birth(con, keyed, profiles, keys.columns)
    sources = with_one_weight([guess_source(con, e, profiles[e.source], keys, birth) for e in keyed])
    unsure = [*unread, *_unkeyed(extracts, keys.columns)]
    if birth is None:
        unsure.append(
            "the date of birth: no column holds it. Without it no date can be read, and there are no cohorts."
        )
    unsure += [f'source "{source.name}": {told}.' for source in sources for told in source.unsure]
    outcome = outcome_of(sources)
    if outcome.known is None:
        unsure.append("the outcome: no extract has columns that are known to tell one. Write [[outcome]] and its rule.")
    if not features_of(sources, outcome):
        remedy = "Give the extracts that say something of children before the outcome."
        raise DataError(_HEADLINE, (Problem("features", "nothing in them may be one", remedy),))
    return Found(sources, birth, outcome, tuple(unsure))


def _unkeyed(extracts: Sequence[Extract], keys: Mapping[str, str]) -> list[str]:
    return [
        f"{e.file}: no column holds the key that the others share, so it is left out."
        for e in extracts
        if e.source not in keys
    ]
