"""The bundle that a request for what a model is asks of: one that answers, or one that was live before, opened for this."""

from dataclasses import dataclass

from models.bundle import Bundle
from service.actions.asking import asked_bundle
from service.call import Call
from service.live import Live
from service.problems import NO_SUCH_BUNDLE, Refused
from service.released import Released, Use


@dataclass(frozen=True, slots=True)
class Described:
    """A bundle that is told of, how it was released (None: it is only evaluated), and how it is in use."""

    bundle: Bundle
    page: bytes
    released: Released | None
    use: Use


async def described(call: Call) -> Described:
    """
    Return the bundle that the header names, or what is live.

    Raises NoLiveModel when nothing is live, Refused (404) when the one named was never live, and 410 when it is not kept any more.
    """
    service = call.service
    held, named = service.current.held, asked_bundle(call)
    answering = {held.live.bundle.id: held.live} if isinstance(held.live, Live) else {}
    live = (answering | dict(held.kept)).get(named) if named is not None else held.live.checked(service.today())
    if live is not None:
        return Described(live.bundle, live.page, live.released, "live" if live is held.live else "kept")
    if named is None or named not in held.past:
        raise Refused(NO_SUCH_BUNDLE, "Leave the header Earlyid-Bundle out to ask what is live.")
    found = await service.old_bundles.bundle(service.releases, named)
    return Described(found.bundle, found.page, held.past[named], "past")
