"""Which contract is live: what is loaded without saying for which bundle is for this one."""

import asyncio
from pathlib import Path

from models.bundle import load_bundle
from models.contract import Contract
from models.errors import BadInput
from service.ledger.opening import open_ledger


def live_contract(home: Path, record: str | None) -> Contract:
    """Return the contract of the bundle that the ledger of a home says is live; raises BadInput when nothing is."""
    return asyncio.run(_live(home, record))


async def _live(home: Path, record: str | None) -> Contract:
    async with open_ledger(home, record) as ledger:
        state = await ledger.state()
        if state.live_bundle is None:
            raise BadInput(
                "nothing is live: name the bundle that will be asked (--bundle), or its contract (--contract)"
            )
        return load_bundle(ledger.releases.place(state.live_bundle)).contract
