"""What a model is, for programs; its pages for people are `service.pages`."""

import asyncio

from service.actions.described import Described, described
from service.call import Call, Reply
from service.model_page import model_page


async def model(call: Call) -> Reply:
    """Tell what the live model is, or one that was live and is named."""
    found = await described(call)
    page = await asyncio.to_thread(_past, found) if found.use == "past" else found.page
    return Reply(page, bundle=found.bundle.id)


def _past(found: Described) -> bytes:
    return model_page(found.bundle, found.released, past=True).model_dump_json().encode()
