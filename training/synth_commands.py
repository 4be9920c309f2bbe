"""The verb `synth`: apart from the others, so that inventing an authority waits for no learning library."""

import re
from pathlib import Path
from typing import Annotated

import typer

from models.errors import BadInput, GateRefused
from training.private_files import check_place
from training.synthetic.area import NATION, Area, load_area
from training.synthetic.check import check as check_area
from training.synthetic.check import check_lines
from training.synthetic.measured_tables import open_extracts
from training.synthetic.mistakes import Mistakes, load_mistakes
from training.synthetic.report import report as draw
from training.synthetic.write import Asked, synthesise

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
_NATION_BIRTHS = 4_000
_RANGE = re.compile(r"(\d{4})(?:-(\d{4}))?")


def main(argv: list[str]) -> None:
    """Run the verb `synth`."""
    app(argv[1:], prog_name="earlyid synth")


@app.command()
def synth(
    out: Annotated[Path, typer.Argument(help="The folder to write: extracts, and truth/ beside them.")],
    *,
    area: Annotated[str, typer.Option(help="england, or a council whose figures are published.")] = "england",
    births: Annotated[
        int | None,
        typer.Option(help="Children born in each cohort; if left out, a council's own size, and 4,000 of England."),
    ] = None,
    cohorts: Annotated[str, typer.Option(help="Academic years of birth, such as 2014-2023.")] = "2014-2023",
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 7,
    check: Annotated[
        bool, typer.Option("--check", help="Measure every published figure on it; exit 4 if one is missed.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write a page of every published figure beside the invented one.")
    ] = None,
    agencies: Annotated[
        bool, typer.Option("--agencies", help="Write it as its agencies hold it: people files, no shared identifier.")
    ] = False,
    mistakes: Annotated[
        str | None, typer.Option(help="With --agencies, the mistakes made: default, equal, or a TOML file.")
    ] = None,
) -> None:
    """Invent an authority whose figures are those published, with its truth apart."""
    size = births if births is not None else _usual_births(area)
    if report is not None:
        check_place(report)
    made = _mistakes(mistakes, agencies=agencies, measured=check or report is not None)
    rows = synthesise(Asked(area, size, _years(cohorts), seed, made), out, _progress)
    for name, count in rows.items():
        typer.echo(f"{name}: {count:,} rows")
    if check or report is not None:
        _measure(
            load_area(area), out, report, f"{size:,} births in each cohort of {cohorts}, seed {seed}", refuse=check
        )


def _usual_births(area: str) -> int:
    """Return a council's own size; all of England would be six million children, which nobody asks for unawares."""
    return _NATION_BIRTHS if area == NATION else load_area(area).size


def _mistakes(name: str | None, *, agencies: bool, measured: bool) -> Mistakes | None:
    """Return the mistakes that agencies make, none where extracts are keyed by child; refuse what does not go together."""
    if agencies and measured:
        raise BadInput(
            "the figures are measured on extracts keyed by child: run --check or --report without --agencies"
        )
    if name is not None and not agencies:
        raise BadInput("mistakes are made by agencies: give --mistakes together with --agencies")
    return load_mistakes(name or "default") if agencies else None


def _measure(area: Area, folder: Path, page: Path | None, asked: str, *, refuse: bool) -> None:
    _progress("measuring every published figure")
    con = open_extracts(folder)
    checked = check_area(area, folder, con)
    for line in check_lines(area, checked):
        typer.echo(line)
    if page is not None:
        page.write_text(draw(area, checked, con, asked), encoding="utf-8")
        typer.echo(f"the page: {page}")
    failed = sum(not one.passed for one in checked)
    if refuse and failed:
        raise GateRefused(f"{failed} of {len(checked)} published figures were not reached")


def _years(text: str) -> tuple[int, ...]:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise BadInput("cohorts are a year or two years with a hyphen, such as 2014-2023")
    first, last = int(found[1]), int(found[2] or found[1])
    return tuple(range(first, last + 1))


def _progress(step: str) -> None:
    typer.echo(f"· {step}", err=True)
