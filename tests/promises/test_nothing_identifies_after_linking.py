"""
Past the linking step nothing names a child: not in what it prints, hands on, trains or tracks, whatever was typed where.

It must be so because linked extracts, bundles and runs are kept, copied and read by many, and names, numbers, postcodes
and dates of birth turn every one of them into a register of children. So a child is planted whose every mark is like no
other's, in its own cells and in cells where such a thing does not belong; all that linking and training leave is then
searched for those marks, byte by byte. Two files may hold them: the pairs to review, and the map.
"""

import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.borough import Invented
from models.secret import new_secret

ROOT = Path(__file__).parents[2]
FORENAME, SURNAME, ADDRESS = "Zelphine", "Quorrimond", "14 Verbenium Crescent"
NHS, UPN, POSTCODE, CLINIC_ID = "9434765919", "A999001803011", "QX7 3ZD", "CLX88007731"
# As many as training needs to learn from, and to be sure that there is something to learn.
CHILDREN = 1200
IDENTIFIES = ("review.csv", "map.csv")
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True)
class Desk:
    """An analyst's folder: raw extracts, contract, secret, and a folder for temporary files."""

    place: Path
    marks: tuple[str, ...]

    def run(self, *words: str) -> Done:
        """Run the real command, its temporary files in a folder of this desk."""
        return subprocess.run(
            [sys.executable, "-c", "import earlyid; earlyid.main()", *words],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(self.place / "tmp")},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def link(
        self, raw: str = "raw", contract: str = "contract.toml", review: str = "review.csv", out: str = "linked"
    ) -> Done:
        """Link the records of a folder."""
        named = {"contract": contract, "key": "key", "review": review, "map": "map.csv", "out": out}
        options = [str(word) for name, value in named.items() for word in (f"--{name}", self.place / value)]
        return self.run("link", str(self.place / raw), *options)

    def train(self, plan: Path) -> Done:
        """Train on what was linked, with the run recorded and the held-out scores kept."""
        named = {
            "contract": "contract.toml",
            "data": "linked",
            "out": "releases",
            "home": "home",
            "scores": "scores.parquet",
        }
        options = [str(word) for name, value in named.items() for word in (f"--{name}", self.place / value)]
        return self.run("train", *options, "--plan", str(plan))

    def told(self, text: str) -> list[str]:
        """The marks that a text holds, in whatever case."""
        return [mark for mark in self.marks if mark.lower() in text.lower()]


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    borough_text: str,
    borough_children: list[Invented],
    borough_extracts: Path,
) -> Desk:
    """The borough's records as two agencies hold them, with one child who is like no other."""
    place = tmp_path_factory.mktemp("desk")
    (place / "tmp").mkdir()
    new_secret(place / "key")
    contract = re.sub(r"expires = [0-9-]+", "expires = 2099-12-31", borough_text).replace(
        '    { name = "gross_motor"',
        '    { name = "worker", type = "key", roles = ["cluster"] },\n    { name = "gross_motor"',
    )
    (place / "contract.toml").write_text(contract + _LINKAGE, encoding="utf-8")
    children, marked = borough_children[:CHILDREN], borough_children[0]
    _write_people(place / "raw", children, marked)
    _write_extracts(borough_extracts, place / "raw", {child.key for child in children}, marked)
    return Desk(place, _marks(marked))


def _marks(marked: Invented) -> tuple[str, ...]:
    born = marked.born
    dates = [born.strftime(written) for written in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d%m%Y")]
    names = [FORENAME, SURNAME, "Verbenium", NHS, f"{NHS[:3]} {NHS[3:6]} {NHS[6:]}", UPN, CLINIC_ID]
    return (*names, POSTCODE, POSTCODE.replace(" ", ""), marked.key, marked.family, *dates)


def _write_people(raw: Path, children: list[Invented], marked: Invented) -> None:
    raw.mkdir()
    chance = random.Random(9)  # noqa: S311 (no secret)
    clinic = ["clinic_id,nhs,forename,surname,born,address,postcode,mother"]
    school = ["upn,forename,surname,born,address,postcode"]
    for child in children:
        forename, surname, street = (_word(chance) for _ in range(3))
        postcode = (
            f"ZZ{chance.randint(1, 9)} {chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTU')}"
        )
        shared = f"{forename},{surname},{child.on(0)},{chance.randint(1, 99)} {street} Road,{postcode}"
        if child is marked:
            shared = f"{FORENAME},{SURNAME},{child.on(0)},{ADDRESS},{POSTCODE}"
        nhs = NHS if child is marked else ""
        clinic.append(f"{_clinic_id(child.key, marked)},{nhs},{shared},{child.family}")
        school.append(f"{_school_id(child.key, marked)},{shared}")
    clinic.append(f"{CLINIC_ID},{FORENAME}")
    (raw / "people_clinic.csv").write_text("\n".join([*clinic, ""]), encoding="utf-8")
    (raw / "people_school.csv").write_text("\n".join([*school, ""]), encoding="utf-8")


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfglmnrst") + chance.choice("aeiou") for _ in range(3)).title()


def _clinic_id(key: str, marked: Invented) -> str:
    return CLINIC_ID if key == marked.key else f"c{key}"


def _school_id(key: str, marked: Invented) -> str:
    return UPN if key == marked.key else f"s{key}"


def _write_extracts(extracts: Path, raw: Path, keys: set[str], marked: Invented) -> None:
    for name in ("births", "reviews", "contacts", "addresses", "hub"):
        header, rows = _read(extracts / f"{name}.csv")
        own = [[_clinic_id(key, marked), *cells] for key, *cells in rows if key in keys]
        _write(raw / f"{name}.csv", *_with_marks(name, header, own, marked))
    header, rows = _read(extracts / "profile.csv")
    _write(
        raw / "profile.csv",
        ["upn", *header[1:]],
        [[_school_id(key, marked), *cells] for key, *cells in rows if key in keys],
    )
    table = pq.read_table(extracts / "childcare.parquet")
    table = table.filter(pc.is_in(table.column("child"), pa.array(sorted(keys))))
    ids = [_school_id(key, marked) for key in table.column("child").to_pylist()]
    ages = [str(age) for age in table.column("age_days").to_pylist()]
    told: dict[str, list[object]] = {"upn": [*ids, UPN], "age_days": [*ages, marked.born.strftime("%Y%m%d")]}
    told["hours"] = [*table.column("hours").to_pylist(), None]
    told["basis"] = [*table.column("basis").to_pylist(), FORENAME]
    told[SURNAME] = [ADDRESS] * len(told["upn"])
    pq.write_table(pa.table(told), raw / "childcare.parquet")
    places = "".join(f"ZZ{decile} 1AL,{decile}\n" for decile in range(1, 11))
    (raw / "places.csv").write_text(f"postcode,decile\n{POSTCODE},{POSTCODE}\n{places}", encoding="utf-8")


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _with_marks(
    name: str, header: list[str], rows: list[list[str]], marked: Invented
) -> tuple[list[str], list[list[str]]]:
    """Put the child's marks where they do not belong: other cells, keys, columns and headers that nobody declared, broken rows."""
    header, day = ["clinic_id", *header[1:], FORENAME], marked.on(300)
    planted = {
        "births": [],
        "reviews": [
            [day, day, NHS, f"-{NHS}", marked.born.strftime("%d%m%Y")],
            [day, FORENAME, UPN, POSTCODE, SURNAME],
        ],
        "contacts": [
            [day, f"{FORENAME} {SURNAME}", marked.born.strftime("%d/%m/%Y"), NHS],
            [NHS, FORENAME, SURNAME, ADDRESS],
        ],
        "addresses": [[day, SURNAME, NHS], [FORENAME, "", NHS]],
        "hub": [[day, NHS], [POSTCODE, marked.born.strftime("%Y%m%d")]],
    }[name]
    rows = [[*row, SURNAME] for row in [*rows, *([CLINIC_ID, *cells] for cells in planted)]]
    if name == "reviews":
        header, rows = [*header, "worker"], [[*row, f"{FORENAME} {SURNAME}"] for row in rows]
    if name == "addresses":
        homes = [POSTCODE if own == CLINIC_ID else f"ZZ{decile} 1AL" for own, _, _, decile, *_ in rows]
        header, rows = [*header, "postcode"], [[*row, home] for row, home in zip(rows, homes, strict=True)]
    broken = [[CLINIC_ID, FORENAME], [*rows[0], SURNAME, NHS, ADDRESS]]
    return header, [*rows, *broken, [NHS, *rows[0][1:]]]


def _texts(place: Path) -> Iterator[tuple[str, str]]:
    """Every file that is no raw record and may not identify anybody: its way, and all that can be read of it."""
    for path in sorted(place.rglob("*")):
        way = path.relative_to(place)
        if way.parts[0].startswith("raw") or way.name in {"key", *IDENTIFIES}:
            continue
        yield str(way), str(way)
        if path.is_file():
            yield str(way), path.read_bytes().decode("latin-1")
        if path.suffix == ".parquet":
            yield str(way), f"{pq.read_schema(path)} {json.dumps(pq.read_table(path).to_pydict(), default=str)}"


@pytest.fixture(scope="module")
def worked(desk: Desk, quick_plan: Path) -> Desk:
    """The desk after linking, training on the linked folder and recording the run, all by the real command."""
    for name in ("link", "train"):
        done = desk.link() if name == "link" else desk.train(quick_plan)
        assert done.returncode == 0, done.stderr
        (desk.place / f"{name}.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return desk


def test_nothing_that_is_left_identifies_anybody(worked: Desk) -> None:
    """No mark of the child is in any file that linking, training or tracking leave, nor in a name of one, nor printed."""
    found = [(way, mark) for way, text in _texts(worked.place) for mark in worked.told(text)]
    assert found == []


def test_there_was_something_to_find(worked: Desk) -> None:
    """The search finds every mark in the raw records, and looks at every kind of file that was left."""
    raw = "".join(path.read_bytes().decode("latin-1") for path in (worked.place / "raw").iterdir())
    spaced = f"{NHS[:3]} {NHS[3:6]} {NHS[6:]}"
    assert set(worked.marks) - set(worked.told(raw)) <= {POSTCODE.replace(" ", ""), spaced, _key_of(worked)}
    looked_at = {way.split("/")[0] for way, _ in _texts(worked.place)}
    assert looked_at >= {"linked", "releases", "home", "link.txt", "train.txt", "scores.parquet", "tmp"}


def _key_of(desk: Desk) -> str:
    return next(mark for mark in desk.marks if mark.startswith("kx"))


def test_the_child_was_linked(worked: Desk) -> None:
    """The child is no stranger to what was searched: both agencies' records of it stand there under one pseudonym."""
    with (worked.place / "map.csv").open(encoding="utf-8", newline="") as file:
        names = {row["id"]: row["child"] for row in csv.DictReader(file)}
    assert names[CLINIC_ID] == names[UPN]
    for name in ("births.csv", "reviews.csv", "profile.csv"):
        assert names[UPN] in (worked.place / "linked" / name).read_text(encoding="utf-8")


def test_no_temporary_file_stays(worked: Desk) -> None:
    """Of what linking put aside while it worked nothing is left."""
    assert list((worked.place / "tmp").iterdir()) == []
    assert [path.name for path in worked.place.iterdir() if path.name.startswith(".")] == []


def _break(desk: Desk, broken: str) -> Done:
    """Link a few of the records with one thing broken, the child's marks all about it."""
    raw = desk.place / f"raw {broken}"
    shutil.copytree(desk.place / "raw", raw)
    for name in ("people_clinic.csv", "people_school.csv"):
        lines = (raw / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (raw / name).write_text("".join(lines[:40]), encoding="utf-8")
    contract, review, out = "contract.toml", f"raw {broken}/{IDENTIFIES[0]}", f"linked {broken}"
    match broken:
        case "people":
            (raw / "people_school.csv").write_text(f'"{FORENAME}"{SURNAME},upn\n{UPN},{NHS}\n', encoding="utf-8")
        case "extract":
            (raw / "hub.csv").write_bytes(f"clinic_id,session_date,{FORENAME},{FORENAME.upper()}\n{NHS}\n".encode())
        case "contract":
            contract = f"raw {broken}/contract.toml"
            text = (desk.place / "contract.toml").read_text(encoding="utf-8")
            (desk.place / contract).write_text(text.replace('kind = "text"', 'kind = "prose"'), encoding="utf-8")
        case _:
            decided = f"perhaps {FORENAME},clinic,{CLINIC_ID},school,{UPN}\nsame,{NHS}\n"
            (desk.place / review).write_text(f"decision,agency_1,id_1,agency_2,id_2\n{decided}", encoding="utf-8")
    return desk.link(raw.name, contract, review, out)


@pytest.mark.parametrize("broken", ["people", "extract", "contract", "decisions"])
def test_no_failure_tells(desk: Desk, broken: str) -> None:
    """Whatever is broken is refused by its place alone, with exit code 3: no mark of the child is printed."""
    done = _break(desk, broken)
    assert (done.returncode, desk.told(done.stdout + done.stderr)) == (3, []), done.stderr
    assert not (desk.place / f"linked {broken}").exists()


_LINKAGE = """
[linkage]
places = { file = "places.csv", key = "postcode", source = "addresses", postcode = "postcode", columns = ["decile"] }
part = [
    { name = "nhs_number", kind = "nhs_number" },
    { name = "forename", kind = "name", swaps_with = "surname" },
    { name = "surname", kind = "name", shared = "family" },
    { name = "date_of_birth", kind = "date", shared = "twins" },
    { name = "address", kind = "text", shared = "family" },
    { name = "postcode", kind = "postcode", shared = "family" },
]

[[linkage.agency]]
name = "clinic"
label = "Clinic"
file = "people_clinic.csv"
id = "clinic_id"
family = "mother"
sources = ["births", "reviews", "contacts", "addresses", "hub"]
holds = { nhs_number = "nhs", forename = "forename", surname = "surname", date_of_birth = "born", address = "address", postcode = "postcode" }

[[linkage.agency]]
name = "school"
label = "School"
file = "people_school.csv"
id = "upn"
sources = ["childcare", "profile"]
holds = { forename = "forename", surname = "surname", date_of_birth = "born", address = "address", postcode = "postcode" }
"""
