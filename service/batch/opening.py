"""Opens what `earlyid score` needs to score a file for use: the ledger, the record, and the agreement of the client it is for."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from models.errors import BadInput, GateRefused
from models.secret import secret_bytes
from service.access.agreements import Client, read_agreements
from service.access.caller import Caller
from service.access.evaluation import EvaluationAccess
from service.answers.authority import read_authority
from service.batch.in_use import InUse
from service.batch.lines import answer_lines
from service.batch.tally import Say, Tally
from service.call import Call, Service
from service.current import Current, Held
from service.ledger.ledger import Ledger
from service.ledger.opening import open_ledger
from service.ledger.went_live import went_live
from service.live import Live
from service.operating.settings import NO_RECORD, Settings
from service.operating.trace import trace_of
from service.record.database import file_of, place_of
from service.record.references import References

NOTHING_LIVE = "nothing is live: no release was promoted; --evaluation BUNDLE scores by one that is not approved"


def score_for_use(settings: Settings, client: str | None, requests: Path, out: Path, say: Say) -> tuple[str, Tally]:
    """
    Answer every line of `requests` by what is live, each answer recorded; returns the bundle's id and what became of the rows.

    Raises as `in_use` and `answer_lines` do; what was recorded by then stays recorded, though nobody was answered.
    """
    with asyncio.Runner() as runner:
        opening = in_use(settings, client)
        found = runner.run(opening.__aenter__())
        try:
            return found.live.bundle.id, answer_lines(lambda lines: found.answers(lines, runner), requests, out, say)
        finally:
            runner.run(opening.__aexit__(None, None, None))


@asynccontextmanager
async def in_use(settings: Settings, client: str | None) -> AsyncIterator[InUse]:
    """
    Give what is live and where to record it, for the children of a client.

    Raises GateRefused when nothing is live, or it may not be asked; BadInput when a setting lacks.
    """
    place = settings.record or settings.home / "record.db"
    if settings.record == NO_RECORD or ((file := file_of(place_of(place))) is not None and not file.exists()):
        raise GateRefused(NOTHING_LIVE)
    async with open_ledger(settings.home, str(place)) as ledger:
        live, released = await _live(ledger)
        asked = _agreement(settings, client, ledger.today)
        service = Service(
            Current(Held(live)),
            # A file has no headers to know anybody by: whoever can run this reads the record's own keys.
            EvaluationAccess(),
            References(secret_bytes(settings.reference_file)),
            record=ledger.record,
            authority=read_authority(settings.authority_file),
        )
        caller = Caller(asked.name, asked.allowed, asked.purposes)
        yield InUse(Call(service, caller, {}, _nothing, trace_of({})[0]), ledger.record, live, released)


async def _live(ledger: Ledger) -> tuple[Live, int]:
    """Return the bundle that is live, checked as a service would, and the newest entry that says so."""
    released = await ledger.record.newest("release-")
    state = await ledger.state()
    if state.live is None:
        raise GateRefused(NOTHING_LIVE)
    live = ledger.releases.load(state.live.offered.proposal, ledger.today)
    return live.released_as(went_live(state, ledger.trusted)[live.bundle.id]), released


def _agreement(settings: Settings, client: str | None, today: datetime.date) -> Client:
    """Return the agreement of the client that the file is of; raises GateRefused when it may not ask for scores."""
    if client is None:
        raise BadInput("say whose children these are with --client, as in the file of sharing agreements")
    found = read_agreements(settings.clients_file).clients.get(client)
    if found is None:
        raise BadInput(f"there is no client of that name in {settings.clients_file.name}")
    if not found.holds(today) or "score" not in found.permissions:
        raise GateRefused(f"the sharing agreement of {found.name} has ended, or does not let it ask for scores")
    return found


async def _nothing() -> dict[str, object]:
    """Receive nothing: a file's requests have no connection."""
    return {"type": "http.disconnect"}
