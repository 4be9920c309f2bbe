"""Leak alarms: what must never be true of the rows a model learns from, looked for in every run."""
