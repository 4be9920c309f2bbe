"""
What is counted of the work, in the text format of Prometheus.

Every label is one of a set that is closed by the code or by the settings: routes by their template, never a path; kinds of problems;
the id of the live bundle. Nothing is told of a child. Bands are not counted: the difference of two readings would be one child's.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.process_collector import ProcessCollector

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds; a score takes one or two thousandths, its record a few.
_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST"})
_ELSEWHERE = "none"


class Meters:
    """Everything that is counted in one process."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # it has no types of its own
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = self._counter("earlyid_requests", "Requests answered.", ("route", "method", "status"))
        self._seconds = self._histogram("earlyid_request_seconds", "From the head of a request to its answer.", "route")
        self._refused = self._counter("earlyid_refusals", "Requests refused, by the kind of problem.", ("kind",))
        self._not_known = self._counter("earlyid_unknown_callers", "Why callers were not known, by code.", ("code",))
        self._answers = self._counter("earlyid_answers", "Answers about children, scored or why not.", ("outcome",))
        self._live = Gauge("earlyid_live", "1 for the bundle that is live.", ("bundle",), registry=self._registry)
        self._swaps = self._counter("earlyid_swaps", "Times that another bundle became live.")
        # Finding the figure that a label leads to costs more than counting.
        self._outcomes: dict[str, Counter] = {}
        self._observed: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def request(self, route: str | None, method: str, status: int, seconds: float) -> None:
        """Count one request; `route` is the template of its path, None where it leads nowhere."""
        key = (route or _ELSEWHERE, method if method in _METHODS else "OTHER", status)
        found = self._observed.get(key)
        if found is None:
            found = (self._requests.labels(key[0], key[1], str(status)), self._seconds.labels(key[0]))
            self._observed[key] = found
        found[0].inc()
        found[1].observe(seconds)

    def refused(self, kind: str) -> None:
        """Count a refusal by its kind (`service.problems`)."""
        self._refused.labels(kind).inc()

    def not_known(self, code: str) -> None:
        """Count a caller who was not known, by a code of a closed set."""
        self._not_known.labels(code).inc()

    def answered(self, outcome: str) -> None:
        """Count an answer about a child: `scored`, or the code of why it was not."""
        found = self._outcomes.get(outcome)
        if found is None:
            found = self._outcomes[outcome] = self._answers.labels(outcome)
        found.inc()

    def live(self, bundle: str | None) -> None:
        """Say which bundle is live; None: none is."""
        self._live.clear()
        if bundle is not None:
            self._live.labels(bundle).set(1)
        self._swaps.inc()

    def gauge(self, name: str, about: str, value: Callable[[], float]) -> None:
        """Add a figure that is asked for whenever the metrics are read; `name` without the leading `earlyid_`."""
        Gauge(f"earlyid_{name}", about, registry=self._registry).set_function(value)

    def told(self) -> bytes:
        """Return the figures as they are now."""
        return generate_latest(self._registry)

    def _counter(self, name: str, about: str, labels: tuple[str, ...] = ()) -> Counter:
        return Counter(name, about, labels, registry=self._registry)

    def _histogram(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(name, about, labels, buckets=_BUCKETS, registry=self._registry)
