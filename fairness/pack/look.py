"""The look of the pack's own parts: numbered sections, and a decision sheet that on A4 is one page, of up to a dozen scores."""

LOOK = """
main { counter-reset: part; } h2 { counter-increment: part; } h2::before { content: counter(part) ". "; }
.sheet .pair { grid-template-columns: minmax(0, 8fr) minmax(0, 5.6fr); gap: 0 1.2rem; }
.sheet table { width: 100%; } .sheet tbody th[scope=row] { min-width: 0; }
.lists { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: start; }
.sheet .pair tbody th[scope=row] { white-space: nowrap; } .sheet .gaps td:last-child { min-width: 9rem; }
.sheet .signatures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 2rem; }
@media screen and (max-width: 56rem) { .sheet .pair { grid-template-columns: minmax(0, 1fr); } }
@media print {
  header h1 { font-size: 13pt; margin: 0; } header p { margin: 0; }
  .sheet { font-size: 8pt; line-height: 1.25; } .sheet.many { font-size: 6.8pt; line-height: 1.17; }
  .sheet h2 { font-size: 10pt; margin: 1.2mm 0 1mm; padding-top: 1mm; }
  .sheet h3 { font-size: 1.1em; margin: 1.2mm 0 .2mm; }
  .sheet p, .sheet ul { max-width: none; margin: .3mm 0; } .sheet li { margin: .2mm 0; }
  .sheet .source, .sheet small, .sheet thead th { font-size: .93em; line-height: 1.15; }
  .sheet .ask { margin: 1mm 0; padding: .5mm 2mm; } .sheet .boxes li { display: inline; }
  .sheet .scroll { margin: .5mm 0; } .sheet caption { padding: .3mm 0; } .sheet caption span { max-width: none; }
  .sheet th, .sheet td { padding: .25mm 1.5mm .25mm 0; } .sheet th[scope=rowgroup] { padding-top: .8mm; }
  .sheet .gaps { table-layout: fixed; } .sheet .gaps th:first-child { width: 20%; } .sheet .gaps thead th:nth-child(2) { width: 42%; }
  .sheet .gaps thead th:nth-child(3) { width: 13%; } .sheet .gaps thead th:nth-child(4) { width: 13%; }
  .sheet .gaps td:last-child { min-width: 0; }
  .sheet .alarm { margin: .3mm 0; padding: 0 0 0 2mm; }
  .sheet .signatures { gap: 0 6mm; grid-template-columns: 1fr 1fr; margin-top: 1.5mm; }
  .sheet .signatures div { grid-template-columns: 36mm minmax(0, 1fr); padding: 0; }
  .sheet .signatures dt, .sheet .signatures dd { align-self: end; } .sheet .signatures dd { min-height: 5mm; }
}
"""
