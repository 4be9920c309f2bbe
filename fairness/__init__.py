"""Judges scored results group by group; knows nothing of how a score was made."""
