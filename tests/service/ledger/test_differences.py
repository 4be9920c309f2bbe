"""What breaks callers and what does not, between the requests of two bundles."""

from dataclasses import replace

import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from service.ledger.differences import Differences, differences
from service.request_slots import request_slots
from service.slots import Slot


@pytest.fixture(scope="module")
def form(borough: Contract) -> Slot:
    """What a request of the borough may hold."""
    return request_slots(borough)


def test_none(form: Slot, borough_text: str) -> None:
    """The same contract takes the same requests, and words that callers never send may change."""
    text = borough_text.replace('label = "Health visiting review"', 'label = "Review by a health visitor"')
    assert text != borough_text
    assert differences(form, request_slots(parse_contract(text))) == Differences((), ())


def test_another_field(form: Slot) -> None:
    """A field that may be left out is compatible when it is new and breaking when it is gone; one that is needed always breaks."""
    optional, needed = Slot("a text", str), Slot("a text", str, required=True)
    more = replace(form, inside={**form.inside, "note": optional})
    assert differences(form, more) == Differences(("request › note: may be given",), ())
    assert differences(more, form) == Differences((), ("request › note: no longer taken",))
    strict = replace(form, inside={**form.inside, "note": needed})
    assert differences(form, strict) == Differences((), ("request › note: needed",))
    assert differences(more, strict) == Differences((), ("request › note: needed now",))
    assert differences(strict, more) == Differences((), ())


def test_other_values(form: Slot, borough_text: str) -> None:
    """A place that takes other values than before breaks callers, however deep it lies, and is named."""
    text = borough_text.replace("{ N1 = ", "{ N9 = ")
    assert text != borough_text
    found = differences(form, request_slots(parse_contract(text)))
    assert found.added == ()
    assert [words.endswith(": other values") for words in found.breaking] == [True] * len(found.breaking)
    assert found.breaking[0].startswith("request › sources › ")


def test_shorter_lists(form: Slot) -> None:
    """A list that may hold fewer than before breaks callers."""
    listed = Slot("a list", inside={"x": Slot("a text", str)}, most=5)
    before = replace(form, inside={**form.inside, "many": listed})
    then = replace(form, inside={**form.inside, "many": replace(listed, most=4)})
    assert differences(before, then).breaking == ("request › many: other values",)
