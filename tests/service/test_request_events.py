"""How one event is read, apart from HTTP."""

import pytest

from models.contract import Contract
from service.ages import Ages
from service.request_events import EventReader, code_of


@pytest.fixture
def births(borough: Contract) -> EventReader:
    """The reader of the births of the borough."""
    return EventReader(borough.source("births"), borough.feature_columns["births"])


def test_values_are_exact(births: EventReader) -> None:
    """A value is read as the contract's exact value, the second time as the first."""
    for _ in range(2):
        for given, exact in ((3210, 3210), (3210.0, 3210), (9999, None), (None, None)):
            assert births.read({"birthweight": given}, Ages(None)).values == {"birthweight": exact}


def test_equal_is_not_the_same(births: EventReader, borough: Contract) -> None:
    """A value that was taken does not make another pass that is equal to it and of another type."""
    contacts = EventReader(borough.source("contacts"), borough.feature_columns["contacts"])
    assert contacts.read({"happened": 1, "urgent": True}, Ages(None)).values == {"urgent": 1}
    births.read({"birthweight": 300}, Ages(None))
    with pytest.raises(ValueError, match="not_a_number"):
        births.read({"birthweight": True}, Ages(None))


def test_an_error_nobody_foresaw_is_not_told() -> None:
    """Only the words of a rule are told: any other error goes on, as one that nobody foresaw."""

    def read(value: object) -> None:
        raise ValueError(f"about {value}")

    with pytest.raises(ValueError, match="about canary"):
        code_of(read, "canary")
