"""The verbs of the ledger: propose, sign, promote, rollback, withdraw, history, mirror."""

import asyncio
import datetime
import json
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from models.bundle import load_bundle
from models.errors import BadInput
from models.exceptions import read_exceptions
from models.signature import load_key
from service.ledger.history import (
    dated,
    day_as_json,
    day_in_words,
    period_as_json,
    period_in_words,
    periods,
    rest_as_json,
    rest_in_words,
)
from service.ledger.ledger import Ledger, bundle_named
from service.ledger.opening import open_ledger
from service.ledger.proposal_words import proposal_in_words, still_needed
from service.ledger.releases import Releases
from service.ledger.state import Offered, State

# Copies to the tracker what is live: aliases, each with the id of a bundle, the home of the training, and the folder of kept bundles.
Mirror = Callable[[dict[str, str], Path, Path], None]
# What the tracker calls what is live, what was before, and what is proposed.
ALIASES = ("champion", "previous", "challenger")
Got = TypeVar("Got")

release = typer.Typer(no_args_is_help=True, help="What becomes of a bundle after training: who allows it, and when.")

HomePath = Annotated[Path, typer.Option("--home", envvar="EARLYID_HOME", help="Where state lives.")]
RecordPlace = Annotated[
    str | None,
    typer.Option(
        "--record", envvar="EARLYID_RECORD", help="The record: a path, or a URL of PostgreSQL; in the home if left out."
    ),
]
Key = Annotated[Path, typer.Option(metavar="KEY", help="The private key of whoever signs.")]
Named = Annotated[str, typer.Argument(metavar="BUNDLE", help="The bundle: its folder, or its id.")]
Reason = Annotated[str, typer.Option(help="Why; it is recorded.")]
HOME = Path(".earlyid")


@release.command()
def propose(
    bundle: Annotated[
        str, typer.Argument(metavar="BUNDLE", help="The folder of the bundle, which is copied; or the id of one kept.")
    ],
    *,
    exceptions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exceptions to gates that said no, as a board decided them.")
    ] = None,
    keep_old_until: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="What is live now may be asked by its id to the end of that day."),
    ] = None,
    home: HomePath = HOME,
    record: RecordPlace = None,
) -> None:
    """Propose a bundle for release, once every gate lets it; prints what two people are to sign."""
    excepted = read_exceptions(exceptions) if exceptions is not None else ()
    until = keep_old_until.date() if keep_old_until is not None else None
    given = load_bundle(Releases(home / "releases").named(bundle))

    async def proposed(ledger: Ledger) -> list[str]:
        return _offer(ledger, await ledger.propose(given, excepted, until))

    _say(_on_ledger(home, record, proposed))


@release.command()
def sign(
    bundle: Named,
    *,
    key: Key,
    breaking: Annotated[
        bool, typer.Option("--breaking", help="I know that callers must change what they send.")
    ] = False,
    home: HomePath = HOME,
    record: RecordPlace = None,
) -> None:
    """Agree to the release of a bundle that is proposed; two different people do, neither of whom made it."""
    private = load_key(key)

    async def signed(ledger: Ledger) -> list[str]:
        named = bundle_named(bundle, await ledger.state())
        return _offer(ledger, await ledger.sign(named, private, breaking=breaking))

    _say(_on_ledger(home, record, signed))


@release.command()
def promote(bundle: Named, *, home: HomePath = HOME, record: RecordPlace = None) -> None:
    """Make a bundle live that two people have signed; a running service takes it up within seconds."""

    async def promoted(ledger: Ledger) -> list[str]:
        return _live(await ledger.promote(bundle_named(bundle, await ledger.state())))

    _say(_on_ledger(home, record, promoted))


@release.command()
def rollback(
    *,
    key: Key,
    reason: Reason,
    to_none: Annotated[bool, typer.Option("--to-none", help="To no score, whatever was live before.")] = False,
    home: HomePath = HOME,
    record: RecordPlace = None,
) -> None:
    """Go back to the bundle that was live before, or to no score; one person may, since it is the safe direction."""
    private = load_key(key)

    async def rolled_back(ledger: Ledger) -> list[str]:
        return _live(await ledger.roll_back(private, reason, to_none=to_none))

    _say(_on_ledger(home, record, rolled_back))


@release.command()
def withdraw(bundle: Named, *, key: Key, reason: Reason, home: HomePath = HOME, record: RecordPlace = None) -> None:
    """Take a proposal back; or have a bundle that was live neither asked by its id nor gone back to again."""
    private = load_key(key)

    async def withdrawn(ledger: Ledger) -> list[str]:
        return _live(await ledger.withdraw(bundle_named(bundle, await ledger.state()), private, reason))

    _say(_on_ledger(home, record, withdrawn))


@release.command()
def history(
    *,
    on: Annotated[
        datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was live on that day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
    home: HomePath = HOME,
    record: RecordPlace = None,
) -> None:
    """Say what was live when, and who allowed it."""
    if on is not None and on.date() > datetime.datetime.now().astimezone().date():
        raise BadInput("that day is still to come")

    async def told(ledger: Ledger) -> list[str]:
        state = await ledger.state()
        return list(_history(ledger, state, on.date() if on is not None else None, as_json=as_json))

    _say(_on_ledger(home, record, told))


@release.command()
def mirror(
    context: typer.Context,
    *,
    training: Annotated[
        Path | None,
        typer.Option(
            metavar="HOME", help="The home of the training, whose MLflow is written; the same home if left out."
        ),
    ] = None,
    home: HomePath = HOME,
    record: RecordPlace = None,
) -> None:
    """Copy to MLflow what is live (champion), what was before (previous) and what is proposed (challenger)."""

    async def state_of(ledger: Ledger) -> State:
        return await ledger.state()

    state = _on_ledger(home, record, state_of)
    if state == State():
        raise BadInput(f"nothing was ever proposed in {home}; name the home of the service with --home")
    aliases = aliases_of(state)
    copy: Mirror = context.obj
    copy(aliases, training if training is not None else home, home / "releases")
    _say(f"{alias}: {aliases.get(alias, 'none')}" for alias in ALIASES)


def aliases_of(state: State) -> dict[str, str]:
    """Return what the tracker calls the bundles of the ledger, each alias with the id of a bundle."""
    newest = next(reversed(tuple(state.open.values())), None)
    previous = state.previous.bundle if state.previous is not None else None
    challenger = newest.proposal.bundle if newest is not None else None
    named = zip(ALIASES, (state.live_bundle, previous, challenger), strict=True)
    return {alias: bundle for alias, bundle in named if bundle is not None}


def _on_ledger(home: Path, record: str | None, work: Callable[[Ledger], Awaitable[Got]]) -> Got:
    if record == "none":
        raise BadInput("EARLYID_RECORD is none, and the ledger is part of the record; name the record with --record")

    async def done() -> Got:
        async with open_ledger(home, record) as ledger:
            return await work(ledger)

    return asyncio.run(done())


def _offer(ledger: Ledger, offered: Offered) -> list[str]:
    folder = ledger.releases.place(offered.proposal.bundle)
    return [*proposal_in_words(offered, load_bundle(folder), folder, ledger.trusted), *still_needed(offered)]


def _live(state: State) -> list[str]:
    live, previous = state.live, state.previous
    told = [f"live: {live.bundle}" if live is not None else "nothing is live: no score is given"]
    return told + ([f"rollback goes back to: {previous.bundle}"] if previous is not None else [])


def _history(ledger: Ledger, state: State, day: datetime.date | None, *, as_json: bool) -> Iterable[str]:
    state = dated(state, ledger.now())
    shown = [period for period in periods(state) if day is None or period.touches(day)]
    if as_json:
        told = {"periods": [period_as_json(period, ledger.trusted) for period in shown]}
        rest = rest_as_json(state, ledger.trusted, ledger.today) if day is None else day_as_json(state, day)
        yield json.dumps(told | rest, ensure_ascii=False)
        return
    if day is not None:
        yield f"on {day}, by the calendar of this place:"
    for period in shown:
        yield from period_in_words(period, ledger.trusted)
    if day is None:
        yield from rest_in_words(state, ledger.trusted, ledger.today)
    else:
        yield from day_in_words(state, day)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
