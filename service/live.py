"""
What is live: one checked bundle with all that answers its requests, immutable, taken once by each request.

Bytes in, bytes out; no HTTP. Nothing live, or a lawful gateway that has run out, is the safe state: no score.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from models.bundle import Bundle, load_bundle
from models.errors import ContractError, EarlyidError
from models.scope import NotScored
from models.scorer import Scored
from service.answers.facts import with_subject
from service.answers.rendering import Renderer
from service.body import check_json
from service.kept_files import on_the_disk
from service.model_page import model_page
from service.problems import NoLiveModel
from service.request_form import RequestForm
from service.request_record import Asked, RecordReader
from service.request_slots import request_slots


@dataclass(frozen=True, slots=True)
class Live:
    """A bundle that answers."""

    bundle: Bundle
    form: RequestForm
    reader: RecordReader
    renderer: Renderer
    page: bytes
    last_day: datetime.date
    excluded: frozenset[str] = frozenset()

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
        model_page(bundle).model_dump_json().encode(),
        min(source.gateway.expires for source in contract.sources),
        excluded,
    )


def load_or_stand_by(folder: Path | None, today: datetime.date) -> Live | Standby:
    """Load a bundle, or say why nothing is live."""
    if folder is None:
        return Standby("No bundle was named.")
    try:
        return load_live(folder, today)
    except EarlyidError as error:
        return Standby(f"The bundle was refused: {error}.")
