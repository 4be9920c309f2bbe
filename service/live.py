"""
What is live: one checked bundle with all that answers its requests, immutable, taken once by each request.

Bytes in, bytes out; no HTTP. Nothing live, or a lawful gateway that has run out, is the safe state: no score.
"""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path

from models.bundle import Bundle, load_bundle
from models.errors import ContractError
from models.scope import NotScored
from models.scorer import Scored
from service.answers.facts import with_subject
from service.answers.rendering import Renderer
from service.body import check_json
from service.kept_files import on_the_disk
from service.model_page import model_page
from service.problems import NoLiveModel
from service.released import Released
from service.request_form import RequestForm
from service.request_record import Asked, RecordReader
from service.request_slots import request_slots


@dataclass(frozen=True, slots=True)
class Live:
    """A bundle that answers; `released` is None where it is only evaluated."""

    bundle: Bundle
    form: RequestForm
    reader: RecordReader
    renderer: Renderer
    page: bytes
    last_day: datetime.date
    excluded: frozenset[str] = frozenset()
    released: Released | None = None

    def released_as(self, released: Released | None) -> "Live":
        """Return this bundle as one that went live so; the very same where that was known."""
        if released is None or released == self.released:
            return self
        renderer = Renderer(self.bundle, released.on)
        return replace(self, renderer=renderer, page=_page(self.bundle, released), released=released)

    def checked(self, today: datetime.date) -> "Live":
        """Return this bundle; raises NoLiveModel when a lawful gateway has run out since it was loaded."""
        if today > self.last_day:
            raise NoLiveModel("The lawful gateway of a source has expired; renew it in the contract and train again.")
        return self

    def answer(self, body: bytes) -> bytes:
        """Return the JSON that answers the JSON of a request; raises Refused."""
        check_json(body)
        asked = self.reader.read(self.form.decode(body))
        if asked.subject in self.excluded:
            return with_subject(self.renderer.unavailable(asked), asked.subject)
        return with_subject(self.renderer.render(asked, self.score(asked)), asked.subject)

    def score(self, asked: Asked) -> Scored | NotScored:
        """Score what is asked; a summary does not tell how old each reason is, so that is not worked out for it."""
        return self.bundle.scorer.score(asked.record, asked.age, dated=asked.detail != "summary")


@dataclass(frozen=True, slots=True)
class Standby:
    """Nothing is live, and why."""

    why: str

    def checked(self, _today: datetime.date) -> Live:
        """Raise NoLiveModel."""
        raise NoLiveModel(self.why)


def load_live(folder: Path, today: datetime.date, excluded: frozenset[str] = frozenset()) -> Live:
    """
    Load a bundle, golden cases included; raises IntegrityError, or ContractError for an expired gateway.

    `excluded` are the references of children of whom no score is given (`service.exclusions`).
    """
    bundle = on_the_disk(load_bundle(folder), folder)
    contract = bundle.contract
    expired = contract.expired_gateways(today)
    if expired:
        named = ", ".join(f"{source.label} ({source.gateway.expires})" for source in expired)
        raise ContractError(f"a lawful gateway has expired: {named}; renew it in the contract and train again")
    form = RequestForm(request_slots(contract))
    return Live(
        bundle,
        form,
        RecordReader(contract, form.root),
        Renderer(bundle),
        _page(bundle, None),
        min(source.gateway.expires for source in contract.sources),
        excluded,
    )


def _page(bundle: Bundle, released: Released | None) -> bytes:
    return model_page(bundle, released).model_dump_json().encode()
