"""What no audit of records can see: whether the outcome itself, which is a judgement, was made alike in every group (M1)."""

from collections.abc import Iterator

from fairness.pack.reading import Part, Reading
from fairness.pack.words import listed

_TWELVE_MONTHS = "of children up to twelve months apart in age"


def shortly(reading: Reading) -> str:
    """Return it for the first page."""
    return (
        f"{_whose(reading)} If a group was judged by what people expected of it, the score learns that. "
        "This audit then finds no gap: no audit can see that. Section 14 says what to ask."
    )


def cannot_be_seen(reading: Reading) -> Iterator[str]:
    """Yield it as paragraphs."""
    yield (
        f"This audit compares scores with what was recorded. {_whose(reading)} If children of one group were judged by what people "
        "expected of them, the score learns it, and this audit finds no gap."
    )
    yield (
        "Every verdict here can then read “within the agreed margin”. Yet children of that group are listed who need no help, or missed "
        "who do. No audit of records can see that. Ask how the judgements were made and moderated."
    )


def _whose(reading: Reading) -> str:
    """Say whose judgement the outcome is, as far as the contract tells: a school's is a teacher's, on a class born over a year."""
    if reading.contract is None:
        return f"The outcome is people's judgement. An early years profile is a teacher's, {_TWELVE_MONTHS}."
    agencies = _agencies(reading.contract)
    if agencies and all("school" in agency.lower() for agency in agencies):
        return f"The outcome is a teacher's judgement, {_TWELVE_MONTHS}."
    return f"The outcome is people's judgement{f', recorded by: {listed(agencies)}' if agencies else ''}."


def _agencies(contract: Part) -> list[str]:
    """Return the agencies that a contract's outcomes come from."""
    asked = {outcome["source"] for outcome in contract.get("outcome", ())}
    return list(dict.fromkeys(source["agency"] for source in contract.get("source", ()) if source["name"] in asked))
