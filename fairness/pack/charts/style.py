"""
The look of the pack and of its drawings, on a screen, on a narrow one, in forced colours, and on A4.

The colours are the Government Analysis Function's, and greys. Nothing is said by colour alone.
"""


def style(running: str) -> str:
    """Return the whole style sheet; `running` stands at the foot of every printed page, beside the page's number."""
    escaped = "".join(f"\\{ord(letter):x} " if letter in '\\"<\n' else letter for letter in running)
    return STYLE + f'@page {{ @bottom-left {{ content: "{escaped}"; }} }}\n'


STYLE = """
:root { --ink: #1d2b36; --quiet: #505a5f; --line: #d5dce1; --blue: #12436d; --teal: #28a197; --plum: #801650; --orange: #f46a25;
  --grey: #3d3d3d; --shade: #e3e8ec; --edge: #76828c; }
* { box-sizing: border-box; }
html { font-size: 15px; scroll-padding-top: 1rem; }
body { font: 1rem/1.5 "Helvetica Neue", Helvetica, Arial, sans-serif; color: var(--ink); background: #fff; margin: 0; }
header, main, footer, nav { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
header nav, main nav { padding: 0; }
.skip { position: absolute; left: -999rem; padding: .5rem 1rem; background: #fff; }
.skip:focus { left: 1rem; top: .5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 2rem 0 .25rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3rem 0 .5rem; padding-top: .75rem; border-top: 3px solid var(--blue); }
h3 { font-size: 1.12rem; margin: 1.75rem 0 .4rem; }
h4 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
h1, h2, h3, h4, p, li, dd, dt, th, td, summary, figcaption { overflow-wrap: break-word; }
p, ul, ol { max-width: 48rem; margin: .5rem 0; }
li { margin: .3rem 0; }
nav ol { columns: 22rem; column-gap: 2rem; max-width: none; padding-left: 2.2rem; }
nav li { break-inside: avoid; margin: 0; padding: .2rem 0; }
a { color: var(--blue); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--plum); outline-offset: 2px; }
code { font-size: .9em; overflow-wrap: anywhere; }
.subject, .source, .legend, .quiet, footer { color: var(--quiet); }
.source, .legend { font-size: .93rem; }
.headline, .lead { font-size: 1.12rem; font-weight: 700; }
.stamp { display: inline-block; font-weight: 700; color: var(--plum); border: 2px solid var(--plum); padding: .2rem .7rem; }
.plain { border-left: 4px solid var(--blue); padding-left: .9rem; }
ul.plain { list-style: none; }
.alarm { border: 2px solid var(--plum); padding: .4rem .9rem; margin: .75rem 0; max-width: 48rem; }
.beyond th[scope=row] { font-weight: 700; }
.scroll { overflow-x: auto; margin: .75rem 0 1.25rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .3rem 0; }
caption strong, caption span, figcaption strong, figcaption span { display: block; max-width: 48rem; }
caption > span:only-child { font-weight: 700; }
caption strong + span, figcaption strong + span { color: var(--quiet); font-size: .93rem; }
th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 400; }
thead th { font-size: .87rem; color: var(--quiet); vertical-align: bottom; border-bottom: 1px solid var(--ink); }
th[scope=rowgroup] { font-weight: 700; padding-top: .9rem; }
tbody th[scope=row] { min-width: 8rem; max-width: 22rem; }
td { max-width: 30rem; }
.n, .figures td { text-align: right; } .figures .words { text-align: left; }
tbody .n, .figures td:not(.words) { white-space: nowrap; }
thead .n { max-width: 9.5rem; }
th small, td small { display: block; font-size: .87rem; color: var(--quiet); }
.paper { display: none; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--blue); padding: .25rem 0; width: fit-content; min-height: 24px; }
.head > summary { font-weight: 700; }
dl { margin: .5rem 0; }
dl div { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 0 1rem; padding: .12rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2.5rem; align-items: start; }
.beside { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 2.5rem; align-items: start; }
.boxes { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 2rem; max-width: none; }
.boxes li::before { content: ""; display: inline-block; width: 1.1em; height: 1.1em; border: 2px solid currentColor; margin-right: .5em; vertical-align: -.2em; }
.ask { border: 2px solid var(--ink); padding: .3rem 1rem; margin: .75rem 0; }
.signatures dd { border-bottom: 1px solid var(--ink); min-height: 1.9rem; }
figure { margin: 1rem 0; }
.planes { margin-top: .5rem; display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; align-items: flex-start; }
svg { display: block; overflow: visible; }
svg text { font-size: 14px; fill: var(--grey); }
.plane { width: 100%; max-width: 26rem; height: auto; }
.chart { width: 100%; max-width: 72rem; }
.chart thead th { font-size: .93rem; }
.chart tbody th, .chart tbody td { vertical-align: middle; }
.chart .axis, .chart .drawn { min-width: 9.5rem; width: 38%; padding: 0 1rem 0 0; }
.chart:has(.axis + th + .axis) .axis, .chart:has(.axis + th + .axis) .drawn { width: 22%; }
.chart .axis svg { width: 100%; margin-top: .2rem; } .chart .axis text { font-size: 13px; }
.chart .drawn { position: relative; height: 1.9rem; }
.chart .drawn svg:not(svg svg) { position: absolute; z-index: 1; top: 50%; left: 0; width: calc(100% - 1rem); height: 1px; }
/* Where a chart's table does not say where they stand, they stand nowhere. */
.chart .drawn ~ .drawn { --at: var(--beside); }
.chart .drawn::before, .chart .drawn::after { position: absolute; top: 0; bottom: 0; }
.chart .drawn::before { left: calc((100% - 1rem) * var(--low)); width: calc((100% - 1rem) * (var(--high) - var(--low)));
  background: var(--shade); border: dashed var(--edge); border-width: 0 1px; }
.chart .drawn::after { left: calc((100% - 1rem) * var(--at)); border-left: 1px solid var(--grey); }
.chart[style*="--low"] .drawn::before, .chart[style*="--at"] .drawn:not(.drawn ~ .drawn)::after, .chart[style*="--beside"] .drawn ~ .drawn::after { content: ""; }
small.v0::before { content: "● " / ""; } small.v1::before { content: "▲ " / ""; }
small.v2::before { content: "◆ " / ""; } small.v3::before { content: "○ " / ""; }
.chart .drawn + td { white-space: nowrap; } .chart .verdict { min-width: 8.5rem; }
.key { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .15rem 1.5rem; max-width: none; }
.icon { display: inline-block; vertical-align: -3px; margin-right: .4rem; }
.bar { fill: var(--blue); transform: translateY(-6px); }
.at { stroke: var(--grey); fill: none; }
.w, .drawn line { stroke: var(--ink); stroke-width: 1.5; fill: none; } .arrow { fill: var(--ink); }
.m0, .dot, .full { fill: var(--blue); } .m1 { fill: var(--plum); } .m2 { fill: var(--orange); stroke: var(--ink); } .m4 { fill: var(--grey); }
.m0, .m3 { r: 5px; } .m3, .hollow { fill: #fff; stroke: var(--grey); stroke-width: 1.75; }
.full { stroke: var(--blue); stroke-width: 1.75; }
.line { fill: none; stroke: var(--blue); stroke-width: 2.5; stroke-linejoin: round; } .second { stroke: var(--plum); stroke-dasharray: 7 3; } .most { stroke: var(--grey); stroke-width: 1.5; stroke-dasharray: 2 3; }
.plane .m0, .plane .m3 { r: 3.5px; } .plane svg path { transform: scale(.65); }
.plane .at { stroke-dasharray: 3 3; } .plane .w { stroke-width: 1; } .frame { fill: none; stroke: var(--grey); } .grid { stroke: var(--line); }
.plane .label { font-weight: 700; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
/* Each line of ten marks is dashed: round ends, so that every dash of no length is a dot. */
.hundred path { fill: none; stroke-width: 15.75px; stroke-linecap: round; stroke-dasharray: 0 20; } .hundred .hole { stroke: #fff; stroke-width: 12.25px; }
.hundred { max-width: 200px; } .frequency .key { display: block; }
.frequency { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem 1.5rem; } .frequency figcaption { grid-column: 1 / -1; }
footer { margin: 3rem auto; font-size: .93rem; }
@media screen and (max-width: 56rem) { .pair, .beside { grid-template-columns: minmax(0, 1fr); } }
@media screen and (max-width: 40rem) {
  h1 { font-size: 1.35rem; } h2 { font-size: 1.2rem; }
  th, td { padding-right: .7rem; }
  dl div { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .35rem; }
  caption strong, caption span { position: sticky; left: 0; max-width: calc(100vw - 2rem); }
  tbody th[scope=row] { min-width: 6rem; max-width: 9rem; }
  .chart tbody th[scope=row] { min-width: 7.2rem; max-width: 7.2rem; }
  .chart .axis text:nth-of-type(even) { display: none; }
  .chart .axis, .chart .drawn { min-width: 11rem; }
  .frequency { grid-template-columns: minmax(0, 1fr); }
}
@media (prefers-contrast: more) {
  :root { --ink: #000; --quiet: #000; --grey: #000; --line: #6d6d6d; --shade: #d0d0d0; --edge: #000; }
}
@media (forced-colors: active) {
  svg text { fill: CanvasText; }
  .plane .label { stroke: Canvas; }
  .m0, .m1, .m2, .m4, .dot, .full, .bar, .arrow { fill: CanvasText; stroke: CanvasText; }
  .m3, .hollow { fill: Canvas; stroke: CanvasText; }
  .hundred .full, .hundred .hollow { fill: none; } .hundred .hole { stroke: Canvas; }
  .w, .drawn line, .at, .line, .frame, .grid { stroke: CanvasText; }
}
@page { size: A4; margin: 12mm 12mm 16mm; }
@page { @bottom-left { font: 7pt Helvetica, Arial, sans-serif; color: #505a5f; } }
@page { @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 7pt Helvetica, Arial, sans-serif; color: #505a5f; } }
@media print {
  html { font-size: 8pt; line-height: 1.35; } body { line-height: inherit; } p, ul, ol, .alarm { max-width: none; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main, footer, nav { padding: 0; max-width: none; }
  .skip { display: none; }
  nav li { padding: .5rem 0; }
  .sheet { break-after: page; } .sheet h2 { margin-top: .75rem; }
  h2, h3, h4, caption, figcaption, summary, thead, .headline, main > .key, tr:has(> [scope=rowgroup]) { break-after: avoid; }
  tr, li, figure, caption, dl div, .alarm, .pair > *, .beside > * { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  details:not([open]) { display: none; } .paper { display: block; }
  summary { color: var(--ink); list-style: none; }
  th, td { padding: .12rem .6rem .12rem 0; } th[scope=rowgroup] { padding-top: .4rem; } h2 { margin-top: 1.6rem; } li { margin: .1rem 0; }
  .scroll { margin: .4rem 0 .7rem; } figure { margin: .5rem 0; }
  dl div { grid-template-columns: 32mm minmax(0, 1fr); }
  .chart th small { display: inline; margin-left: .4em; white-space: nowrap; }
  .chart tbody th[scope=row] { min-width: 36mm; max-width: 62mm; } .chart td { line-height: 1.2; }
  .chart .axis, .chart .drawn { width: 30%; } .chart .drawn { height: 1.5rem; } .chart .verdict { white-space: nowrap; }
  .chart:has(.axis + th + .axis) tbody th[scope=row] { min-width: 46mm; }
  .chart:has(.axis + th + .axis) .axis, .chart:has(.axis + th + .axis) .drawn { width: 15%; min-width: 22mm; }
  .chart:has(.axis + th + .axis) .axis text:nth-of-type(even) { display: none; }
  svg text { font-size: 9pt; } .plane { max-width: 62mm; } .hundred { max-width: 26mm; height: auto; } .chart .axis text { font-size: 7.5pt; }
}
"""
