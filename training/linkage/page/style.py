"""The look of the link report, on a screen, on a narrow one, and on A4."""

STYLE = """
:root { --ink: #1d2b36; --quiet: #50606d; --line: #dde4e9; --blue: #1f6feb; --rust: #b23c0a; --pale: #dce7f0; }
* { box-sizing: border-box; }
html { font-size: 15px; }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #fff; margin: 0; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 2rem 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem; padding-top: .75rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; }
p, ul, ol, dl { max-width: 46rem; margin: .5rem 0; overflow-wrap: break-word; }
li { margin: .3rem 0; }
.subject, footer, .quiet { color: var(--quiet); }
nav ol { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style-position: inside; max-width: none; }
a { color: #0b57c9; }
code { font-size: .93em; overflow-wrap: anywhere; }
.lead { font-size: 1.08rem; }
.warnings ul { list-style: none; padding: 0; }
.warnings li { border-left: 4px solid var(--rust); padding: .1rem 0 .1rem .75rem; margin: .7rem 0; }
.warnings strong::before { content: "! "; }
.scroll { overflow-x: auto; margin: .75rem 0 1.25rem; }
.scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; max-width: 46rem; }
th, td { text-align: left; padding: .22rem .9rem .22rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
th { font-weight: 400; }
thead th { font-size: .87rem; color: var(--quiet); vertical-align: bottom; border-bottom: 1px solid var(--ink); }
th[scope=rowgroup] { font-weight: 600; padding-top: .8rem; }
tbody th[scope=row] { min-width: 7.5rem; max-width: 20rem; }
.verdict { min-width: 9rem; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; }
svg { display: block; overflow: visible; }
svg text { font-size: 11px; fill: var(--quiet); }
.axis { margin-top: .15rem; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .15rem 1.5rem; font-size: .93rem; max-width: none; }
.mark { display: inline-block; vertical-align: -4px; margin-right: .35rem; }
.band { fill: var(--pale); } .rule { stroke: var(--ink); stroke-width: 1; } .foot { stroke: var(--line); }
.whisker { stroke: var(--ink); stroke-width: 1.5; } .arrow { fill: var(--ink); }
.within { fill: var(--blue); } .larger, .watch { fill: var(--rust); stroke: #fff; }
.untold { fill: #fff; stroke: var(--ink); stroke-width: 1.5; }
.all { fill: var(--pale); } .part, .for, .linked { fill: var(--blue); } .against, .to-review { fill: var(--rust); }
.neither { fill: #6b7a86; }
.heat th, .heat td { border: 1px solid #fff; padding: .3rem .45rem; text-align: center; min-width: 5.2rem; font-size: .9rem; }
.heat thead th { vertical-align: bottom; color: var(--ink); hyphens: auto; }
.heat tbody th { text-align: left; }
.heat small { display: block; font-size: .82rem; }
.h0 { background: #f4f7fa; } .h1 { background: #e3edf7; } .h2 { background: #cbdff2; } .h3 { background: #acccec; }
.h4 { background: #8cb8e6; } .own { background: #fff; color: var(--quiet); }
footer { margin: 2.5rem auto; font-size: .9rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.35rem; } th, td { padding-right: .6rem; }
  tbody th[scope=row] { position: sticky; left: 0; background: #fff; min-width: 6.5rem; max-width: 7rem; }
  caption span { display: block; position: sticky; left: 0; max-width: calc(100vw - 2rem); }
  td svg, .axis { width: 8.5rem; height: auto; } .axis text { font-size: 17px; }
}
@page { size: A4; margin: 13mm; }
@media print {
  html { font-size: 8.5pt; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main, footer { padding: 0; max-width: none; } nav { display: none; }
  h2, h3, caption { break-after: avoid; } tr, li, svg { break-inside: avoid; } thead { display: table-header-group; }
  .scroll { overflow: visible; } td svg, .axis { width: 12rem; height: auto; } .axis text { font-size: 15px; } th, td { padding-right: .6rem; }
  .heat th, .heat td { min-width: 0; padding: .25rem; }
}
"""
