"""
Opens the service as the settings say.

It answers callers who are known by what the ledger says is live, and records all of it; or it has one bundle evaluated on this machine.
What cannot be relied on is refused before an address is taken, in one line that says what to do. Nothing live is not refused: the service
starts, says that it is not ready, and waits for a promotion.
"""

import asyncio
import contextlib
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import BadInput, KeyFileError
from models.secret import new_secret, secret_bytes
from service.access.agreements import labels_of
from service.access.evaluation import EvaluationAccess
from service.access.known_clients import KnownClients
from service.access.opening import Told, open_access, trust_of
from service.answers.authority import NOBODY, read_authority
from service.call import Service
from service.current import Current, Held
from service.excluded import keep_excluded, read_excluded
from service.guard import is_loopback
from service.ledger.trusted import TrustedKeys, read_trusted, trusted_path
from service.ledger.watching import Watch
from service.live import Live, Standby, load_live
from service.loaded.by_reference import Loaded
from service.loaded.store import LoadedStore
from service.operating.gauges import add_gauges
from service.operating.keeping import kept_up
from service.operating.memory import settle
from service.operating.passing import told_to
from service.operating.private_home import check_file, check_home
from service.operating.settings import NO_RECORD, Settings
from service.operating.troubles import log_troubles
from service.operating.watched import Watched
from service.record.database import file_of, open_engine, place_of
from service.record.references import References
from service.record.store import Store, open_record

Keeper = Callable[[], Coroutine[None, None, None]]


@dataclass(slots=True)
class Start:
    """A service that can be opened; what it holds was checked already. `access` may hold a database."""

    service: Service
    store: Store | None
    access: KnownClients | None = None
    first: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    keepers: list[Keeper] = field(default_factory=list)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Service]:
        """Give the service, kept up to date until it is closed: its record last, once nothing more is answered."""
        log = self.service.watched.log
        keeping: list[asyncio.Task[None]] = []
        try:
            for step in self.first:
                await step()
            keeping = [asyncio.create_task(kept_up(keeper, log)) for keeper in self.keepers]
            settle()
            log.told("started", bundle=_named(self.service.current.held))
            yield self.service
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
            await self.close()
            log.told("stopped")

    async def close(self) -> None:
        """Let go of the databases."""
        if self.store is not None:
            await self.store.close()
        if self.access is not None:
            await self.access.close()


def start(settings: Settings, watched: Watched, excluded: frozenset[str] = frozenset()) -> Start:
    """
    Return the service that the settings describe, its keepers not yet started.

    `excluded` are references of children of whom no score is given in an evaluation. Raises EarlyidError with one line.
    """
    try:
        made = _production(settings, watched) if settings.bundle is None else _evaluation(settings, watched, excluded)
    except OSError as error:
        named = Path(str(error.filename or settings.home)).name
        raise BadInput(
            f"{named} cannot be used: {error.strerror or type(error).__name__}; see what and whose it is"
        ) from None
    made.service.passed = told_to(watched)
    loaded = LoadedStore(settings.home / "loaded")
    made.service.loaded = Loaded(loaded, made.service.references, settings.loaded_days)
    watched.troubles["loaded"] = loaded.trouble
    made.service.releases = settings.home / "releases"
    made.keepers.append(lambda: log_troubles(made.service))
    add_gauges(watched.meters, made.service, made.store)
    return made


def _evaluation(settings: Settings, watched: Watched, excluded: frozenset[str]) -> Start:
    if not is_loopback(settings.host):
        raise BadInput(
            "a bundle is evaluated on this machine only: --host is another address; leave out --bundle to serve"
        )
    bundle = settings.bundle or Path()
    today = datetime.date.today()  # noqa: DTZ011 - gateways expire by the calendar of this place
    live = load_live(bundle, today, excluded)
    authority = read_authority(settings.authority_file) if settings.authority_file.exists() else NOBODY
    store = None
    if settings.record != NO_RECORD:
        store = _open_record(
            settings.record or settings.home / "evaluation.db", settings.home / "evaluation-checkpoints.jsonl"
        )
    watched.meters.live(live.bundle.id)
    service = Service(
        Current(Held(live)),
        EvaluationAccess(),
        References(_own_secret(settings)),
        record=store,
        evaluation=True,
        authority=authority,
        watched=watched,
    )
    return _with_exclusions(Start(service, store))


def _production(settings: Settings, watched: Watched) -> Start:
    if settings.record == NO_RECORD:
        raise BadInput(
            "without a decision record nothing is answered; set EARLYID_RECORD to where it is, or leave it out"
        )
    check_home(settings.home)
    check_file(settings.authority_file)
    authority = read_authority(settings.authority_file)
    references = References(secret_bytes(settings.reference_file))
    record = settings.record or settings.home / "record.db"
    access = open_access(
        settings.clients_file,
        settings.home / "keys" / "api-keys.json",
        trust_of(settings.token_issuer, settings.token_audience, settings.token_keys),
        None if file_of(place_of(record)) is not None else open_engine(record, 1),
        Told(trouble=lambda error: watched.log.told("access-trouble", "warning", why=error.headline)),
        person=references.person,
    )
    store = _open_record(record, settings.home / "checkpoints.jsonl")
    current = Current(Held(Standby("The ledger was not read yet.")))
    watch = Watch(
        store,
        settings.home / "releases",
        trusted_path(settings.home),
        current,
        changed=lambda held: _swapped(watched, held),
    )
    watched.troubles |= {"ledger": lambda: watch.trouble, "access": access.trouble}
    service = Service(current, access, references, record=store, authority=authority, watched=watched)
    service.trusted = lambda: _trusted(settings.home)
    service.labels = lambda: labels_of(settings.clients_file)
    return _with_exclusions(Start(service, store, access, [watch.look], [watch.keep]))


def _open_record(record: str | Path, checkpoints: Path) -> Store:
    checkpoints.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_record(record, checkpoints=checkpoints, now=lambda: datetime.datetime.now(datetime.UTC), alone=True)


def _with_exclusions(made: Start) -> Start:
    if made.store is not None:
        service, store = made.service, made.store
        service.watched.troubles |= {"checkpoints": lambda: store.trouble, "clock": lambda: store.clock_trouble}
        made.first.append(lambda: read_excluded(service, store))
        made.keepers.append(lambda: keep_excluded(service, store))
    return made


def _trusted(home: Path) -> TrustedKeys:
    """Return the keys that are trusted now; none where they cannot be read, of which the ledger's watch tells."""
    try:
        return read_trusted(trusted_path(home))
    except KeyFileError:
        return TrustedKeys()


def _own_secret(settings: Settings) -> bytes:
    """Return the secret of an evaluation, made when it is first needed: what it keeps is not for use."""
    path = settings.home / "keys" / "evaluation.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(KeyFileError):
        new_secret(path)
    return secret_bytes(path)


def _swapped(watched: Watched, held: Held) -> None:
    watched.meters.live(_named(held))
    if isinstance(held.live, Standby):
        watched.log.told("nothing-live", "warning", why=held.live.why)
    else:
        watched.log.told("swapped", bundle=held.live.bundle.id)


def _named(held: Held) -> str | None:
    return held.live.bundle.id if isinstance(held.live, Live) else None
