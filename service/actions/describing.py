"""What the live model is, for programs; its pages for people are `service.pages`."""

from service.actions.asking import live_of
from service.call import Call, Reply


async def model(call: Call) -> Reply:
    """Tell what the live model is."""
    live = live_of(call)
    return Reply(live.page, bundle=live.bundle.id)
