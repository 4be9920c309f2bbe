"""
The commands of the decision record as a whole: `earlyid record verify | retain | backup | restore | checkpoint | clock | upgrade`.

Those about children are in `service.record.child_commands`. Exit 5: the record is not what it was.
"""

import datetime
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from models.errors import BadInput
from service.record import child_commands
from service.record.backup import back_up
from service.record.backup import restore as put_back
from service.record.checkpoints import Checkpoint
from service.record.clock import check_agrees, set_clock
from service.record.database import open_engine, writing
from service.record.findings import Verified
from service.record.options import HOME, AsJson, At, Evaluation, Home, Keys, commands, record
from service.record.places import Place, now, place, user
from service.record.retention import Due, Term, due
from service.record.retention import retain as erase_due
from service.record.schema import upgrade as bring_up
from service.record.verifying import verify as check

__all__ = ["child_commands", "main"]

BROKEN = 5


def main(argv: list[str]) -> None:
    """Run one command of the record."""
    commands(args=argv, prog_name="earlyid")


@record.command()
def verify(
    *,
    home: Home = HOME,
    at: At = None,
    evaluation: Evaluation = False,
    checkpoints: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A copy of the checkpoints that was kept elsewhere.")
    ] = None,
    key: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Check that every entry is what it was when it was written, and say which is not."""
    where = place(home, at, None, evaluation=evaluation)
    where.check_there()
    marks = where.marks(key or [], checkpoints)
    with where.open() as engine:
        verified = check(engine, marks)
    _tell(verified, as_json=as_json)
    if not verified.whole:
        raise typer.Exit(BROKEN)


@record.command()
def retain(
    *,
    older_than: Annotated[
        int,
        typer.Option(
            metavar="DAYS",
            min=1,
            envvar="EARLYID_RETENTION_DAYS",
            help="How long the authority keeps what is recorded: its own decision, so there is no default.",
        ),
    ],
    erase: Annotated[bool, typer.Option("--erase", help="Erase; without this, only say what would be erased.")] = False,
    home: Home = HOME,
    at: At = None,
    evaluation: Evaluation = False,
    as_json: AsJson = False,
) -> None:
    """Erase what is held of children once it is older than so many days; first only say what that would be."""
    where = place(home, at, None, evaluation=evaluation)
    term = Term(older_than, now())
    with where.open() as engine:
        if not erase:
            _tell_due(due(engine, term), as_json=as_json)
            return
        erased = erase_due(engine, term, user())
        if erased.entries:
            where.sign(engine)
    if as_json:
        typer.echo(json.dumps(asdict(erased)))
        return
    typer.echo(f"{erased.entries:,} entries: what was held of them is erased; the chain still verifies")
    if not erased.gone:
        typer.echo(
            "its bytes may still be in the database's files: others read meanwhile or still see an older state, or in PostgreSQL "
            "this role does not own the database and its tables; see to that and run this again for them to go"
        )


@record.command()
def backup(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write; it must not exist.")],
    *,
    home: Home = HOME,
    at: At = None,
    evaluation: Evaluation = False,
    key: Keys = None,
) -> None:
    """Copy the record and its checkpoints while the service runs, and verify the copy. The keys are not in it."""
    where = place(home, at, None, evaluation=evaluation)
    verified = back_up(_file(where), where.checkpoints, out, where.believed(key or []))
    typer.echo(f"{out}: {verified.entries:,} entries, whole; keep the keys of the home as well, and apart from it")


@record.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="A folder that `backup` wrote.")],
    *,
    home: Home = HOME,
    at: At = None,
    evaluation: Evaluation = False,
    key: Keys = None,
) -> None:
    """Put a copy in the place of a record that is lost, once it is seen to be whole; never over one that is there."""
    where = place(home, at, None, evaluation=evaluation)
    verified = put_back(source, _file(where), where.checkpoints, where.believed(key or []))
    typer.echo(f"{verified.entries:,} entries, whole; the newest is {verified.head}")


@record.command()
def checkpoint(
    *, home: Home = HOME, at: At = None, evaluation: Evaluation = False, key: Keys = None, as_json: AsJson = False
) -> None:
    """Verify the record, sign for its newest entry, and print that: keep it where whoever has the database is not."""
    where = place(home, at, None, evaluation=evaluation)
    marks = where.marks(key or []) if where.checkpoints.exists() else iter(())
    with where.open() as engine:
        verified = check(engine, marks)
        if not verified.whole:
            _tell(verified, as_json=as_json)
            raise typer.Exit(BROKEN)
        _tell_mark(where.sign(engine), as_json=as_json)


@record.command()
def clock(
    *,
    told: Annotated[
        datetime.datetime,
        typer.Option(
            "--now",
            metavar="TIME",
            formats=["%Y-%m-%dT%H:%M"],
            help="The time of this place by a clock that you trust, such as 2026-11-23T10:05; this machine's must agree.",
        ),
    ],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="What was wrong with the clock; never the name of a person.")
    ],
    home: Home = HOME,
    at: At = None,
    evaluation: Evaluation = False,
) -> None:
    """Date entries by the clock again after one that was ahead; what was written meanwhile keeps its dates. It is recorded."""
    where = place(home, at, None, evaluation=evaluation)
    check_agrees(told.astimezone(), now())
    said = json.dumps({"reason": reason, "user": user()}).encode()
    with where.open() as engine:
        with writing(engine) as connection:
            seq = set_clock(connection, said, now())
        where.sign(engine)
    typer.echo(f"entry {seq}: from here on entries are dated by the clock; those before it keep the dates they have")


@record.command()
def upgrade(*, home: Home = HOME, at: At = None, evaluation: Evaluation = False) -> None:
    """Bring the tables of the record to this version; back it up before, and stop the service."""
    where = place(home, at, None, evaluation=evaluation)
    where.check_there()
    engine = open_engine(where.record)
    typer.echo(f"the tables are of version {bring_up(engine)}")
    engine.dispose()


def _file(where: Place) -> Path:
    """Return the file of a record; raises BadInput for one in PostgreSQL, which has its own tools."""
    if where.file is None:
        raise BadInput(
            "copy a record in PostgreSQL with pg_dump, put it back with pg_restore, then: earlyid record verify"
        )
    return where.file


def _tell(verified: Verified, *, as_json: bool) -> None:
    if as_json:
        told = asdict(verified) | {"whole": verified.whole, "head_hash": verified.head_hash.hex()}
        typer.echo(json.dumps(told))
        return
    for found in verified.findings:
        typer.echo(found.words)
    if verified.found > len(verified.findings):
        typer.echo(f"… and {verified.found - len(verified.findings):,} more")
    # Of a record that is not whole nobody can say that it was retention.
    gone = "retention erased what was held of" if verified.whole else "nothing is held any more of"
    typer.echo(
        f"{verified.entries:,} entries; {gone} {verified.erased:,}; "
        f"the newest is {verified.head}, its hash {verified.head_hash.hex()}"
    )
    if verified.whole:
        typer.echo(f"every entry is what it was; {verified.checkpoints:,} checkpoints fit")
        typer.echo(_beyond(verified))
    else:
        typer.echo("the record is not what it was when it was written: put it aside, unchanged, and ask who had it")


def _beyond(verified: Verified) -> str:
    if verified.proven == verified.head:
        return "the last is of the newest entry: none was cut off before it was signed"
    return f"the last is of entry {verified.proven}: nothing proves that none was cut off after {verified.head}"


def _tell_due(found: Due, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    for kind, count in found.erase.items():
        typer.echo(f"  {kind:<20}{count:>10,}")
    typer.echo(f"{sum(found.erase.values()):,} entries would be erased with --erase; nothing was changed")
    typer.echo(f"as old and kept: {found.held:,} held, challenged or excluding, {found.not_expired:,} not expired")


def _tell_mark(mark: Checkpoint, *, as_json: bool) -> None:
    told = {"seq": mark.head.seq, "hash": mark.head.hash.hex(), "key": mark.key_id}
    typer.echo(json.dumps(told) if as_json else f"entry {told['seq']}\nhash  {told['hash']}\nkey   {told['key']}")
