"""What the data could show, before anything is told: whom the audit is of, and how many verdicts it could have reached."""

from fairness.pack.reading import Part, Reading
from fairness.pack.sections.gaps import is_unjudged
from fairness.pack.words import listed


def reach(reading: Reading) -> str:
    """Say how many verdicts the data could have reached, in all and of the groups that the policy protects."""
    groups, judged, narrow = (
        sum(head.listed["reach"][name] for head in reading.heads) for name in ("groups", "judged", "narrow")
    )
    scores = len(reading.heads)
    what = "groups" if scores == 1 else f"comparisons of a group with everyone else ({scores} scores)"
    margin = f"{reading.margin * 100:g} points"
    return (
        f"Of {groups:,} {what}, {f'{judged:,}' if judged else 'none'} rest on enough children to be judged at all. "
        f"{_protected(reading)}"
        f"{f'For {narrow:,}' if narrow else 'In none'}, the data could have shown a gap within the margin of {margin}."
    )


def _protected(reading: Reading) -> str:
    lines = [line for head in reading.heads for _, line in head.groups("attribute") if line["protected"]]
    if not lines:
        return ""
    told = sum(not is_unjudged(line, reading.primary) for line in lines)
    return f"Of the {len(lines):,} of protected groups, {told or 'none'} could be given a verdict. "


def whom(reading: Reading) -> str:
    """Say in a sentence whom the audit is of; nothing where the audit does not tell."""
    if reading.audit.get("pooled"):
        return _of_years(reading.audit["pooled"])
    if "pooled" in reading.audit["not_computed"]:
        return "The evidence is quick: only the children that this very model was judged by are counted. "
    return ""


def _of_years(pooled: list[Part]) -> str:
    years = sorted({year for one in pooled for year in one["cohorts"] or ()})
    if not years:
        return "Every child was judged by a model that had not seen that child. "
    children = [one["children"] for one in pooled if one["children"] is not None]
    many = f" ({_between(children)} for each score)" if children else ""
    born = "year" if len(years) == 1 else "years"
    by = "Each was judged by a model that had not seen that child."
    return f"Judged were children born in the academic {born} from {listed([str(year) for year in years])}{many}. {by} "


def _between(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
