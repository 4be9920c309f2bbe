"""Random numbers by name: each stage of each batch draws from its own stream, so that one stage never moves another."""

import zlib

import numpy as np


class Chance:
    """The random streams of one batch of families; the same seed and batch give the same numbers on every machine."""

    def __init__(self, seed: int, batch: int) -> None:
        self._key = (seed, batch)

    @property
    def batch(self) -> int:
        """Which batch this is, from 0."""
        return self._key[1]

    def stream(self, stage: str) -> np.random.Generator:
        """Return the stream of that stage, from its start."""
        return np.random.default_rng([*self._key, zlib.crc32(stage.encode())])

    def shared(self, stage: str) -> np.random.Generator:
        """Return the stream of what all batches of a seed have in common, from its start."""
        return np.random.default_rng([self._key[0], zlib.crc32(stage.encode())])
