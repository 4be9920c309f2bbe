"""Answers the door: requests in, explained scores out; computes nothing about groups."""
