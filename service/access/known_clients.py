"""Access of the clients that have a sharing agreement: known by an API key or an access token, each asking so often."""

import datetime
from collections.abc import Callable, Mapping

from service.access.agreements import Agreements, Client
from service.access.api_keys import ApiKeys, is_key
from service.access.buckets import Buckets, headers_of
from service.access.caller import Caller
from service.access.credentials import checked_user, credential, user
from service.access.refusals import NotKnown, TooOften, Why
from service.access.verified_tokens import VerifiedTokens


class KnownClients:
    """Tells clients apart; `refused` is told why nobody was known, and `today` is the day on which agreements end."""

    def __init__(
        self,
        agreements: Callable[[], Agreements],
        keys: ApiKeys,
        tokens: VerifiedTokens | None,
        buckets: Buckets,
        today: Callable[[], datetime.date],
        refused: Callable[[Why], None],
    ) -> None:
        self._agreements, self._keys, self._tokens = agreements, keys, tokens
        self._buckets, self._today, self._refused = buckets, today, refused

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

    def _by_key(self, key: bytes, headers: Mapping[bytes, bytes]) -> Caller:
        client = self._holding(self._agreements().clients.get(self._keys.client(key)))
        return Caller(client.name, client.allowed, client.purposes, user(headers), client.teams)

    async def _by_token(self, token: bytes, headers: Mapping[bytes, bytes]) -> Caller:
        if self._tokens is None:
            raise NotKnown("token-not-taken")
        said = await self._tokens.verified(token)
        client = self._holding(self._agreements().of_tokens.get(said.client))
        # What the issuer says of the person counts for more than what the client does.
        person = user(headers) if said.subject == said.client else checked_user(said.subject)
        return Caller(client.name, client.allowed & (said.scopes | {"model"}), client.purposes, person, client.teams)

    def _holding(self, client: Client | None) -> Client:
        if client is None:
            raise NotKnown("unknown-client")
        if not client.holds(self._today()):
            raise NotKnown("expired-agreement")
        return client
