"""Access of the clients that have a sharing agreement: known by an API key or an access token, each asking so often."""

import datetime
from collections.abc import Callable, Mapping

from service.access.agreements import Agreements, Client
from service.access.api_keys import ApiKeys, is_key
from service.access.buckets import Buckets, headers_of
from service.access.caller import Caller
from service.access.credentials import credential, is_user, user
from service.access.refusals import NotKnown, TooOften, Why
from service.access.verified_tokens import VerifiedTokens
from service.problems import Fault, refused


class KnownClients:
    """
    Tells clients apart; `refused` is told why nobody was known, and `today` is the day on which agreements end.

    `person` returns what is kept of a person whom an issuer names in a way that we would not keep; `trouble` a sentence while something
    that access goes by is not as it stands now.
    """

    def __init__(
        self,
        agreements: Callable[[], Agreements],
        keys: ApiKeys,
        tokens: VerifiedTokens | None,
        buckets: Buckets,
        today: Callable[[], datetime.date],
        refused: Callable[[Why], None],
        person: Callable[[str], str],
        trouble: Callable[[], str | None],
    ) -> None:
        self._agreements, self._keys, self._tokens = agreements, keys, tokens
        self._buckets, self._today, self._refused, self._person = buckets, today, refused, person
        self.trouble = trouble

    async def caller(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Return who asks, by the headers of the request, their names in lower case; raises Refused (401)."""
        try:
            shown = credential(headers)
            return self._by_key(shown, headers) if is_key(shown) else await self._by_token(shown, headers)
        except NotKnown as error:
            self._refused(error.why)
            raise

    async def admit(self, caller: Caller) -> Mapping[str, str]:
        """Count one request; returns the headers that say what is left; raises Refused (429), RecordUnavailable."""
        client = self._holding(self._agreements().clients.get(caller.client))
        taken = await self._buckets.take(client)
        headers = headers_of(client, taken)
        if taken.refused:
            raise TooOften(headers, taken.wait)
        return headers

    async def admit_batch(self, caller: Caller, size: int) -> Mapping[str, str]:
        """Count the rest of a batch; returns the headers that say what is left; raises Refused (422, 429), RecordUnavailable."""
        client = self._holding(self._agreements().clients.get(caller.client))
        if size > client.burst:
            rule = f"must hold at most {client.burst} requests: what the caller may ask at once"
            raise refused([Fault(pointer="/requests", code="too-many", detail=rule)])
        if size == 1:
            return {}
        taken = await self._buckets.take(client, size - 1)
        headers = headers_of(client, taken)
        if taken.refused:
            # The first will count again when the batch is sent again.
            raise TooOften(headers, taken.wait + 60 / client.per_minute)
        return headers

    async def close(self) -> None:
        """Let go of what the rates are kept in."""
        await self._buckets.close()

    def _by_key(self, key: bytes, headers: Mapping[bytes, bytes]) -> Caller:
        client = self._holding(self._agreements().clients.get(self._keys.client(key)))
        return Caller(client.name, client.allowed, client.purposes, user(headers), client.teams)

    async def _by_token(self, token: bytes, headers: Mapping[bytes, bytes]) -> Caller:
        if self._tokens is None:
            raise NotKnown("token-not-taken")
        said = await self._tokens.verified(token)
        client = self._holding(self._agreements().of_tokens.get(said.client))
        # What the issuer says of the person counts for more than what the client does.
        person = user(headers) if said.subject in {said.client, client.token_subject} else self._named(said.subject)
        return Caller(client.name, client.allowed & (said.scopes | {"model"}), client.purposes, person, client.teams)

    def _named(self, subject: str) -> str:
        """Return what is kept of a person whom a token names: a name that is no opaque reference is not kept."""
        return subject if is_user(subject) else self._person(subject)

    def _holding(self, client: Client | None) -> Client:
        if client is None:
            raise NotKnown("unknown-client")
        if not client.holds(self._today()):
            raise NotKnown("expired-agreement")
        return client
