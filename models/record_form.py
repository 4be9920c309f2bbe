"""
What a contract says of the form of child records, as one digest: records made by one contract may be read by another.

Between two contracts of one form the events, their times and their exact values mean the same. Words, features, landmarks,
bands and agreements may differ.
"""

from models.canonical import canonical, digest
from models.contract import Contract
from models.source import Source

_OF_SOURCE = {"name", "rows", "happened", "known", "absence", "coverage"}
_OF_COLUMN = {"name", "type", "step", "range", "codes", "missing", "missing_below"}


def record_form(contract: Contract) -> str:
    """Return the digest (64 hexadecimal digits) of the form of a contract's child records."""
    agencies = contract.linkage.agency_of if contract.linkage is not None else {}
    linked = {source.name: agencies[source.name].name for source in contract.feature_sources if source.name in agencies}
    return digest(canonical({"sources": [_source(contract, s) for s in contract.feature_sources], "linked": linked}))


def _source(contract: Contract, source: Source) -> dict[str, object]:
    used = contract.feature_columns[source.name]
    columns = [c.model_dump(mode="json", include=_OF_COLUMN) for c in source.columns if c.name in used]
    said = source.model_dump(mode="json", by_alias=True, include=_OF_SOURCE)
    return said | {"columns": columns, "proven_by": contract.proven_by.get(source.name)}
