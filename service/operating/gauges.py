"""Figures that are asked for whenever the metrics are read: the record's, and how old what is loaded is."""

import math

from service.call import Service
from service.operating.metrics import Meters
from service.record.store import Store


def add_gauges(meters: Meters, service: Service, store: Store | None) -> None:
    """Add the figures of a service and of its record."""
    meters.gauge("loaded_age_days", "How old the extracts are that scores by reference rest on.", lambda: _age(service))
    meters.gauge("troubles", "How many things /readyz tells that are wrong.", lambda: len(service.watched.troubled()))
    if store is None:
        return
    meters.gauge("record_waiting", "Requests that wait to be recorded.", lambda: store.waiting)
    meters.gauge("record_batches", "Batches written to the record since the start.", lambda: store.figures.batches)
    meters.gauge("record_entries", "Entries written to the record since the start.", lambda: store.figures.entries)
    meters.gauge("record_failures", "Batches that could not be written since the start.", lambda: store.figures.failed)
    meters.gauge("record_seconds", "Seconds spent writing batches since the start.", lambda: store.figures.seconds)


def _age(service: Service) -> float:
    extracted = service.loaded.extracted if service.loaded is not None else None
    return math.nan if extracted is None else (service.today() - extracted).days
