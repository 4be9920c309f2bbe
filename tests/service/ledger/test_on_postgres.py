"""The ledger where the record is PostgreSQL: one road, as people walk it from machine to machine."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.bundle import load_bundle
from models.errors import GateRefused
from service.current import Current, Held
from service.ledger.opening import open_ledger
from service.ledger.trusted import trusted_path
from service.ledger.watching import Watch
from service.live import Live, Standby

People = Any


def test_the_road(postgres: Callable[[], str], home: Path, bundles: tuple[Path, ...], people: People) -> None:
    """Proposed, signed by two in sessions of their own, live at a service that follows, rolled back: as in a file."""
    url = postgres()

    async def story() -> None:
        async with open_ledger(home, url) as served:
            current = Current(Held(Standby("It has not started.")))
            watch = Watch(served.record, home / "releases", trusted_path(home), current)

            async def answering() -> str | None:
                await watch.look()
                assert watch.trouble is None
                return current.held.live.bundle.id if isinstance(current.held.live, Live) else None

            for folder in bundles[:2]:
                before = await answering()
                async with open_ledger(home, url) as ledger:
                    await ledger.propose(load_bundle(folder))
                    await ledger.sign(folder.name, people.ann)
                    with pytest.raises(GateRefused, match="1 of 2 signatures"):
                        await ledger.promote(folder.name)
                assert await answering() == before
                async with open_ledger(home, url) as ledger:
                    await ledger.sign(folder.name, people.bob)
                    await ledger.promote(folder.name)
                assert await answering() == folder.name
            async with open_ledger(home, url) as ledger:
                await ledger.roll_back(people.cat, "wrong")
                state = await ledger.state()
            assert await answering() == state.live_bundle == bundles[0].name
            assert [move.kind for move in state.moves] == [*["release-promoted"] * 2, "release-rolled-back"]
            assert state.not_counted == ()

    asyncio.run(story())


def test_two_at_once(postgres: Callable[[], str], home: Path, bundles: tuple[Path, ...], people: People) -> None:
    """Of two promotions at one moment, from two machines, one counts, and the other is told that something was first."""
    url = postgres()

    async def story() -> list[Any]:
        async with open_ledger(home, url) as first, open_ledger(home, url) as second:
            for folder in bundles[:2]:
                await first.propose(load_bundle(folder))
                await first.sign(folder.name, people.ann)
                await first.sign(folder.name, people.bob)
            done = await asyncio.gather(
                first.promote(bundles[0].name), second.promote(bundles[1].name), return_exceptions=True
            )
            state = await first.state()
            return [sum(isinstance(each, GateRefused) for each in done), len(state.moves), len(state.line)]

    assert asyncio.run(story()) == [1, 1, 1]
