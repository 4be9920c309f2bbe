"""Finds the records of one child in agencies that share no identifier, and writes what is linked without what identifies."""
