"""
Traces by OpenTelemetry, through FastAPI's own support: only where a setting asks for them, and only to where it allows.

A span tells the route by its template, the method, the status and how long it took. What a caller sent (the path, the query, the
host it named, its `tracestate`) is taken out before anything is exported. Logs and metrics are never exported: they could carry values.
"""

import importlib.util
import os
from urllib.parse import urlsplit

from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import TracerProvider

from models.errors import BadInput
from service.guard import is_loopback
from service.operating.settings import Settings

NO_TELEMETRY = TelemetryConfig(auto_configure=False, tracing=False, metrics=False, logs=False)
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_LIBRARY = "opentelemetry.sdk"


def telemetry_of(settings: Settings) -> TelemetryConfig:
    """Return what FastAPI is told of telemetry; raises BadInput when traces cannot be exported, or would go where they may not."""
    if settings.traces == "off":
        return NO_TELEMETRY
    endpoint = next((found for name in _ENDPOINTS if (found := os.environ.get(name))), None)
    if endpoint is None:
        raise BadInput("EARLYID_TRACES asks for traces, and OTEL_EXPORTER_OTLP_ENDPOINT does not say where they go")
    if settings.traces == "here" and not _is_here(endpoint):
        raise BadInput(
            "OTEL_EXPORTER_OTLP_ENDPOINT is another machine; set EARLYID_TRACES=elsewhere if traces may leave this one"
        )
    if importlib.util.find_spec(_LIBRARY) is None:
        raise BadInput("EARLYID_TRACES asks for traces; install early-identification[traces]")
    # Only now: where no traces are exported, the library need not be there, and costs no memory.
    from service.operating.span_fields import provider_of, to_collector  # noqa: PLC0415

    return tracing_by(provider_of(to_collector()))


def tracing_by(provider: TracerProvider) -> TelemetryConfig:
    """Return what FastAPI is told where spans are made by a provider: one a request, and nothing else."""
    return TelemetryConfig(
        tracer_provider=provider,
        auto_configure=False,
        tracing=True,
        operation_spans=False,
        metrics=False,
        logs=False,
    )


def _is_here(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    return host == "localhost" or is_loopback(host)
