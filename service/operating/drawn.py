"""Keeps the last page that took long to draw, so that asking for it again and again costs the scores nothing."""

import asyncio
from collections.abc import Callable


class Drawn:
    """One page, and what it is of."""

    def __init__(self) -> None:
        self._held: tuple[str, str] | None = None
        self._drawing = asyncio.Lock()

    async def page(self, of: str, draw: Callable[[], str]) -> str:
        """Return the page of a bundle as it stands, drawn in a thread of its own unless it was the last; one is drawn at a time."""
        async with self._drawing:
            if self._held is None or self._held[0] != of:
                self._held = (of, await asyncio.to_thread(draw))
            return self._held[1]
