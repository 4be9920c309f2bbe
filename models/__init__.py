"""Turns a child record into a score, and does nothing else: no web, no tracker, no database, no clock."""
