"""Tells the log and the figures of every request that was answered."""

from collections.abc import Callable

from service.call import Passed
from service.operating.watched import Watched


def told_to(watched: Watched) -> Callable[[Passed], None]:
    """Return what a service calls with each request that was answered (`Service.passed`)."""

    def passed(request: Passed) -> None:
        _log(watched, request)
        _count(watched, request)

    return passed


def _log(watched: Watched, request: Passed) -> None:
    watched.log.request(
        request.method,
        request.route or None,
        request.status,
        request.seconds,
        client=request.client,
        trace=request.trace,
        bundle=request.bundle,
        code=request.code,
        size=request.size,
    )
    if request.error is not None:
        watched.log.failed(request.error, trace=request.trace)


def _count(watched: Watched, request: Passed) -> None:
    meters = watched.meters
    meters.request(request.route or None, request.method, request.status, request.seconds)
    if request.code is not None:
        meters.refused(request.code)
    if request.why is not None:
        meters.not_known(request.why)
    for outcome in request.outcomes:
        meters.answered(outcome)
