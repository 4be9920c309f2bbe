"""A page for a sceptic: every published figure beside the invented one, drawn to the scale of its tolerance."""

from collections.abc import Iterator
from html import escape

import duckdb

from training.synthetic.area import Area
from training.synthetic.check import SPREADS, Checked, places
from training.synthetic.household import DECILES

_WIDTH, _HEIGHT = 260, 16
# A row of the page shows so many tolerances to either side of the published figure.
_TOLERANCES_SHOWN = 2.0
_PROFILE = "The profile"
_HEADINGS = {
    "gld": "Good level of development, by group",
    "all17": _PROFILE,
    "mean": _PROFILE,
    "prime": _PROFILE,
    "area": _PROFILE,
    "share": "Who the children are",
    "fsm": "Free school meals, by ethnic group",
    "asq": "Reviews and visits",
    "review": "Reviews and visits",
    "visit": "Reviews and visits",
    "auc": "How well it can be foreseen",
    "top10": "How well it can be foreseen",
    "cla": "Moves and social care",
    "moved": "Moves and social care",
    "referred": "Moves and social care",
    "cin": "Moves and social care",
    "two": "Funded places",
    "universal": "Funded places",
    "eypp": "Funded places",
    "sen": "Funded places",
}
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1d2b36; background: #fff; max-width: 68rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th:nth-child(1) { width: 17%; } th:nth-child(2), th:nth-child(3), th:nth-child(5) { width: 8%; }
th:nth-child(4) { width: 280px; }
th, td { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #e3e8ec; vertical-align: middle; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.s { color: #5b6b78; font-size: .85rem; }
.band { fill: #dce7f0; } .spread { fill: #eef3f7; } .published { stroke: #1d2b36; stroke-width: 2; }
.reached { fill: #1f6feb; } .off { fill: #c2410c; } .bar { fill: #7aa7d9; } .line { fill: none; stroke: #c2410c;
  stroke-width: 2; }
text { font-size: 11px; fill: #5b6b78; }
"""


def report(area: Area, checked: list[Checked], con: duckdb.DuckDBPyConnection, asked: str) -> str:
    """Return the page as HTML that needs nothing else; `asked` says what was invented."""
    reached = sum(one.reached is not None and one.passed for one in checked)
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        f"<title>An invented {escape(area.label)}</title><style>{_STYLE}</style>",
        f"<h1>An invented {escape(area.label)}, beside the published one</h1>",
        (
            f"<p>{escape(asked)}. Nobody in it exists. {reached} of {len(checked)} targets are reached. In each row the line "
            "is the published figure, the dot is ours, the dark band the tolerance, and the pale band what it comes to with "
            f"{SPREADS} sampling standard deviations at this size; the scale is the tolerance's own. Figures are per cent "
            "unless their names say otherwise (means, odds ratios, per 10,000, AUC).</p>"
        ),
        *_pictures(area, con),
        *(_group(name, rows) for name, rows in _grouped(checked).items()),
    ]
    return "\n".join(parts) + "\n"


def _grouped(checked: list[Checked]) -> dict[str, list[Checked]]:
    """Return the figures under their headings, both in the order in which they first come."""
    found: dict[str, list[Checked]] = {}
    for one in checked:
        heading = _PROFILE if one.name == "gld" else _HEADINGS.get(one.name.split("_")[0], "Births and schooling")
        found.setdefault(heading, []).append(one)
    return found


def _group(name: str, rows: list[Checked]) -> str:
    return (
        f"<h2>{name}</h2><table><tr><th>figure<th class='n'>published<th class='n'>ours<th>&nbsp;"
        f"<th class='n'>children<th>source</tr>{''.join(map(_row, rows))}</table>"
    )


def _row(one: Checked) -> str:
    figure, reached = one.figure, one.reached
    note = f"; {figure.derived}" if figure.derived else ""
    ours = "not measurable here" if reached is None else f"{reached.value:.{places(one.name)}f}"
    return (
        f"<tr><td>{escape(one.name.replace('_', ' '))}<td class='n'>{figure.value:.{places(one.name)}f}<td class='n'>{ours}"
        f"<td>{_strip(one)}<td class='n'>{reached.children if reached else 0:,}"
        f"<td class='s'>{escape(f'{figure.source} ({figure.year}){note}')}</tr>"
    )


def _strip(one: Checked) -> str:
    if one.reached is None:
        return ""
    half = _TOLERANCES_SHOWN * one.tolerance
    middle = _WIDTH / 2

    def width(amount: float) -> float:
        return amount / half * middle

    dot = middle + max(-middle + 4, min(middle - 4, width(one.reached.value - one.figure.value)))
    bands = "".join(
        f"<rect class='{name}' x='{middle - width(size):.1f}' y='2' width='{2 * width(size):.1f}' height='{_HEIGHT - 4}'/>"
        for name, size in (("spread", one.tolerance), ("band", one.figure.tolerance))
    )
    verdict = "reached" if one.passed else "off"
    return (
        f"<svg width='{_WIDTH}' height='{_HEIGHT}' role='img' aria-label='{verdict}'>{bands}"
        f"<line class='published' x1='{middle}' x2='{middle}' y1='0' y2='{_HEIGHT}'/>"
        f"<circle class='{verdict}' cx='{dot:.1f}' cy='{_HEIGHT / 2}' r='4'/></svg>"
    )


def _pictures(area: Area, con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    goals = dict(con.execute("SELECT goals, count(*) FROM at_school GROUP BY 1").fetchall())
    total = sum(goals.values())
    if not total:
        return
    yield "<h2>Goals reached, of 17: two peaks, as in England</h2>"
    yield _bars([100 * goals.get(number, 0) / total for number in range(18)], [str(n) for n in range(18)], None)
    by_decile = dict(con.execute("SELECT decile, 100 * avg(CAST(gld AS INTEGER)) FROM at_school GROUP BY 1").fetchall())
    published = [area[f"gld_idaci_{decile}"] for decile in DECILES.tolist()] if area.own("gld_idaci_1") else None
    yield "<h2>Good level of development by tenth of areas, most deprived first" + (
        " (the line is England as published)</h2>" if published else "</h2>"
    )
    yield _bars([by_decile.get(d, 0.0) for d in DECILES.tolist()], [str(d) for d in DECILES.tolist()], published)


def _bars(values: list[float], names: list[str], line: list[float] | None) -> str:
    """Draw per cent as bars, each with its number, and a line over them where there is one."""
    step, height = 44, 150
    top = max([*values, *(line or [])])
    scale = (height - 18) / top
    bars = "".join(
        f"<rect class='bar' x='{i * step + 6}' y='{height - v * scale:.1f}' width='{step - 12}' height='{v * scale:.1f}'/>"
        f"<text x='{i * step + step / 2}' y='{height - v * scale - 4:.1f}' text-anchor='middle'>{v:.1f}</text>"
        f"<text x='{i * step + step / 2}' y='{height + 14}' text-anchor='middle'>{escape(name)}</text>"
        for i, (v, name) in enumerate(zip(values, names, strict=True))
    )
    points = " ".join(f"{i * step + step / 2},{height - v * scale:.1f}" for i, v in enumerate(line or []))
    drawn = f"<polyline class='line' points='{points}'/>" if line else ""
    return f"<svg width='{len(values) * step}' height='{height + 20}' role='img'>{bars}{drawn}</svg>"
