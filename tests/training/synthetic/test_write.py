"""Writing: the same seed, the same bytes; whole or not at all; plain files."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from models.errors import BadInput, exit_code
from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area
from training.synthetic.fitted import Fitted
from training.synthetic.mistakes import Mistakes, load_mistakes
from training.synthetic.registers import AGENCIES
from training.synthetic.write import MANIFEST, Asked, _batches, _write_batches, check_asked, synthesise

# A few children, brothers and sisters among them.
SMALL = Asked("england", 60, (2016, 2018), 3)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.csv")}


HELD_APART = {f"{name}.csv" for name in EXTRACTS if name != "siblings"} | {
    *(f"{agency.people}.csv" for agency in AGENCIES),
    *("postcodes.csv", "truth/children.csv", "truth/help.csv", "truth/effects.csv", "truth/identities.csv"),
}


def _written(england: Area, fitted: Fitted, asked: Asked, folder: Path) -> dict[str, bytes]:
    (folder / "truth").mkdir(parents=True)
    _write_batches(england, fitted, asked, folder, lambda _step: None)
    return _files(folder)


def test_the_same_seed(invented: Path, england: Area, fitted: Fitted, asked: Asked, tmp_path: Path) -> None:
    """What another process wrote, with constants it solved itself, in a folder of another name, is the same to the byte."""
    again = _written(england, fitted, asked, tmp_path / "elsewhere, else")
    assert set(again) == set(_files(invented))
    assert [name for name, data in _files(invented).items() if again[name] != data] == []


@pytest.mark.parametrize("other", [Asked("england", 60, (2016, 2018), 4), Asked("england", 61, (2016, 2018), 3)])
def test_another_seed(england: Area, fitted: Fitted, other: Asked, tmp_path: Path) -> None:
    """Another seed, or another size, is another authority: every file differs but the effects, which are the area's."""
    one, two = (_written(england, fitted, asked, tmp_path / str(i)) for i, asked in enumerate((SMALL, other)))
    assert set(one) == set(two)
    assert one["truth/effects.csv"] == two["truth/effects.csv"]
    filled = {name for name in one if name != "truth/effects.csv" and one[name].count(b"\n") > 1}
    assert len(filled) > 15
    assert {name for name in filled if one[name] == two[name]} == set()
    keys = [{line[:16] for line in found["register.csv"].splitlines()[1:]} for found in (one, two)]
    assert len(keys[0]) >= 120
    assert other.seed == SMALL.seed or not keys[0] & keys[1]


@pytest.mark.parametrize("births", [1, 2, 7, 2000, 2001, 30_011])
@pytest.mark.parametrize("cohorts", [1, 3, 10])
def test_parts(births: int, cohorts: int) -> None:
    """However many children, they are invented in parts of a size that memory can hold, and none is lost."""
    parts = list(_batches(Asked("england", births, tuple(range(2014, 2014 + cohorts)), 1)))
    assert sum(parts) == births
    assert all(part >= 1 and part * cohorts <= 20_000 + cohorts for part in parts)
    assert max(parts) - min(parts) <= 1


def test_the_same_seed_held_apart(
    held_apart: Path, england: Area, fitted: Fitted, asked: Asked, tmp_path: Path
) -> None:
    """As agencies hold it too, what another process wrote is the same to the byte."""
    again = _written(england, fitted, replace(asked, mistakes=load_mistakes("default")), tmp_path / "elsewhere")
    assert set(again) == set(_files(held_apart)) == HELD_APART
    assert [name for name, data in _files(held_apart).items() if again[name] != data] == []


def test_the_truth_is_the_same(held_apart: Path, invented: Path) -> None:
    """However it is written, it is the same authority: the truth is the same to the byte, but for whose each id is."""
    for name in ("children", "help", "effects"):
        assert (held_apart / "truth" / f"{name}.csv").read_bytes() == (invented / "truth" / f"{name}.csv").read_bytes()
    plain, apart = (json.loads((folder / "truth" / MANIFEST).read_text()) for folder in (invented, held_apart))
    assert apart.pop("agencies") is True
    assert Mistakes.model_validate(apart.pop("mistakes")) == load_mistakes("default")
    assert {**apart, "rows": None} == {**plain, "rows": None}


def test_parts_share_no_id(held_apart: Path) -> None:
    """What was invented in two parts has own ids of its own for every child at every agency, and numbers of its own."""
    rows = pd.read_csv(held_apart / "truth" / "identities.csv", dtype=str)
    assert not rows["id"].where(rows["agency"] != "schools").dropna().duplicated().any()
    assert not rows.duplicated(["agency", "id"]).any()
    assert set(rows["child"]) <= set(pd.read_csv(held_apart / "truth" / "children.csv", dtype=str)["pseudonym"])
    people = pd.read_csv(held_apart / "people_child_health.csv", dtype=str).drop_duplicates("local_patient_id")
    assert people["nhs_number"].dropna().duplicated().sum() <= 5


def test_plain_files_held_apart(held_apart: Path) -> None:
    """Every file as agencies hold it is plain too: ASCII, a header, as many fields in every line, no quotes."""
    for name, data in _files(held_apart).items():
        text = data.decode("ascii")
        assert not set(text) & set('"\r\t;'), name
        lines = text.removesuffix("\n").split("\n")
        assert {line.count(",") for line in lines} == {lines[0].count(",")}


@pytest.mark.parametrize("births", [1, 40])
def test_few_held_apart(england: Area, fitted: Fitted, births: int, tmp_path: Path) -> None:
    """However few the children, every file is there with its header, and the rows of each are of the people it names."""
    asked = Asked("england", births, (2023,), 1, load_mistakes("default"))
    found = _written(england, fitted, asked, tmp_path / "few")
    assert set(found) == HELD_APART
    for agency in AGENCIES:
        header, *lines = found[f"{agency.people}.csv"].decode().splitlines()
        assert header.split(",") == [agency.key, *agency.columns]
        own = {line.split(",")[0] for line in lines}
        for name in agency.extracts:
            assert {line.split(",")[0] for line in found[f"{name}.csv"].decode().splitlines()[1:]} <= own


def test_parts_share_no_child(invented: Path, asked: Asked) -> None:
    """What was invented in two parts has keys of its own for every child and household."""
    assert len(list(_batches(asked))) == 2
    lines = (invented / "truth" / "children.csv").read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split(",") for line in lines]
    assert len({row[0] for row in rows}) == len(rows)
    assert not {row[0] for row in rows} & {row[1] for row in rows}


def test_plain_files(invented: Path) -> None:
    """Every file is plain: ASCII, a header, one line a row, as many fields as the header, no quotes, no blanks."""
    for name, data in _files(invented).items():
        text = data.decode("ascii")
        assert not set(text) & set("\"'\r\t ;"), name
        assert text.endswith("\n")
        lines = text[:-1].split("\n")
        assert {line.count(",") for line in lines} == {lines[0].count(",")}
        assert all(column.isidentifier() and column == column.lower() for column in lines[0].split(","))


def test_a_file_for_every_source(england: Area, fitted: Fitted, tmp_path: Path) -> None:
    """However few the children, every file is there with its header."""
    found = _written(england, fitted, Asked("england", 1, (2023,), 1), tmp_path / "few")
    assert set(found) == {f"{name}.csv" for name in EXTRACTS} | {
        *("truth/children.csv", "truth/help.csv", "truth/effects.csv")
    }
    assert all(data.count(b"\n") >= 1 and data.startswith((b"pseudonym,", b"input,")) for data in found.values())


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        (Asked("england", 0, (2016,), 1), "births must be at least 1"),
        (Asked("england", -5, (2016,), 1), "births must be at least 1"),
        (Asked("england", 5, (2016,), -1), "and the seed"),
        (Asked("england", 5, (), 1), "cohorts must lie between 2014 and 2025, such as 2014-2023"),
        (Asked("england", 5, (2010, 2011, 2012), 1), "cohorts must lie between"),
        (Asked("england", 5, (2024, 2025, 2026), 1), "cohorts must lie between"),
    ],
)
def test_what_cannot_be_invented(asked: Asked, remedy: str, tmp_path: Path) -> None:
    """What cannot be invented is refused with what can, before any work, and leaves nothing."""
    steps: list[str] = []
    with pytest.raises(BadInput, match=remedy) as refused:
        synthesise(asked, tmp_path / "out", steps.append)
    assert exit_code(refused.value) == 3
    assert steps == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["full", "file", "absent/out", "file/out"])
def test_where_it_cannot_be_written(place: str, tmp_path: Path) -> None:
    """A folder that is not empty, a file, or a folder that is not there is refused, and all stays as it was."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput, match=r"choose another place|choose a place in a folder that exists"):
        synthesise(SMALL, tmp_path / place, lambda _step: None)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "full" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    """A folder that is there and empty is as good as none."""
    check_asked(SMALL, tmp_path)
    check_asked(SMALL, tmp_path / "out")


def test_here(tmp_path: Path) -> None:
    """The folder one stands in cannot be replaced: it is refused, before the work and not after it."""
    standing = Path.cwd()
    os.chdir(tmp_path)
    try:
        with pytest.raises(BadInput):
            check_asked(SMALL, Path())
    finally:
        os.chdir(standing)


def test_interrupted(tmp_path: Path) -> None:
    """Interrupted when all is written but not in its place, nothing is left: neither the folder nor a part of it."""
    seen: list[str] = []

    def interrupt(step: str) -> None:
        seen.append(step)
        if "1 of 1" in step:
            assert len(list(tmp_path.iterdir())) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synthesise(SMALL, tmp_path / "out", interrupt)
    assert len(seen) == 2
    assert list(tmp_path.iterdir()) == []
