"""Who asks is known by a key or a token, may do what its agreement and its token both say, and asks only so often."""

import asyncio
import datetime
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput
from service.access.caller import Caller
from service.access.evaluation import EvaluationAccess
from service.access.key_file import Keys, made, read_keys, write_keys
from service.access.known_clients import KnownClients
from service.access.opening import Told, open_access
from service.access.refusals import NotKnown, TooOften
from service.access.tokens import TokenTrust
from service.problems import Refused, problem_of
from service.record.references import References

OTHER = b"eid_000000000000_" + b"x" * 43
PERSON = References(b"a key of tests").person


class Door:
    """Access as a service opens it, with what was told of it."""

    def __init__(self, access: KnownClients, key: str, told: list[str]) -> None:
        self.access, self.key, self.told = access, key.encode(), told

    def caller(self, **headers: bytes) -> Caller:
        """Return who asks with these headers."""
        named = {name.replace("_", "-").encode(): value for name, value in headers.items()}
        return asyncio.run(self.access.caller(named))

    def why(self, **headers: bytes) -> str:
        """Return why nobody is known by these headers, as it was told to those who run the service."""
        with pytest.raises(NotKnown) as refused:
            self.caller(**headers)
        assert self.told.pop() == refused.value.why
        if refused.value.why == "user":
            told = problem_of(refused.value)
            assert (told.status, told.type, "Earlyid-User" in told.detail) == (422, "/problems/breaks-form", True)
            assert "WWW-Authenticate" not in refused.value.headers
        else:
            assert problem_of(refused.value) == problem_of(NotKnown("no-credential"))
        return refused.value.why


@pytest.fixture
def door(clients_file: Path, keys_file: Path, tmp_path: Path, issuer: Any, clock: Any) -> Door:
    """The access of two clients, one with a key and tokens."""
    kept, key = made("mosaic", datetime.datetime.fromtimestamp(clock.now, datetime.UTC), None)
    keys_file.parent.mkdir()
    write_keys(keys_file, Keys(keys=(kept,)))
    key_set = tmp_path / "issuer.json"
    key_set.write_text(json.dumps(issuer.key_set), encoding="utf-8")
    trust = TokenTrust(issuer.trust.issuer, issuer.trust.audience, str(key_set))
    told: list[str] = []
    listener = Told(told.append, lambda error: told.append(str(error)))
    return Door(open_access(clients_file, keys_file, trust, None, listener, clock.clocks, person=PERSON), key, told)


def _bearer(credential: bytes) -> bytes:
    return b"Bearer " + credential


def test_by_key(door: Door) -> None:
    """A key is taken in either header, and gives what the agreement says."""
    expected = Caller("mosaic", frozenset({"score", "read", "feedback", "model"}), frozenset({"early_help"}))
    assert door.caller(x_api_key=door.key) == expected
    assert door.caller(authorization=_bearer(door.key)) == expected
    assert door.caller(authorization=b"bearer  " + door.key, earlyid_user=b"worker-7").user == "worker-7"


def test_by_token(door: Door, issuer: Any) -> None:
    """A token gives what both it and the agreement say; for a person it names, that person asks."""
    caller = door.caller(authorization=_bearer(issuer.token(scope="earlyid:score earlyid:audit")))
    assert (caller.client, caller.permissions, caller.user) == ("mosaic", {"score", "model"}, None)
    caller = door.caller(authorization=_bearer(issuer.token(sub="worker-7", scope=None)), earlyid_user=b"worker-8")
    assert (caller.permissions, caller.user) == ({"model"}, "worker-7")
    assert door.caller(authorization=_bearer(issuer.token()), earlyid_user=b"worker-8").user == "worker-8"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "no-credential"),
        ({"authorization": b"Basic bW9zYWljOg=="}, "not-a-credential"),
        ({"authorization": b""}, "not-a-credential"),
        ({"authorization": b"Bearer"}, "not-a-credential"),
        ({"authorization": b"Bearer "}, "token-malformed"),
        ({"x_api_key": b""}, "token-malformed"),
        ({"x_api_key": OTHER, "authorization": b"Bearer x"}, "two-credentials"),
        ({"x_api_key": OTHER}, "unknown-key"),
        ({"x_api_key": b"eid_"}, "unknown-key"),
        ({"x_api_key": b"eid_\xff_\xff"}, "unknown-key"),
        ({"authorization": b"Bearer " + b"x" * 9000}, "token-too-long"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_nobody(door: Door, headers: Mapping[str, bytes], why: str) -> None:
    """Whoever shows nothing, too much or something else is not known, and told the same."""
    assert door.why(**headers) == why


def test_wrong_keys(door: Door) -> None:
    """Every key that differs in any one character, is cut short or lengthened is refused."""
    prefix, id_, secret = door.key.split(b"_", 2)
    for at in range(len(secret)):
        changed = secret[:at] + (b"A" if secret[at : at + 1] != b"A" else b"B") + secret[at + 1 :]
        assert door.why(x_api_key=b"_".join([prefix, id_, changed])) == "wrong-secret"
    assert door.why(x_api_key=door.key[:-1]) == "wrong-secret"
    assert door.why(x_api_key=door.key + b"=") == "wrong-secret"
    assert door.why(x_api_key=b"_".join([prefix, id_, b""])) == "wrong-secret"


@pytest.mark.parametrize("given", [b"", b"a b", b"\xff", b"a" * 65, b"9434765919", b"943-476-5919", b"a\n"])
def test_users(door: Door, given: bytes) -> None:
    """A person is named by an opaque reference, never by an NHS number; only whoever is known hears of it."""
    assert door.why(x_api_key=door.key, earlyid_user=given) == "user"
    assert door.why(x_api_key=OTHER, earlyid_user=given) == "unknown-key"


@pytest.mark.parametrize("sub", ["auth0|123", "ann.lee@example.org", "9434765919", "a" * 65, "Zoë", "\ud800"])
def test_people_as_issuers_name_them(door: Door, issuer: Any, sub: str) -> None:
    """A person whom a token names as we would not keep it is known all the same, always by one reference that does not tell the name."""
    users = {door.caller(authorization=_bearer(issuer.token(sub=sub, jti=jti))).user for jti in ("1", "2")}
    other = door.caller(authorization=_bearer(issuer.token(sub=sub + "!"))).user
    assert len(users) == 1
    (user,) = users
    assert user is not None
    assert re.fullmatch("sub:[0-9a-f]{32}", user)
    assert user != other
    assert door.caller(x_api_key=door.key, earlyid_user=user.encode()).user == user


def test_a_client_that_asks_for_itself(door: Door, clock: Any, clients_file: Path, issuer: Any) -> None:
    """A client's own name in `sub` is no person, where its agreement says what it is."""
    token = _bearer(issuer.token(sub="case-system@clients"))
    assert door.caller(authorization=token).user is not None
    said = 'token_client = "case-system"\n'
    text = clients_file.read_text(encoding="utf-8").replace(said, f'{said}token_subject = "case-system@clients"\n')
    clients_file.write_text(text, encoding="utf-8")
    clock.pass_(5)
    assert door.caller(authorization=token).user is None
    assert door.caller(authorization=token, earlyid_user=b"worker-8").user == "worker-8"
    assert door.caller(authorization=_bearer(issuer.token())).user is None


def test_an_agreement_that_ended(door: Door, clock: Any, issuer: Any) -> None:
    """From the day after it expired, neither keys nor tokens of a client are taken, nor what was admitted before."""
    caller = door.caller(x_api_key=door.key)
    clock.pass_(366 * 86_400)
    assert door.why(x_api_key=door.key) == "expired-agreement"
    fresh = issuer.token(iat=int(clock.now), exp=int(clock.now) + 300)
    assert door.why(authorization=_bearer(fresh)) == "expired-agreement"
    with pytest.raises(NotKnown):
        asyncio.run(door.access.admit(caller))


def test_changes_are_seen_within_five_seconds(door: Door, clock: Any, clients_file: Path, keys_file: Path) -> None:
    """A key that is revoked, a client that is changed or taken out: all that without a restart."""
    assert "feedback" in door.caller(x_api_key=door.key).permissions
    clients_file.write_text(clients_file.read_text(encoding="utf-8").replace(', "feedback"', ""), encoding="utf-8")
    clock.pass_(5)
    assert "feedback" not in door.caller(x_api_key=door.key).permissions
    clients_file.write_text(clients_file.read_text(encoding="utf-8").replace("mosaic", "tapestry"), encoding="utf-8")
    clock.pass_(5)
    assert door.why(x_api_key=door.key) == "unknown-client"
    keys = read_keys(keys_file)
    write_keys(keys_file, keys.changed(keys.keys[0].model_copy(update={"revoked": keys.keys[0].created})))
    clock.pass_(5)
    assert door.why(x_api_key=door.key) == "revoked-key"


def test_a_slip_of_the_pen(door: Door, clock: Any, clients_file: Path) -> None:
    """A file that can no longer be read leaves everybody who was known, is told once, and is a trouble until it is mended."""
    before = clients_file.read_text(encoding="utf-8")
    assert door.access.trouble() is None
    clients_file.write_text("[[client]", encoding="utf-8")
    for _ in range(3):
        clock.pass_(5)
        assert door.caller(x_api_key=door.key).client == "mosaic"
    assert door.told == ["clients.toml: not TOML: TOMLDecodeError"]
    expected = "Not read as it stands now, so that what was read before holds: the clients file (the log says why)."
    assert door.access.trouble() == expected
    clients_file.write_text(before, encoding="utf-8")
    clock.pass_(5)
    assert door.access.trouble() is None


def test_tokens_are_kept_for_a_minute(door: Door, clock: Any, issuer: Any, tmp_path: Path) -> None:
    """A token is verified once a minute: a key that its issuer takes back is trusted for no longer than that."""
    token, short = _bearer(issuer.token()), _bearer(issuer.token(exp=int(clock.now) - 30))
    assert {door.caller(authorization=each).client for each in (token, short)} == {"mosaic"}
    others = {"keys": issuer.key_set["keys"][1:]}
    (tmp_path / "issuer.json").write_text(json.dumps(others), encoding="utf-8")
    clock.pass_(31)
    assert door.caller(authorization=token).client == "mosaic"
    assert door.why(authorization=short) in {"token-expired", "token-key"}
    clock.pass_(30)
    assert door.why(authorization=token) == "token-key"


def test_a_clock_set_back_keeps_no_token(door: Door, clock: Any, issuer: Any) -> None:
    """A token that was verified later than now is verified again."""
    token = _bearer(issuer.token(nbf=int(clock.now)))
    door.caller(authorization=token)
    clock.now -= 3600
    assert door.why(authorization=token) == "token-not-yet"


def test_many_tokens(door: Door, issuer: Any, clock: Any) -> None:
    """What is kept of tokens is bounded, however many there are."""
    kept = door.access._tokens._kept  # noqa: SLF001 - the bound is inside
    kept.update({number.to_bytes(32): (clock.now + 60, None) for number in range(4096)})
    door.caller(authorization=_bearer(issuer.token()))
    assert len(kept) == 4096


def test_how_often_a_batch(door: Door, clock: Any) -> None:
    """A batch counts as its requests, is let through once it has waited as it was told, and is never too large without being told."""

    async def send(size: int) -> int:
        caller = await door.access.caller({b"x-api-key": door.key})
        told = {**await door.access.admit(caller), **await door.access.admit_batch(caller, size)}
        return int(told["RateLimit"].split("r=")[1][0])

    async def run() -> None:
        assert await send(4) == 6
        with pytest.raises(TooOften) as refused:
            await send(10)
        clock.pass_(int(refused.value.headers["Retry-After"]))
        assert await send(10) == 0
        clock.pass_(60)
        with pytest.raises(Refused) as never:
            await send(11)
        assert [fault.detail for fault in never.value.faults] == [
            "must hold at most 10 requests: what the caller may ask at once"
        ]
        assert await send(1) == 8

    asyncio.run(run())


def test_how_often(door: Door) -> None:
    """Each request says what is left; one too many is refused, with when to come again."""

    async def run() -> None:
        caller = await door.access.caller({b"x-api-key": door.key})
        told = [await door.access.admit(caller) for _ in range(10)]
        assert [each["RateLimit"] for each in told[::9]] == ['"agreement";r=9;t=1', '"agreement";r=0;t=1']
        with pytest.raises(TooOften) as refused:
            await door.access.admit(caller)
        assert refused.value.headers == {
            "RateLimit-Policy": '"agreement";q=600;w=60',
            "RateLimit": '"agreement";r=0;t=1',
            "Retry-After": "1",
        }
        assert problem_of(refused.value).status == 429

    asyncio.run(run())


def test_evaluation() -> None:
    """Where a bundle is evaluated, whoever is on this machine may do everything, for any purpose, as often as it likes."""
    access = EvaluationAccess()
    caller = asyncio.run(access.caller({b"earlyid-user": b"me"}))
    assert (caller.client, caller.purposes, caller.user) == ("evaluation", None, "me")
    assert caller.may("audit")
    assert caller.may("operate")
    assert asyncio.run(access.admit(caller)) == {}
    with pytest.raises(NotKnown):
        asyncio.run(access.caller({b"earlyid-user": b"9434765919"}))


Spoil = Callable[[Path, Path], object]


def _end(keys: Path) -> None:
    """Have every key expire when it was made."""
    held = read_keys(keys).keys
    write_keys(keys, Keys(keys=tuple(key.model_copy(update={"expires": key.created}) for key in held)))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda clients, _: clients.unlink(), "there is no such clients file"),
        (lambda clients, _: clients.write_text(""), r"no \[\[client\]\]"),
        (lambda clients, _: clients.write_text(clients.read_text().replace("202", "201")), "every client has expired"),
        (lambda clients, _: clients.chmod(0o666), "others can change"),
        (lambda _, keys: keys.chmod(0o644), "others can read the file of API keys"),
        (lambda _, keys: keys.unlink(), "no client could be known"),
        (lambda _, keys: _end(keys), "no client could be known"),
        (lambda _, keys: keys.write_text("{}"), "no client could be known"),
    ],
)
def test_what_is_not_opened(
    door: Door, clients_file: Path, keys_file: Path, clock: Any, spoil: Spoil, why: str
) -> None:
    """A service that is relied on is not opened to nobody, or with files that others can change or read."""
    assert door
    open_access(clients_file, keys_file, clocks=clock.clocks, person=PERSON)
    spoil(clients_file, keys_file)
    with pytest.raises(BadInput, match=why) as refused:
        open_access(clients_file, keys_file, clocks=clock.clocks, person=PERSON)
    assert len(str(refused.value).splitlines()) == 1
