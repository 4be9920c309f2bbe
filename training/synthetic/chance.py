"""Random numbers by name: each stage of each batch draws from its own stream, so that one stage never moves another."""

import zlib

import numpy as np


class Chance:
    """The random streams of one batch of families; the same seed and batch give the same numbers on every machine."""

    def __init__(self, seed: int, batch: int) -> None:
        self._key = (seed, batch)

    def stream(self, stage: str) -> np.random.Generator:
        """Return the stream of that stage, from its start."""
        return np.random.default_rng([*self._key, zlib.crc32(stage.encode())])
