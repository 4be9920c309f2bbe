"""
What of a span is exported: fields that are listed, and nothing that a caller chose but the 32 digits of its trace.

Loaded only where traces are exported.
"""

from collections.abc import Sequence

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, Status

# `http.route` is a template; `error.type` the name of a class; the rest are of closed sets.
FIELDS = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "network.protocol.version",
        "url.scheme",
        "error.type",
    }
)
_OWN = Resource({"service.name": "earlyid"})


class ListedFields(SpanExporter):
    """Exports spans with the fields that are listed, through another exporter."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export spans."""
        return self._inner.export([_listed(span) for span in spans])

    def shutdown(self) -> None:
        """Export no more."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Export what waits."""
        return self._inner.force_flush(timeout_millis)


def provider_of(processor: SpanProcessor) -> TracerProvider:
    """Return what makes spans, and hands them to a processor."""
    provider = TracerProvider(resource=_OWN)
    provider.add_span_processor(processor)
    return provider


def to_collector() -> SpanProcessor:
    """Return what exports spans, in batches, to where the environment says (OTEL_EXPORTER_OTLP_…)."""
    direct = requests.Session()
    # A proxy that the environment names could be another machine.
    direct.trust_env = False
    return BatchSpanProcessor(ListedFields(OTLPSpanExporter(session=direct)))


def _listed(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=_bare(span.get_span_context()),
        parent=_bare(span.parent),
        resource=span.resource,
        attributes={name: value for name, value in (span.attributes or {}).items() if name in FIELDS},
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _bare(context: SpanContext | None) -> SpanContext | None:
    """Return a context without what a caller said in `tracestate`."""
    if context is None:
        return None
    return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags)
