"""
Whether the service answers, and what is wrong: for the probes of an orchestrator, and for people.

Nothing here tells anything of a child, nor of a setting; troubles are sentences of this program.
"""

from service.call import Call, Reply
from service.operating.metrics import MEDIA_TYPE
from service.probes import Alive, Ready
from service.problems import NoLiveModel


async def livez(_call: Call) -> Reply:
    """Tell that the process runs."""
    return Reply(Alive().model_dump_json().encode())


async def readyz(call: Call) -> Reply:
    """Tell that the service answers, and what is wrong besides; raises NoLiveModel or RecordUnavailable when it does not."""
    service = call.service
    watched = service.watched
    if watched.stopping:
        raise NoLiveModel("The service is stopping; ask another.")
    live = service.current.held.live.checked(service.today())
    if service.record is not None:
        await watched.probe.check(service.record)
    return Reply(Ready(bundle=live.bundle.id, troubles=watched.troubled()).model_dump_json().encode())


async def metrics(call: Call) -> Reply:
    """Tell the figures of this process."""
    meters = call.service.watched.meters
    return Reply(meters.told(), media_type=MEDIA_TYPE)
