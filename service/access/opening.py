"""Opens access as the settings say, or says in one line why a service that is relied on must not be opened so."""

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from models.errors import BadInput
from service.access.agreements import Agreements, read_agreements
from service.access.api_keys import ApiKeys
from service.access.buckets import OwnBuckets
from service.access.file_watch import FileWatch
from service.access.issuer_fetch import check_address
from service.access.known_clients import KnownClients
from service.access.refusals import Why
from service.access.shared_buckets import SharedBuckets
from service.access.token_sources import KeysOfAddress, KeysOfFile
from service.access.tokens import Tokens, TokenTrust
from service.access.verified_tokens import VerifiedTokens


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, in words of ours and never of a caller's: why nobody was known, and what went wrong with a file or an issuer."""

    refused: Callable[[Why], None] = lambda _: None
    trouble: Callable[[BadInput], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The times that access goes by: seconds that never go back, seconds since 1970, and the day of the place it is lawful in."""

    steady: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    today: Callable[[], datetime.date] = datetime.date.today


def trust_of(issuer: str | None, audience: str | None, keys: str | None) -> TokenTrust | None:
    """Return whose tokens are taken, None where no setting says; raises BadInput when only some of the settings are given."""
    if not (issuer or audience or keys):
        return None
    if not (issuer and audience and keys):
        raise BadInput(
            "tokens need all of EARLYID_TOKEN_ISSUER, EARLYID_TOKEN_AUDIENCE and EARLYID_TOKEN_KEYS, or none"
        )
    return TokenTrust(issuer, audience, keys)


def open_access(
    clients: Path,
    keys: Path,
    trust: TokenTrust | None = None,
    engine: Engine | None = None,
    told: Told = Told(),
    clocks: Clocks = Clocks(),
    *,
    person: Callable[[str], str],
) -> KnownClients:
    """
    Return access of the clients of a file, by the keys of another and by the tokens of an issuer.

    Beside the file of keys the last good copy of the issuer's is kept. `engine` is the record's where several processes serve, and share how often each client may ask; None where there is one.
    `person` returns what is kept of a person whom tokens name in a way that we would not keep (`References.person`).
    Raises BadInput when it is not safe, or when nobody could ever be known.
    """
    agreements = FileWatch(clients, read_agreements, clocks.steady, told.trouble)
    api_keys = ApiKeys(
        keys, lambda: datetime.datetime.fromtimestamp(clocks.now(), datetime.UTC), clocks.steady, told.trouble
    )
    _check(agreements(), trust, clocks.today(), any_key=bool(api_keys))
    source = None if trust is None else _source(trust, keys.with_name("issuer-keys.json"), told, clocks)
    tokens = None if trust is None or source is None else Tokens(trust, source, clocks.now)
    return KnownClients(
        agreements,
        api_keys,
        None if tokens is None else VerifiedTokens(tokens, clocks.now),
        OwnBuckets(clocks.steady) if engine is None else SharedBuckets(engine, clocks.steady),
        clocks.today,
        told.refused,
        person,
        lambda: _trouble(agreements, api_keys, source),
    )


def _trouble(
    agreements: FileWatch[Agreements], api_keys: ApiKeys, source: KeysOfFile | KeysOfAddress | None
) -> str | None:
    """Return what does not hold as it stands now, in words that name no setting; the log has why."""
    behind = {
        "the clients file": agreements.behind(),
        "the file of API keys": api_keys.behind(),
        "the issuer's keys": source is not None and source.behind(),
    }
    named = ", ".join(name for name, so in behind.items() if so)
    return (
        f"Not read as it stands now, so that what was read before holds: {named} (the log says why)." if named else None
    )


def _source(trust: TokenTrust, kept: Path, told: Told, clocks: Clocks) -> KeysOfFile | KeysOfAddress:
    if "://" not in trust.keys:
        return KeysOfFile(Path(trust.keys), clocks.steady, told.trouble)
    check_address(trust.keys)
    return KeysOfAddress(trust.keys, clocks.steady, told.trouble, kept=kept, now=clocks.now)


def _check(agreements: Agreements, trust: TokenTrust | None, today: datetime.date, *, any_key: bool) -> None:
    clients = agreements.clients.values()
    if not clients:
        raise BadInput("the clients file has no [[client]]; write one for each system that calls (docs/access.md)")
    if not any(client.holds(today) for client in clients):
        raise BadInput(
            "the agreement of every client has expired; renew one, and change its `expires` in the clients file"
        )
    by_token = trust is not None and any(client.token_client for client in clients)
    if not (any_key or by_token):
        raise BadInput(
            "no client could be known: make a key (earlyid access key create CLIENT), or set EARLYID_TOKEN_ISSUER, "
            "EARLYID_TOKEN_AUDIENCE and EARLYID_TOKEN_KEYS and give a client its `token_client`"
        )
