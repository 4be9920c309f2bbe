"""Finds each child's records in agencies that share no identifier, and writes what is linked without what identifies."""
