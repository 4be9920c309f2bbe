"""A contract whose requests are thirty bare numbers, in one event: the same that a finished matrix row holds."""

from benchmarks.generated import FEATURES

PURPOSE, ASKED_AT, HAPPENED = "benchmark", 700, 650

_HEAD = f"""
format = 1
name = "numbers"
label = "Numbers"
description = "Thirty numbers of one source, each a feature."
[[landmark]]
name = "then"
label = "then"
age = {ASKED_AT}
until = 800
[[outcome]]
name = "later"
label = "later"
happens = "had it later"
source = "records"
window = [900, 1000]
take = "latest"
rule = "x0 > 0"
definition = "1"
[[source]]
name = "records"
label = "Records"
agency = "Anyone"
file = "records.csv"
child = "child"
rows = "many"
happened = {{ age = "age_days" }}
known = {{ lag_days = 0 }}
absence = "not_known"
gateway = {{ name = "None needed", purposes = ["{PURPOSE}"], expires = 2099-12-31 }}
"""
_COLUMN = '[[source.column]]\nname = "x{0}"\ntype = "number"\nstep = "0.01"\n'
_FEATURE = """
[[feature]]
name = "f{0}"
label = "feature {0}"
source = "records"
take = "latest"
column = "x{0}"
raises = "Feature {0} raises it"
lowers = "Feature {0} lowers it"
not_known = "Feature {0} is not known"
correctable = true
"""


def contract_text() -> str:
    """Return the contract."""
    parts = [part.format(i) for part in (_COLUMN, _FEATURE) for i in range(FEATURES)]
    return _HEAD + "".join(parts)


def sources_of(row: list[float]) -> dict[str, object]:
    """Return the sources of a request that holds a row."""
    return {"records": {"events": [{"happened": HAPPENED} | {f"x{i}": value for i, value in enumerate(row)}]}}
