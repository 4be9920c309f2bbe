"""The look of the page, on a screen, on a narrow one, and on A4. Nothing is said by colour alone."""

STYLE = """
:root { --ink: #1d2b36; --quiet: #505a5f; --line: #d5dce1; --blue: #12436d; --teal: #28a197; --plum: #801650; }
* { box-sizing: border-box; }
html { font-size: 15px; scroll-padding-top: 1rem; }
body { font: 1rem/1.5 "Helvetica Neue", Helvetica, Arial, sans-serif; color: var(--ink); background: #fff; margin: 0; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
.skip { position: absolute; left: -999rem; padding: .5rem 1rem; background: #fff; }
.skip:focus { left: 1rem; top: .5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 2rem 0 .25rem; }
h2 { font-size: 1.35rem; margin: 3rem 0 .5rem; padding-top: .75rem; border-top: 3px solid var(--blue); }
h3 { font-size: 1.12rem; margin: 2rem 0 .4rem; }
h4 { font-size: 1rem; margin: 0 0 .4rem; }
p, ul, ol { max-width: 48rem; margin: .5rem 0; overflow-wrap: break-word; }
li { margin: .3rem 0; }
nav ol { columns: 22rem; column-gap: 2rem; max-width: none; padding-left: 2.2rem; }
nav li { break-inside: avoid; margin: 0; padding: .2rem 0; }
a { color: var(--blue); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--plum); outline-offset: 2px; }
code { font-size: .9em; overflow-wrap: anywhere; }
.subject, footer { color: var(--quiet); }
.stamp { display: inline-block; font-weight: 700; color: var(--plum); border: 2px solid var(--plum); padding: .2rem .7rem; }
.scroll { overflow-x: auto; margin: .75rem 0 1.25rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 700; padding: .3rem 0; }
caption span { display: block; max-width: 48rem; }
article caption { font-weight: 400; color: var(--quiet); font-size: .93rem; }
th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 400; }
thead th { font-size: .87rem; color: var(--quiet); vertical-align: bottom; border-bottom: 1px solid var(--ink); }
th[scope=rowgroup] { font-weight: 700; padding-top: .9rem; }
tbody th[scope=row] { min-width: 8rem; max-width: 26rem; }
td { max-width: 30rem; }
.n { text-align: right; }
td small { display: block; font-size: .87rem; color: var(--quiet); }
tbody .n { white-space: nowrap; }
thead .n { max-width: 9.5rem; }
article { border-top: 1px solid var(--line); margin: 1.25rem 0; padding-top: 1rem; content-visibility: auto; contain-intrinsic-size: auto 22rem; }
.beside { display: grid; grid-template-columns: minmax(0, 30rem) minmax(0, 1fr); gap: 0 2.5rem; align-items: start; }
figure { margin: 0; }
dl { margin: 0; }
dl div { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 0 1rem; padding: .12rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: break-word; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--blue); padding: .25rem 0; width: fit-content; min-height: 24px; }
svg { display: block; overflow: visible; }
.drawn { width: 100%; max-width: 30rem; height: auto; } .square { max-width: 20rem; }
svg text { font-size: 12px; fill: #3d3d3d; }
.curve { fill: none; stroke: var(--blue); stroke-width: 2.5; stroke-linejoin: round; } .apart { stroke-dasharray: 5 3; }
.refits { fill: #dfe5ea; stroke: #71808c; stroke-width: .75; } .people { fill: var(--teal); }
.zero { fill: none; stroke: #3d3d3d; stroke-width: 1; } .grid { stroke: var(--line); } .foot { stroke: #3d3d3d; }
.heat th, .heat td { border: 1px solid #fff; padding: .25rem .45rem; text-align: right; white-space: nowrap; font-size: .87rem; }
.heat thead th { vertical-align: bottom; color: var(--ink); white-space: normal; max-width: 7rem; }
.heat th[scope=row], .heat thead th:first-child { text-align: left; min-width: 0; padding-right: .8rem; }
.heat tbody th { background: #fff; white-space: normal; }
.u1 { background: #fdeee6; } .u2 { background: #fbd8c4; } .u3 { background: #f9bd9b; } .u4 { background: #f69f6e; }
.d1 { background: #e8eef4; } .d2 { background: #cddcea; } .d3 { background: #a9c3da; } .d4 { background: #83a9cb; }
footer { margin: 3rem auto; font-size: .93rem; }
@media (max-width: 56rem) { .beside { grid-template-columns: minmax(0, 1fr); gap: .75rem 0; } }
@media (max-width: 40rem) {
  h1 { font-size: 1.35rem; } h2 { font-size: 1.2rem; }
  th, td { padding-right: .7rem; }
  dl div { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .35rem; }
  caption span { position: sticky; left: 0; max-width: calc(100vw - 2rem); }
  tbody th[scope=row] { min-width: 6rem; max-width: 9rem; overflow-wrap: break-word; }
  .heat tbody th { position: sticky; left: 0; }
  svg text { font-size: 17px; } .square text { font-size: 13px; }
}
@page { size: A4; margin: 12mm; }
@media print {
  html { font-size: 8.5pt; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main, footer { padding: 0; max-width: none; }
  .skip { display: none; }
  h2 { break-before: page; } h2, h3, h4, caption { break-after: avoid; } tr, li, figure, dl { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  article { content-visibility: visible; }
  .beside { grid-template-columns: 75mm minmax(0, 1fr); gap: 0 6mm; }
  dl div { grid-template-columns: 32mm minmax(0, 1fr); }
  details::details-content { display: block; content-visibility: visible; block-size: auto; }
  summary { color: var(--ink); list-style: none; }
  th, td { padding-right: .6rem; }
  .heat th, .heat td { font-size: 7.5pt; padding: .15rem .25rem; } .wide th, .wide td { font-size: 5.5pt; padding: .1rem; }
}
"""
