"""Benchmarks: each prints one line of JSON with ratios measured in one run, since machines are noisy."""
