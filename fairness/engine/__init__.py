"""The engine: what is measured of every group at every list, with intervals, gaps and verdicts; exact, and never told as it is."""
