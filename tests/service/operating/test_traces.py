"""Traces: one span a request, in the fields that are listed; nothing that a caller chose leaves but the digits of its trace."""

import contextlib
import datetime
from collections.abc import AsyncIterator, Iterator, Mapping

import pytest
from fastapi.telemetry import TelemetryConfig
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from models.errors import BadInput
from service.access.evaluation import EvaluationAccess
from service.app import app_of
from service.call import Service
from service.current import Current, Held
from service.live import Live
from service.operating.settings import Settings
from service.operating.span_fields import FIELDS, ListedFields, provider_of
from service.operating.traces import NO_TELEMETRY, telemetry_of, tracing_by
from service.record.references import References

CANARY = "canary9434765919"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """What was exported."""
    return InMemorySpanExporter()


@pytest.fixture
def client(live: Live, spans: InMemorySpanExporter) -> Iterator[TestClient]:
    """A client of a service whose requests are traced."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Service]:
        today = datetime.date(2026, 9, 1)
        yield Service(Current(Held(live)), EvaluationAccess(), References(b"key"), evaluation=True, today=lambda: today)

    telemetry = tracing_by(provider_of(SimpleSpanProcessor(ListedFields(spans))))
    with TestClient(app_of(opened, telemetry), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as made:
        yield made


def test_a_span(client: TestClient, spans: InMemorySpanExporter) -> None:
    """A request is one span of the caller's trace, named by the template of its route, and answered with that trace."""
    answer = client.get(f"/v1/scores/{CANARY}", headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    (span,) = spans.get_finished_spans()
    context = span.get_span_context()
    assert context is not None
    assert (span.name, f"{context.trace_id:032x}") == ("GET /v1/scores/{id}", TRACE)
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/v1/scores/{id}",
        "http.response.status_code": answer.status_code,
        "network.protocol.version": "1.1",
        "url.scheme": "http",
    }
    assert answer.headers["traceparent"] == f"00-{TRACE}-{context.span_id:016x}-01"


def test_nothing_that_was_sent(client: TestClient, spans: InMemorySpanExporter) -> None:
    """A canary in the path, the query, the body, the method and every header is in no span."""
    sent: Mapping[str, str] = {
        "host": f"{CANARY}.example",
        "traceparent": f"00-{TRACE}-{SPAN}-01",
        "tracestate": f"a={CANARY}",
        "baggage": f"subject={CANARY}",
        "user-agent": CANARY,
        "authorization": f"Bearer {CANARY}",
        "content-type": "application/json",
    }
    for method, path in (("POST", "/v1/scores"), ("GET", f"/{CANARY}"), (CANARY.upper(), "/v1/model")):
        for query in ("", f"?subject={CANARY}"):
            client.request(method, f"{path}{query}", headers=dict(sent), content=f'{{"subject": "{CANARY}"}}')
    finished = spans.get_finished_spans()
    assert len(finished) == 6
    for span in finished:
        assert set(span.attributes or {}) <= FIELDS
        assert CANARY not in span.to_json().lower()


def test_off_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of OpenTelemetry says, nothing is traced unless our own setting asks for it."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    assert telemetry_of(Settings()) == NO_TELEMETRY
    assert TelemetryConfig(auto_configure=False, tracing=False, metrics=False, logs=False) == NO_TELEMETRY


def test_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traces leave the machine only where the setting says so; logs and metrics are exported nowhere."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://192.0.2.1:4318")
    with pytest.raises(BadInput, match="EARLYID_TRACES=elsewhere"):
        telemetry_of(Settings(traces="here"))
    found = telemetry_of(Settings(traces="elsewhere"))
    assert (found["tracing"], found["metrics"], found["logs"]) == (True, False, False)
