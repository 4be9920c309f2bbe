"""The form of child records: one for two contracts whose records mean the same, another where anything of them differs."""

import pytest

from models.contract_reading import parse_contract
from models.record_form import record_form


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Birthweight was lower", "Weighed less"),
        ('tie = "min"', 'tie = "max"'),
        ("until = 500", "until = 520"),
        ("expires = 2031-08-31", "expires = 2032-08-31"),
        ('label = "Birth record"', 'label = "Births"'),
    ],
)
def test_what_may_differ(borough_text: str, then: str, now: str) -> None:
    """Words, landmarks, agreements and what features make of values leave the form as it is."""
    assert then in borough_text
    changed = parse_contract(borough_text.replace(then, now))
    assert record_form(changed) == record_form(parse_contract(borough_text))


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ('step = "0.25"', 'step = "0.5"'),
        ('N5 = "family"', 'N6 = "family"'),
        ("known = { lag_days = 7 }", "known = { lag_days = 8 }"),
        ("range = [200, 7000]", "range = [200, 6000]"),
        ("coverage = { ages = [270, 1500] }", "coverage = { ages = [271, 1500] }"),
    ],
)
def test_what_may_not(borough_text: str, then: str, now: str) -> None:
    """A step, a code, a time or a proof that is another makes another form."""
    assert then in borough_text
    changed = parse_contract(borough_text.replace(then, now))
    assert record_form(changed) != record_form(parse_contract(borough_text))
