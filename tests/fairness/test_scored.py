"""The scored table's columns: all that an audit reads, and what training writes."""

from fairness.scored import COLUMNS, NOT_RECORDED, audit_column
from training.findings import Run


def test_training_writes_what_the_audit_reads(borough_run: Run) -> None:
    """A run's table has the columns declared, in their order, then one for each audit attribute of the contract."""
    attributes = [audit_column(attribute.name) for attribute in borough_run.contract.audit]
    assert borough_run.scored.columns.tolist() == [*COLUMNS, *attributes]
    assert attributes == ["audit_sex", "audit_light"]


def test_nothing_is_missing(borough_run: Run) -> None:
    """No cell is empty: a group that is not recorded is a group like any other."""
    assert not borough_run.scored.isna().any().any()
    assert set(borough_run.scored["audit_sex"]) == {"Girls", "Boys", NOT_RECORDED}


def test_an_attribute_cannot_take_a_column() -> None:
    """Whatever an attribute is called, its column is none of the table's own."""
    assert not any(audit_column(name) in COLUMNS for name in COLUMNS)
    assert not any(column.startswith("audit_") for column in COLUMNS)
