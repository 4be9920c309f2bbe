"""
From what agencies hold to linked extracts: people, pairs, children, families, pseudonyms, and a report of it all.

Everything is worked out in a private database and written aside; the linked folder, for its owner alone, appears whole
or not at all, after the two files that identify children are safe.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from splink.internals.exceptions import SplinkException

from models.contract import Contract
from models.errors import BadInput, DataError, Problem
from models.linkage import Linkage
from models.secret import load_secret
from training.linkage.asked import Asked, check_places, read_model
from training.linkage.backends import SCORED, backend_of
from training.linkage.beside import write_beside
from training.linkage.blocking import count_pairs
from training.linkage.joining import join_records, pairs_to_review
from training.linkage.learning import saved
from training.linkage.naming import write_children
from training.linkage.older_siblings import write_older_siblings
from training.linkage.page.whole import page
from training.linkage.pairs import relatives_a_child, write_pairs
from training.linkage.people import private_database, read_people
from training.linkage.private import Private
from training.linkage.pseudonyms import map_text, read_map
from training.linkage.report import Evidence, report_of
from training.linkage.review import read_decisions, review_text
from training.linkage.writing import check_sources, write_sources
from training.linked_folder import MODEL, PAGE, REPORT

Progress = Callable[[str], None]


def link(contract: Contract, asked: Asked, progress: Progress) -> dict[str, Any]:
    """
    Link the extracts of a folder and write `asked.out`; returns the report.

    Raises BadInput when something cannot be read, or may not or cannot be written. The two private files are written
    before the folder appears: where that last step fails, linking again gives the same pseudonyms.
    """
    linkage = _linkage(contract)
    check_places(asked)
    out = asked.out.resolve()
    try:
        with _aside(out) as aside:
            private = Private(asked.map, asked.review)
            report, *texts = _link_into(aside, contract, linkage, asked, progress)
            if out.exists():
                out.rmdir()
            private.write(*texts)
            aside.rename(out)
    except duckdb.Error as error:
        # Its message may quote what a record holds.
        raise BadInput(f"linking stopped where the database did ({type(error).__name__})") from None
    except OSError as error:
        raise BadInput(f"linking stopped, since something could not be written: {error.strerror}") from None
    return report


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    """Make a folder beside `out` to be renamed to it; what is left of it when something fails is taken away."""
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        yield aside
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _linkage(contract: Contract) -> Linkage:
    if contract.linkage is None or contract.birth is None:
        lacking = "linkage" if contract.linkage is None else "birth"
        raise BadInput(f"the contract has no [{lacking}]: it does not say how records are linked")
    return contract.linkage


def _scored(con: duckdb.DuckDBPyConnection, linkage: Linkage, model: dict[str, Any] | None) -> dict[str, Any]:
    """Score pairs; raises DataError where there is too little to learn from, in words that quote no record."""
    try:
        return backend_of(linkage)(con, linkage, model)
    except (SplinkException, ValueError, ZeroDivisionError):
        what = "too few records agree to learn from"
        remedy = "Link more records, or give a model that an earlier linking saved."
        raise DataError("the agencies' people cannot be compared", (Problem("linkage", what, remedy),)) from None


def _link_into(
    out: Path, contract: Contract, linkage: Linkage, asked: Asked, progress: Progress
) -> tuple[dict[str, Any], bytes, bytes]:
    """Write the linked folder; returns the report, and the map and the pairs to review as they are to be written."""
    secret, decisions = load_secret(asked.key), read_decisions(asked.review)
    earlier = read_map(asked.map, secret)
    given = read_model(asked.model)
    with private_database() as con:
        check_sources(con, contract, linkage, asked.folder)
        progress("reading what agencies hold of people")
        agencies = read_people(con, linkage, asked.folder)
        progress("learning how much each agreement weighs" if given is None else "weighing pairs by the model given")
        tried = count_pairs(con, linkage)
        model = _scored(con, linkage, given)
        relatives = relatives_a_child(con, linkage)
        write_pairs(con, linkage, SCORED, relatives)
        progress("joining records into children")
        clusters = join_records(con, linkage, decisions, asked.review)
        known, changes = write_children(con, contract, linkage, earlier, secret)
        progress("writing what is linked, without what identifies anybody")
        written = write_sources(con, contract, linkage, asked.folder, out, secret)
        write_beside(con, contract, out, [*changes, *earlier.told_before()], written)
        if linkage.older_siblings is not None:
            write_older_siblings(con, contract, linkage.older_siblings, out)
        progress("judging the links")
        to_review = pairs_to_review(con, linkage, clusters)
        private = (asked.review.name, asked.map.name)
        evidence = Evidence(agencies, tried, model, relatives, written, changes, decisions, len(to_review), private)
        report = report_of(con, contract, linkage, out, evidence, asked.truth)
        _write_report(out, report, model)
        return report, map_text(known, secret), review_text(con, linkage, to_review, decisions)


def _write_report(out: Path, report: dict[str, Any], model: dict[str, Any]) -> None:
    (out / REPORT).write_text(json.dumps(report, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    (out / PAGE).write_text(page(report), encoding="utf-8")
    (out / MODEL).write_text(json.dumps(saved(model), indent=1, sort_keys=True) + "\n", encoding="utf-8")
