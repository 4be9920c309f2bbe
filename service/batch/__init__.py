"""Scores whole files: the answers of the door, without the door."""
