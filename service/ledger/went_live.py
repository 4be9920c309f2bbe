"""Which bundles were ever live, by what the ledger comes to: whose they are, who agreed, and since when or when last."""

import datetime
from collections.abc import Mapping

from service.ledger.state import Release, State
from service.ledger.trusted import TrustedKeys
from service.released import Released


def went_live(state: State, trusted: TrustedKeys) -> Mapping[str, Released]:
    """Return how each bundle that was ever live became so last, by its id; what lives on after a withdrawal is told unchanged."""
    found: dict[str, tuple[str, Released]] = {}
    for move in state.moves:
        release = move.live
        # Moves that left it live say nothing new of it.
        if release is not None and found.get(release.bundle, ("",))[0] != release.since:
            found[release.bundle] = (release.since, _released(release, move.at, trusted))
    return {bundle: told for bundle, (_, told) in found.items()}


def _released(release: Release, at: datetime.datetime, trusted: TrustedKeys) -> Released:
    offered = release.offered
    return Released(
        _signer(release, trusted),
        tuple(each.key.name for each in offered.agreed),
        tuple(each.at.date() for each in offered.agreed),
        offered.proposal.exceptions,
        at,
    )


def _signer(release: Release, trusted: TrustedKeys) -> str:
    key = release.offered.proposal.bundle_key
    known = trusted.of(key)
    return known.name if known is not None else f"the holder of the key {key[:16]}"
