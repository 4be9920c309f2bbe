"""The verb `synth`, by the real command: what it prints, what it refuses, and when it says no."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput, GateRefused, exit_code
from training.synth_commands import _measure, _usual_births, _years, main
from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import load_area
from training.synthetic.registers import AGENCIES

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def done(once: Callable[..., Any]) -> Any:
    """An England of 2,100 births a cohort, as the tests of inventing share it."""
    size = ("--births", 2100, "--cohorts", "2014-2023", "--seed", 11)
    return once("england-invented", "synth", "HOME/england", *size)


@pytest.fixture(scope="module")
def bradford(once: Callable[..., Any]) -> Any:
    """Bradford at its own size, checked and with its page, as the promise of England shares it."""
    return once(
        "bradford-as-published",
        *("synth", "HOME/bradford", "--area", "bradford", "--cohorts", "2016-2020", "--seed", 7, "--check"),
        *("--report", "HOME/page.html"),
    )


def test_what_is_printed(done: Any) -> None:
    """It exits 0 and prints how many rows each file has; what it does now, on the side."""
    assert done.status == 0, done.err
    lines = done.out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        *(f"{name}.csv" for name in EXTRACTS),
        *("truth/children.csv", "truth/help.csv"),
    ]
    for line in lines:
        name, count = line.removesuffix(" rows").split(": ")
        with (done.home / "england" / name).open(encoding="ascii") as file:
            assert sum(1 for _ in file) - 1 == int(count.replace(",", ""))
    assert all(line.startswith("· ") for line in done.err.splitlines())
    assert "· invented 2 of 2 parts of England" in done.err


def test_what_is_printed_of_agencies(once: Callable[..., Any]) -> None:
    """As agencies hold it, it prints how many rows each agency's people file and extracts have, then those of the truth."""
    size = ("--births", 2100, "--cohorts", "2014-2023", "--seed", 11)
    done = once("england-held-apart", "synth", "HOME/england", "--agencies", *size)
    assert done.status == 0, done.err
    names = [line.split(":")[0] for line in done.out.splitlines()]
    assert names == [
        *(f"{name}.csv" for agency in AGENCIES for name in (agency.people, *agency.extracts)),
        *("truth/identities.csv", "truth/children.csv", "truth/help.csv"),
    ]


def test_equal_mistakes(tmp_path: Path) -> None:
    """The mistakes that are made are those asked for."""
    words = ("--births", "5", "--cohorts", "2020", "--agencies", "--mistakes", "equal")
    with pytest.raises(SystemExit) as left:
        main(["earlyid", str(tmp_path / "equal"), *words])
    assert left.value.code == 0
    assert json.loads((tmp_path / "equal" / "truth" / "invented.json").read_text())["mistakes"]["multipliers"] == {}


def test_nothing_else_is_written(done: Any) -> None:
    """Beside the folder asked for nothing is left."""
    assert [path.name for path in done.home.iterdir()] == ["england"]


def test_a_check_that_passes(bradford: Any) -> None:
    """Checked, it prints every target with what was published, reached and allowed, and exits 0 where all are reached."""
    assert bradford.status == 0, bradford.out
    area = load_area("bradford")
    lines = [line for line in bradford.out.splitlines() if line.startswith("ok ")]
    assert [line.split()[1] for line in lines] == list(area.figures)
    for line, figure in zip(lines, area.figures.values(), strict=True):
        published, _reached, tolerance = (float(word) for word in line.split()[2:5])
        assert published == pytest.approx(figure.value, abs=0.005)
        assert tolerance >= figure.tolerance - 0.005
        assert f"{figure.source} ({figure.year})" in line
    assert f"Bradford: {len(lines)} of {len(lines)} targets reached" in bradford.out
    assert bradford.out.splitlines()[-1] == f"the page: {bradford.home / 'page.html'}"


def test_the_page(bradford: Any) -> None:
    """The page is written where asked, and says what was invented: the area's own size, where none was asked."""
    page = (bradford.home / "page.html").read_text(encoding="utf-8")
    assert "An invented Bradford, beside the published one" in page
    assert "7,346 births in each cohort of 2016-2020, seed 7" in page


def test_a_check_that_fails(bradford: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where targets are missed a gate says no, exit 4, with how many; which ones is printed, and drawn on the page."""
    page = tmp_path / "page.html"
    with pytest.raises(GateRefused, match=r"\d+ of 26 published figures were not reached") as refused:
        _measure(load_area("york"), bradford.home / "bradford", page, "as asked", refuse=True)
    assert exit_code(refused.value) == 4
    (said,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("not reached: ")]
    assert "share_asian" in said
    assert page.read_text(encoding="utf-8").count("aria-label='off'") == len(said.split(", "))


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("--births", "0"), "births must be at least 1"),
        (("--births", "5", "--cohorts", "2010-2012"), "cohorts must lie between 2014 and 2025, such as 2014-2023"),
        (("--births", "5", "--cohorts", "2020-2016"), "cohorts must lie between 2014 and 2025, such as 2014-2023"),
        (("--births", "5", "--cohorts", "abc"), "a year or two years with a hyphen, such as 2014-2023"),
        (("--births", "5", "--cohorts", "2016-"), "a year or two years with a hyphen"),
        (("--births", "5", "--cohorts", ""), "a year or two years with a hyphen"),
        (("--births", "5", "--seed", "-1"), "and the seed"),
        (("--births", "5", "--area", "atlantis"), "there is no such area; choose one of blackpool, bradford, england"),
        (("--births", "5", "--report", "/nowhere/page.html"), "choose another place"),
        (("--births", "5", "--agencies", "--check"), "run --check or --report without --agencies"),
        (("--births", "5", "--agencies", "--report", "page.html"), "run --check or --report without --agencies"),
        (("--births", "5", "--mistakes", "equal"), "give --mistakes together with --agencies"),
        (("--births", "5", "--agencies", "--mistakes", "worse"), "choose default, equal, or a file"),
    ],
)
def test_what_is_refused(words: tuple[str, ...], remedy: str, tmp_path: Path) -> None:
    """What cannot be invented, or a page that cannot be written, is refused with a remedy, and nothing is left."""
    with pytest.raises(BadInput, match=remedy) as refused:
        main(["earlyid", str(tmp_path / "out"), *words])
    assert exit_code(refused.value) == 3
    assert list(tmp_path.iterdir()) == []


def test_refused_by_the_command(earlyid: Command, tmp_path: Path) -> None:
    """The command refuses in one line, exit 3, and leaves what is there as it is."""
    (tmp_path / "mine.txt").touch()
    done = earlyid("synth", tmp_path, "--births", "5")
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    assert "choose another place" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Births that are no number are a mistake of usage, exit 2."""
    with pytest.raises(SystemExit) as left:
        main(["earlyid", str(tmp_path / "out"), "--births", "many"])
    assert left.value.code == 2
    assert "--births" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "years"), [("2016", (2016,)), ("2016-2018", (2016, 2017, 2018)), ("2018-2016", ())])
def test_years(text: str, years: tuple[int, ...]) -> None:
    """Cohorts are one year, or a first and a last."""
    assert _years(text) == years


def test_usual_births() -> None:
    """Left out, the births are a council's own size, and of England so many that nobody waits for millions unawares."""
    assert _usual_births("york") == load_area("york").size
    assert _usual_births("england") == 4000
