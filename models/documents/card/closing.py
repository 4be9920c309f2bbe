"""What a reporting guideline asks that is not here, and how to check that this card is what the bundle says."""

from collections.abc import Iterator, Sequence

from models.documents.artefacts import Pointer
from models.documents.forms import COUNT, SHA_256
from models.documents.heads import TRIPOD, Head
from models.documents.sheet import Sheet, table

STATUSES = ("reported", "partial", "missing", "na")
_SAID = {"reported": "reported", "partial": "in part", "missing": "missing", "na": "not applicable"}


def reporting(sheet: Sheet, heads: Sequence[Head]) -> Iterator[str]:
    """Yield how much of TRIPOD+AI the run could fill in, and what a person must still say."""
    del heads
    counts = [f"{_SAID[status]}: {sheet.tell(TRIPOD / 'counts' / status, COUNT)}" for status in STATUSES]
    yield (
        "`tripod.json` goes through the sub-items of TRIPOD+AI, the guideline for reporting a prediction model, and says where "
        f"each is reported. {'; '.join(counts)}. It measures how complete a report is, and not how good the model."
    )
    yield ""
    yield "Not there at all; a person must write it, or the evidence must be full:"
    yield ""
    for item in sheet.listed(TRIPOD / "items"):
        if sheet.at(item / "status") == "missing":
            yield f"- {sheet.tell(item / 'item')}: {sheet.quote(item / 'what')}"


def checking(sheet: Sheet, files: Sequence[str]) -> Iterator[str]:
    """Yield how to check the bundle, what the card was written from, and the licence."""
    yield (
        "`earlyid verify BUNDLE` checks every file's digest, that the invented children inside still get the scores they should, "
        "who signed it, and that each figure of this card is what its source says. It was written from these files:"
    )
    yield ""
    yield from table(("File", "SHA-256"), [(f"`{name}`", sheet.tell(Pointer(name), SHA_256)) for name in files])
    yield (
        "The software is under the MIT licence. The model was made of an authority's records: who may have it is for the "
        "authority to say, and for the gateways above."
    )
