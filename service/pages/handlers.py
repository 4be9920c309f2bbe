"""Answers the pages: the front page, the pack of a bundle's board, and the whole of a model."""

import asyncio

from models.plain_words import STAMP
from service.actions.described import Described, described
from service.call import Call, Reply
from service.model_sheet.sheet import sheet
from service.pages.after_signing import with_release
from service.pages.content_rules import HTML, content_rules
from service.pages.front import front_page

# What the pages say of a bundle that the ledger made live, and of one that was live before.
APPROVED = "in use: two people signed its release"
PAST = "no longer in use: two people had signed its release"


async def front(call: Call) -> Reply:
    """Answer what this is, in plain words."""
    service = call.service
    return _reply(front_page(service.current.held.live, service.authority, evaluation=service.evaluation))


async def pack(call: Call) -> Reply:
    """Answer the pack of a bundle, with how it was released above it; raises NoLiveModel, or Refused when there is no such bundle."""
    found = await described(call)
    return _reply(await asyncio.to_thread(_pack, found), found.bundle.id)


async def curves(call: Call) -> Reply:
    """Answer a whole model on one page; raises NoLiveModel, or Refused when there is no such bundle."""
    found, service = await described(call), call.service
    approval = STAMP if service.evaluation else PAST if found.use == "past" else APPROVED
    drawn = f"{found.bundle.id} {approval} {found.released}"
    page = await service.watched.drawn.page(drawn, lambda: _sheet(found, approval))
    return _reply(page, found.bundle.id)


def _pack(found: Described) -> str:
    # The file may have to be read from the disk.
    page = found.bundle.files["pack.html"].decode()
    return page if found.released is None else with_release(page, found.bundle.id, found.released, found.use)


def _sheet(found: Described, approval: str) -> str:
    return sheet(found.bundle, approval, found.released)


def _reply(page: str, bundle: str | None = None) -> Reply:
    return Reply(page.encode(), media_type=HTML, headers=content_rules(page), bundle=bundle)
