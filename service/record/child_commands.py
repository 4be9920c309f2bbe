"""The commands of the record about children: `earlyid record account | seen | hold | unhold | holds | scores`."""

import asyncio
import csv
import datetime
import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from sqlalchemy import Engine

from service.access.agreements import labels_of
from service.ledger.trusted import read_trusted, trusted_path
from service.record.account import account_of
from service.record.account_shape import Account
from service.record.account_text import account_text
from service.record.database import writing
from service.record.entries import Entry
from service.record.legal_holds import check_hold, hold_entry, standing_holds, unhold_entry
from service.record.options import (
    HOME,
    AsJson,
    At,
    Evaluation,
    Home,
    Reason,
    ReferenceKey,
    SubjectFile,
    record,
)
from service.record.places import Place, now, place, user
from service.record.seen import Seen, seen_of
from service.record.store import COMMAND_SECONDS, open_record
from service.record.subject_files import read_subject, read_subjects
from service.record.telling import Known, kept_in
from service.record.traced import bundle_named, traced

_COLUMNS = ("score", "at", "client", "child", "reference", "erased")
_DAYS = ["%Y-%m-%d"]


@record.command()
def account(
    *,
    subject_file: SubjectFile,
    home: Home = HOME,
    at: At = None,
    reference_key: ReferenceKey = None,
    evaluation: Evaluation = False,
    as_json: AsJson = False,
) -> None:
    """Tell everything that is held about one child, in plain words; that it was told is recorded."""
    where = place(home, at, reference_key, evaluation=evaluation)
    where.check_there()
    told = asyncio.run(_account(where, read_subject(subject_file)))
    typer.echo(told.model_dump_json() if as_json else account_text(told), nl=as_json)


@record.command()
def seen(
    *,
    subject_file: SubjectFile,
    home: Home = HOME,
    at: At = None,
    reference_key: ReferenceKey = None,
    evaluation: Evaluation = False,
    as_json: AsJson = False,
) -> None:
    """List who saw a child's scores: which system, for which of its people, and when; that it was listed is recorded."""
    where = place(home, at, reference_key, evaluation=evaluation)
    where.check_there()
    found = asyncio.run(_seen(where, read_subject(subject_file)))
    if as_json:
        typer.echo(json.dumps([asdict(one) | {"at": one.at.isoformat()} for one in found]))
        return
    for one in found:
        typer.echo(
            f"{one.at.isoformat()}  {one.client}  {one.user or 'nobody named'}  {one.did}  {one.score or ''}".rstrip()
        )
    typer.echo(f"seen {len(found):,} times")


@record.command()
def hold(
    *,
    subject_file: SubjectFile,
    reason: Reason,
    home: Home = HOME,
    at: At = None,
    reference_key: ReferenceKey = None,
    evaluation: Evaluation = False,
) -> None:
    """Keep all that is held about a child, whatever its age, until the hold is ended."""
    where = place(home, at, reference_key, evaluation=evaluation)
    subject = where.references().of(read_subject(subject_file))
    seq = _change(where, subject, hold_entry(subject, reason, user()), stands=False)
    typer.echo(f"entry {seq}: all that is held about the child is kept from now on")


@record.command()
def unhold(
    *,
    subject_file: SubjectFile,
    reason: Reason,
    home: Home = HOME,
    at: At = None,
    reference_key: ReferenceKey = None,
    evaluation: Evaluation = False,
) -> None:
    """End a hold: retention erases again what is old enough."""
    where = place(home, at, reference_key, evaluation=evaluation)
    subject = where.references().of(read_subject(subject_file))
    seq = _change(where, subject, unhold_entry(subject, reason, user()), stands=True)
    typer.echo(f"entry {seq}: the hold is ended")


@record.command()
def holds(*, home: Home = HOME, at: At = None, evaluation: Evaluation = False, as_json: AsJson = False) -> None:
    """List the holds that stand; a child is shown by what the record keeps of its reference."""
    with place(home, at, None, evaluation=evaluation).open() as engine, engine.connect() as connection:
        found = standing_holds(connection)
    if as_json:
        told = [
            {
                "child": one.subject.hex(),
                "seq": one.seq,
                "at": one.at.isoformat(),
                "reason": one.reason,
                "user": one.user,
            }
            for one in found
        ]
        typer.echo(json.dumps(told))
        return
    for one in found:
        typer.echo(f"{one.at:%Y-%m-%d}  {one.subject.hex()[:16]}  {one.reason} ({one.user}, entry {one.seq})")
    typer.echo(f"{len(found):,} holds stand")


@record.command()
def scores(
    *,
    bundle: Annotated[str, typer.Option(metavar="ID", help="The bundle: its id, or 8 digits of it or more.")],
    begin: Annotated[
        datetime.datetime | None,
        typer.Option("--from", formats=_DAYS, help="Only from this day on, by the calendar of this place."),
    ] = None,
    end: Annotated[
        datetime.datetime | None, typer.Option("--to", formats=_DAYS, help="Only up to the end of this day.")
    ] = None,
    references: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="References, one a line, or -: beside each of their scores it stands."),
    ] = None,
    home: Home = HOME,
    at: At = None,
    reference_key: ReferenceKey = None,
    evaluation: Evaluation = False,
) -> None:
    """List which children a bundle scored, as CSV; that it was listed is recorded."""
    where = place(home, at, reference_key, evaluation=evaluation)
    of = where.references().of if references is not None else None
    known = {of(each): each for each in read_subjects(references)} if of is not None and references is not None else {}
    until = end + datetime.timedelta(days=1) if end is not None else None
    with where.open() as engine:
        with engine.connect() as connection:
            named = bundle_named(connection, bundle)
        _note_listing(where, engine, named)
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(_COLUMNS)
        with engine.connect() as connection:
            for one in traced(connection, named, _begun(begin), _begun(until), known):
                row = (one.id, one.at.isoformat(), one.client, one.child, one.reference, _yes(erased=one.erased))
                table.writerow(row)


def _note_listing(where: Place, engine: Engine, bundle: str) -> None:
    said = json.dumps({"user": user(), "listed": "scores of the bundle"}).encode()
    with writing(engine) as connection:
        where.write(connection, Entry("read", "earlyid", said, bundle=bundle))
    where.sign(engine)


async def _account(where: Place, subject: str) -> Account:
    references = where.references()
    trusted = read_trusted(trusted_path(where.home))
    async with open_record(where.record, checkpoints=where.checkpoints, now=now, patience=COMMAND_SECONDS) as kept:
        known = Known(kept_in(where.home / "releases"), labels_of(where.home / "clients.toml"))
        told = await account_of(kept, references, subject, now(), trusted, known)
        said = json.dumps({"user": user()}).encode()
        await kept.append(Entry("account", "earlyid", said, subject=references.of(subject)))
    return told


async def _seen(where: Place, subject: str) -> list[Seen]:
    hashed = where.references().of(subject)
    async with open_record(where.record, checkpoints=where.checkpoints, now=now, patience=COMMAND_SECONDS) as kept:
        found = await seen_of(kept, hashed)
        said = json.dumps({"user": user(), "listed": "who saw the scores"}).encode()
        await kept.append(Entry("read", "earlyid", said, subject=hashed))
    return found


def _change(where: Place, subject: bytes, entry: Entry, *, stands: bool) -> int:
    """Record the beginning or the end of a hold, where there is none or one."""
    with where.open() as engine:
        with writing(engine) as connection:
            check_hold(connection, subject, stands=stands)
            seq = where.write(connection, entry)
        where.sign(engine)
    return seq


def _begun(day: datetime.datetime | None) -> datetime.datetime | None:
    """Return when a day begins by the calendar of this place."""
    return day.astimezone() if day is not None else None


def _yes(*, erased: bool) -> str:
    return "yes" if erased else "no"
