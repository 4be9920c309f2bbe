"""What every request for a score brings: the bundle it names, and the body that the bundle's contract reads."""

from service.call import Call
from service.live import Live

BUNDLE = b"earlyid-bundle"


def asked_bundle(call: Call) -> str | None:
    """Return the id of the bundle that a request names, if it names one."""
    return call.header(BUNDLE)


def live_of(call: Call) -> Live:
    """
    Return the bundle that answers, taken once; raises NoLiveModel when none is, Refused when the one named may not be.

    To be asked when the request is there whole: one that is sent slowly is not answered by what was live when it began.
    """
    service = call.service
    return service.current.held.asked(asked_bundle(call)).checked(service.today())
