"""What the list finds, in plain words: of 100 on it, and of 100 who had the outcome, beside a rule and beside chance."""

from collections.abc import Iterator, Sequence
from typing import Any

from fairness.pack.reading import Head, Reading, shown
from fairness.pack.words import HIDDEN, Figure, bounds, figure_of, hundred, legend, of_100, points, share
from models.markup import Markup, body, element, figure, heading, row, table, text

NOT_TOLD = "–"
_NONE: Figure = (None, None, None)
# A ceiling this high says nothing.
ALMOST_ALL = 0.99


def in_plain_words(reading: Reading) -> Iterator[Markup]:
    """Yield a paragraph, and two tables side by side, one of the list and one of those who had the outcome."""
    yield element("p", text(" ".join(_sentences(reading))))
    tables = element("div", _of_the_list(reading), _of_those_with_it(reading), class_="pair")
    yield tables
    hidden = legend([HIDDEN]) if f">{HIDDEN}<" in tables else ""
    if notes := " ".join(each for each in (_rules(reading), hidden) if each):
        yield element("p", text(notes), class_="source")


def by_chance(head: Head) -> float | None:
    """Return the share of everyone who had the outcome, of rounded counts: what a list drawn by chance would find."""
    n, events = head.overall["n"], head.overall["events"]
    return None if not n or events is None else min(1.0, events / n)


def _sentences(reading: Reading) -> Iterator[str]:
    """Yield what the list finds, by the column to quote: where a model as old as in use was judged, that model's figures."""
    found, recall = (_quoted(reading, measure) for measure in ("ppv", "recall"))
    chance = [by for head in reading.heads if (by := by_chance(head)) is not None]
    if any(_lagged(head, reading, "ppv")[0] is not None for head in reading.heads):
        yield "These are the figures “in use”: of a model as old as it will be."
    if found and chance:
        yield f"Of 100 children on the list, {_between(found)} had the outcome{_range(found)}."
        yield f"On a list drawn by chance, {_between([(each, None, None) for each in chance])} would."
    if recall:
        yield f"Of 100 who had it, {_between(recall)} were on the list{_range(recall)}."
        ceilings = [most for head in reading.heads if (most := ceiling(head, reading)) is not None]
        if ceilings and min(ceilings) < ALMOST_ALL:
            held = _between([(each, None, None) for each in ceilings])
            yield f"A list of {hundred(reading.audit['capacity'])} in 100 cannot hold more than {held} of them."


def _quoted(reading: Reading, measure: str) -> list[Figure]:
    """Return the figures of one column: in use, of the scores that have it; as they ship, where none has."""
    older = [told for head in reading.heads if (told := _lagged(head, reading, measure))[0] is not None]
    shipped = (shown(head.overall, measure).figure for head in reading.heads)
    return older or [told for told in shipped if told[0] is not None]


def _between(figures: Sequence[Figure]) -> str:
    shares = [value for value, _, _ in figures if value is not None]
    low, high = hundred(min(shares)), hundred(max(shares))
    return f"about {low}" if low == high else f"about {low} to {high} (by score)"


def _range(figures: Sequence[Figure]) -> str:
    """Return the range of one figure; of several, from the lowest end to the highest."""
    lows, highs = ([end for each in figures if (end := each[at]) is not None] for at in (1, 2))
    if not lows or not highs:
        return ""
    span = bounds((None, min(lows), max(highs)))
    return f" (range {span})" if len(figures) == 1 else f" (ranges from {span})"


def _of_the_list(reading: Reading) -> Markup:
    rules = any(_best(head, reading) for head in reading.heads)
    names = ["rule, and score as long", "more than the rule"] if rules else []
    rows = [
        (head, [*_columns(head, reading, "ppv"), _chance(head), *(_beside_rule(head, reading) if rules else [])])
        for head in reading.heads
    ]
    return _table(reading, "Of 100 on the list: with the outcome", [*_headings(reading), "chance", *names], rows)


def _headings(reading: Reading) -> list[str]:
    """Return the columns of this score: what is to be quoted stands alone where every score has it."""
    older = [_lagged(head, reading, "ppv")[0] is not None for head in reading.heads]
    if not any(older):
        return ["this score"]
    return ["in use"] if all(older) else ["this score", "in use"]


def _columns(head: Head, reading: Reading, measure: str) -> list[str]:
    told = {
        "this score": share(shown(head.overall, measure).figure),
        "in use": share(_lagged(head, reading, measure), NOT_TOLD),
    }
    return [told[name] for name in _headings(reading)]


def _chance(head: Head) -> str:
    chance = by_chance(head)
    return NOT_TOLD if chance is None else str(hundred(chance))


def _beside_rule(head: Head, reading: Reading) -> list[str]:
    """Return what the best rule finds and what this score would on a list as long, how long that is; and the difference."""
    best = _best(head, reading)
    if best is None:
        return [NOT_TOLD, NOT_TOLD]
    rule, score = (figure_of(best[name])[0] for name in ("found", "what_ships"))
    gain = points(_of_one(best["gain"]))
    if rule is None or score is None:
        return [HIDDEN, gain]
    return [f"{hundred(rule / 100)} and {hundred(score / 100)}", gain]


def _of_those_with_it(reading: Reading) -> Markup:
    rows = [(head, [*_columns(head, reading, "recall"), _most(head, reading)]) for head in reading.heads]
    return _table(reading, "Of 100 with the outcome: on the list", [*_headings(reading), "at most"], rows)


def _most(head: Head, reading: Reading) -> str:
    most = ceiling(head, reading)
    return NOT_TOLD if most is None else str(hundred(most))


def _table(reading: Reading, caption: str, columns: Sequence[str], rows: list[tuple[Head, list[str]]]) -> Markup:
    """Return a table with the ages under each outcome, so that names of rows stay short."""
    outcomes = dict.fromkeys(head.foreseen for head in reading.heads)
    bodies = [
        body(
            [row(head.from_when, *map(figure, cells)) for head, cells in rows if head.foreseen == outcome],
            outcome,
            len(columns) + 1,
        )
        for outcome in outcomes
    ]
    return table(caption, [heading("from", figures=False), *map(heading, columns)], *bodies)


def ceiling(head: Head, reading: Reading) -> float | None:
    """Return the share of those with the outcome that no list so long could exceed; None where nobody is told of."""
    chance = by_chance(head)
    return None if not chance else min(1.0, float(reading.audit["capacity"]) / chance)


def _lagged(head: Head, reading: Reading, measure: str) -> Figure:
    """Return a figure of a model as old as it is in real use, at the team's list."""
    lagged = (head.evaluation or {}).get("lagged")
    if lagged is None:
        return _NONE
    lists = lagged["candidates"].get(lagged["ships"], {}).get("at_capacity", ())
    return next((figure_of(at[measure]) for at in lists if at["capacity"] == reading.audit["capacity"]), _NONE)


def _at_capacity(head: Head, reading: Reading) -> dict[str, Any]:
    lists = ((head.evaluation or {}).get("worth") or {}).get("at_capacities", ())
    return next((at for at in lists if at["capacity"] == reading.audit["capacity"]), {})


def _best(head: Head, reading: Reading) -> dict[str, Any] | None:
    """Return the best rule at the team's list: its label, length, what it finds and what this score would; None if chance is the best."""
    best = _at_capacity(head, reading).get("best")
    if best is None or best["rule"] is None:
        return None
    nothing = {"found": None, "what_ships": None, "gain": None}
    rules = (head.evaluation or {})["worth"]["rules"]
    # A rule is told at one length: with another list the same rule may be cut elsewhere.
    of_rule = (rule for rule in rules if rule["rule"] == best["rule"] and rule.get("length") == best["length"])
    found = next(of_rule, nothing)
    return {**best, **{name: found.get(name) for name in nothing}, "gain": _at_capacity(head, reading).get("gain")}


def _of_one(of_a_hundred: Any) -> Figure:
    value, low, high = (None if each is None else each / 100 for each in figure_of(of_a_hundred))
    return value, low, high


def _rules(reading: Reading) -> str:
    """Say which rules are meant and how long their lists are, at whichever scores; and where no rule does better than chance."""
    lengths: dict[str, list[float]] = {}
    for head in reading.heads:
        if best := _best(head, reading):
            lengths.setdefault(best["label"], []).extend([best["length"]] if best["length"] is not None else [])
    if not lengths:
        known = any(_at_capacity(head, reading).get("best") for head in reading.heads)
        return "No simple rule was known that does better than a list drawn by chance." if known else ""
    rules = "; ".join(f"{label}{_long(each)}" for label, each in lengths.items())
    return f"Best simple rule, by score: {rules}. Rule and score are compared at the rule's length; –: no rule beats chance."


def _long(lengths: list[float]) -> str:
    if not lengths:
        return ""
    low, high = hundred(min(lengths)), hundred(max(lengths))
    return f" (lists {of_100(max(lengths))})" if low == high else f" (lists {low} to {high} in 100, by score)"
