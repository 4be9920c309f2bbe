"""Answers the pages: the front page, the pack of the live bundle's board, and its whole model."""

import asyncio

from models.bundle import Bundle
from models.plain_words import STAMP
from service.call import Call, Reply, Service
from service.live import Live
from service.model_sheet.sheet import sheet
from service.pages.content_rules import HTML, content_rules
from service.pages.front import front_page

# What the pages say of a bundle that the ledger made live.
APPROVED = "in use: two people signed its release"


async def front(call: Call) -> Reply:
    """Answer what this is, in plain words."""
    service = call.service
    return _reply(front_page(service.current.held.live, evaluation=service.evaluation))


async def pack(call: Call) -> Reply:
    """Answer the pack of the live bundle, to the byte; raises NoLiveModel."""
    live = _live(call.service)
    return _reply(await asyncio.to_thread(_pack, live.bundle), live.bundle.id)


async def curves(call: Call) -> Reply:
    """Answer the whole live model on one page; raises NoLiveModel."""
    service = call.service
    bundle = _live(service).bundle
    page = await service.watched.drawn.page(bundle.id, lambda: _sheet(bundle, service))
    return _reply(page, bundle.id)


def _live(service: Service) -> Live:
    return service.current.held.live.checked(service.today())


def _pack(bundle: Bundle) -> str:
    # The file may have to be read from the disk.
    return bundle.files["pack.html"].decode()


def _sheet(bundle: Bundle, service: Service) -> str:
    return sheet(bundle, STAMP if service.evaluation else APPROVED)


def _reply(page: str, bundle: str | None = None) -> Reply:
    return Reply(page.encode(), media_type=HTML, headers=content_rules(page), bundle=bundle)
