"""What people read before they sign: what is proposed, what it changes, and where the board's pack is."""

from collections.abc import Iterator
from pathlib import Path

from models.bundle import Bundle
from service.ledger.history import maker_of
from service.ledger.releases import gates_of
from service.ledger.state import SIGNERS, Offered
from service.ledger.trusted import TrustedKeys


def proposal_in_words(offered: Offered, bundle: Bundle, folder: Path, trusted: TrustedKeys) -> Iterator[str]:
    """Yield what whoever signs a proposal agrees to; the bundle is kept in `folder`."""
    proposal = offered.proposal
    instead = f"in the place of {proposal.previous}" if proposal.previous is not None else "where nothing is live"
    yield f"bundle {proposal.bundle}"
    yield f"  proposed to go live {instead}"
    yield f"  made by {maker_of(offered, trusted)}, who signed it"
    yield from _gates(offered, bundle)
    for words in proposal.added:
        yield f"  callers may do more: {words}"
    for words in proposal.breaking:
        yield f"  CALLERS MUST CHANGE: {words}"
    if proposal.keep_old_until is not None and proposal.previous is not None:
        yield f"  what is live now may be asked by its id to the end of {proposal.keep_old_until}"
    yield f"  read before you sign: {folder / 'pack.html'}"


def still_needed(offered: Offered) -> Iterator[str]:
    """Yield who agreed so far, and what is needed next."""
    proposal = offered.proposal
    for agreed in offered.agreed:
        yield f"  signed by {agreed.key.name}"
    left = SIGNERS - len(offered.agreed)
    ticked = " --breaking" if proposal.breaking else ""
    if left > 0:
        yield f"{left} more to sign, each with a key of their own: earlyid release sign {proposal.bundle} --key KEY{ticked}"
    else:
        yield f"next: earlyid release promote {proposal.bundle}"


def _gates(offered: Offered, bundle: Bundle) -> Iterator[str]:
    gates = gates_of(bundle)
    blocked = gates.blocked("release")
    yield f"  evidence: {gates.evidence}; {len(gates.gates)} gates, of which {len(blocked)} said no"
    for gate in blocked:
        yield f"  {gate.code} said no: {gate.words}"
    for each in offered.proposal.exceptions:
        yield f"  excepted: {each.gate}, by {each.by}, minute {each.minute}, to {each.expires}: {each.reason}"
