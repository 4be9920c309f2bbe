"""
The ledger: what is written to the record when people release a bundle, and what must hold before it is.

Every rule about what follows from what is `service.ledger.state`'s; it is asked before an entry is written, and again of what was
read back, since somebody else may have been first.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.bundle import Bundle, load_bundle
from models.errors import BadInput, GateRefused
from models.exceptions import ReleaseException
from service.ledger.differences import Differences, differences
from service.ledger.releases import Releases, check_gates
from service.ledger.state import EPOCH, OTHER_LIVE, Offered, State, after, check_signers, fold
from service.ledger.statements import (
    Approval,
    Promotion,
    Proposal,
    RollBack,
    Statement,
    Withdrawal,
    payload,
    reason_of,
)
from service.ledger.trusted import TrustedKeys
from service.record.entries import Entry, Kind, Record, Written
from service.record.ids import new_id
from service.request_slots import request_slots

# Whose entries these are in the record: no client's.
CLIENT = "ledger"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of releases in a record, with the bundles they name and the keys that are trusted."""

    record: Record
    releases: Releases
    trusted: TrustedKeys
    now: Callable[[], datetime.datetime]

    @property
    def today(self) -> datetime.date:
        """The day, by the calendar of this place."""
        return self.now().astimezone().date()

    async def state(self) -> State:
        """Return what the ledger says."""
        return fold(await self.record.releases(), self.trusted)

    async def propose(
        self, given: Bundle, exceptions: tuple[ReleaseException, ...] = (), keep_old_until: datetime.date | None = None
    ) -> Offered:
        """
        Propose a bundle, which is copied whole to where releases are kept; returns what people will sign.

        Raises GateRefused when a gate says no, or nobody trusted signed the bundle.
        """
        state, bundle = await self.state(), self.releases.keep(given)
        if bundle.signature is None:
            raise GateRefused("nobody signed the bundle; whoever trained it signs it: earlyid train --key")
        if keep_old_until is not None and keep_old_until < self.today:
            raise BadInput("the day to which the old bundle is kept is past already")
        found = self._differences(state, bundle)
        proposal = Proposal(
            at=self.now(),
            id=new_id(self.now()),
            bundle=bundle.id,
            bundle_key=bundle.signature.key_id,
            previous=state.live_bundle,
            added=found.added,
            breaking=found.breaking,
            exceptions=exceptions,
            keep_old_until=keep_old_until,
        )
        check_gates(bundle, proposal, self.today)
        self.releases.load(proposal, self.today)
        state = await self._write(state, "release-proposed", proposal, bundle.id, made=proposal.id)
        return state.open[proposal.id]

    async def sign(self, bundle: str, key: Ed25519PrivateKey, *, breaking: bool = False) -> Offered:
        """Sign the proposal of a bundle; raises GateRefused when that may not be, or the bundle may not be released."""
        state = await self.state()
        proposal = self._offered(state, bundle).proposal
        if proposal.previous != state.live_bundle:
            # It could not go live, whoever signed.
            raise GateRefused(OTHER_LIVE)
        self.releases.load(proposal, self.today)
        approval = Approval(at=self.now(), proposal=proposal, breaking_ticked=breaking)
        state = await self._write(state, "release-signed", approval, bundle, about=proposal.id, key=key)
        return state.open[proposal.id]

    async def promote(self, bundle: str) -> State:
        """Make a bundle live whose proposal two people signed, all of which is checked again; raises GateRefused."""
        state = await self.state()
        offered = self._offered(state, bundle)
        check_signers(offered, self.trusted, self.today)
        self.releases.load(offered.proposal, self.today)
        promotion = Promotion(at=self.now(), proposal=offered.proposal.id, bundle=bundle)
        made = new_id(self.now())
        return await self._write(state, "release-promoted", promotion, bundle, about=offered.proposal.id, made=made)

    async def roll_back(self, key: Ed25519PrivateKey, reason: str, *, to_none: bool = False) -> State:
        """Go back to what was live before, which must still be fit to answer, or to no score; raises GateRefused."""
        stated_reason, state = reason_of(reason), await self.state()
        live, previous = state.live, state.previous
        if live is None:
            raise GateRefused("nothing is live")
        if previous is None and not to_none:
            raise GateRefused("nothing was live before; --to-none goes back to no score")
        if previous is not None and not to_none:
            self.releases.load(previous.offered.proposal, self.today)
        to = None if to_none or previous is None else previous.bundle
        stated = RollBack(at=self.now(), bundle=live.bundle, since=live.since, to=to, reason=stated_reason)
        made = new_id(self.now())
        return await self._write(
            state, "release-rolled-back", stated, live.bundle, about=live.since, made=made, key=key
        )

    async def withdraw(self, bundle: str, key: Ed25519PrivateKey, reason: str) -> State:
        """Take a proposal back, or have a bundle that was live neither asked nor gone back to again; raises GateRefused."""
        stated_reason, state = reason_of(reason), await self.state()
        offered = state.offered(bundle)
        proposal = offered.proposal.id if offered is not None else None
        stated = Withdrawal(at=self.now(), bundle=bundle, proposal=proposal, reason=stated_reason)
        return await self._write(state, "release-withdrawn", stated, bundle, about=proposal, key=key)

    async def _write(
        self,
        state: State,
        kind: Kind,
        statement: Statement,
        bundle: str,
        *,
        made: str | None = None,
        about: str | None = None,
        key: Ed25519PrivateKey | None = None,
    ) -> State:
        """Write an entry that follows from the state, and return the state that it led to."""
        held = payload(statement, key)
        at = (self.now() - EPOCH) // datetime.timedelta(microseconds=1)
        after(state, Written(0, at, kind, CLIENT, made, about, bundle, held, None, None), self.trusted)
        seq = await self.record.append(Entry(kind, CLIENT, held, id=made, about=about, bundle=bundle))
        then = await self.state()
        if passed := next((each for each in then.not_counted if each.seq == seq), None):
            raise GateRefused(f"something else was recorded first: {passed.why}")
        return then

    def _offered(self, state: State, bundle: str) -> Offered:
        if (found := state.offered(bundle)) is None:
            raise GateRefused(f"{bundle[:12]} {_why_not_proposed(state, bundle)}")
        return found

    def _differences(self, state: State, bundle: Bundle) -> Differences:
        """Compare what callers may send with what is live, or was last."""
        before = state.live_bundle or next((move.bundle for move in reversed(state.moves)), None)
        if before is None:
            return Differences((), ())
        old = load_bundle(self.releases.place(before)).contract
        return differences(request_slots(old), request_slots(bundle.contract))


def bundle_named(given: str, state: State) -> str:
    """Return the id of a bundle given by its folder, its id, or the first 8 digits or more of the id of one the ledger names."""
    if given and Path(given).is_dir():
        return load_bundle(Path(given)).id
    named = {each.proposal.bundle for each in state.open.values()} | {each.bundle for each in state.line}
    named |= state.kept.keys() | {each.bundle for each in state.moves}
    found = [each for each in named if len(given) >= 8 and each.startswith(given)]
    if len(found) != 1:
        raise BadInput(f"the ledger names no bundle {given[:64]}, and there is no such folder")
    return found[0]


def _why_not_proposed(state: State, bundle: str) -> str:
    """Return why a bundle can be neither signed nor promoted, and what to do."""
    if bundle == state.live_bundle:
        return "is live already"
    last = next((move.kind for move in reversed(state.moves) if move.bundle == bundle), None)
    match last:
        case "release-rolled-back":
            return "was live and is rolled back: propose it again"
        case "release-withdrawn":
            return "was withdrawn: propose it again"
        case _:
            return "is not proposed; propose it first"
