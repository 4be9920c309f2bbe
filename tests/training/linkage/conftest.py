"""
An invented town whose three agencies share no identifier, and what the tests of linking ask of it.

Some 400 children, none of whom lives or has lived: twins, brothers and sisters, misspellings, a family that moved, numbers
that are missing, and children whom a nursery registered twice.
"""

import csv
import datetime
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.contract import Contract
from models.contract_reading import parse_contract
from models.linkage import Agency, Linkage, Part
from models.secret import new_secret
from training.ingest import connect
from training.linkage.asked import Asked
from training.linkage.link import link

ROOT = Path(__file__).parents[3]
Row = tuple[object, ...]
Tables = dict[str, tuple[str, list[Row]]]


@dataclass(frozen=True, slots=True)
class Child:
    """One child who does not exist, as it truly is."""

    number: int
    forename: str
    surname: str
    born: datetime.date
    sex: str
    nhs_number: str
    postcode: str
    moved_from: str | None
    mother: str

    def on(self, age: int) -> str:
        """The date on which the child is that many days old."""
        return (self.born + datetime.timedelta(days=age)).isoformat()


@dataclass(frozen=True, slots=True)
class Town:
    """The town's folder of extracts, its contract (as read, and as a file), its secret and the true identities."""

    folder: Path
    contract: Contract
    contract_file: Path
    key: Path
    truth: Path

    def asked(self, place: Path, *, folder: Path | None = None, truth: Path | None = None) -> Asked:
        """Ask for the town's records, or those of another folder, to be linked into `place`."""
        review, known, out = place / "review.csv", place / "map.csv", place / "linked"
        return Asked(folder or self.folder, self.key, review, known, out, truth)


@pytest.fixture(scope="session")
def town_text() -> str:
    """The text of the town's contract."""
    return (ROOT / "tests/contracts/town.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, town_text: str) -> Town:
    """The town, written; no test may change it."""
    place = tmp_path_factory.mktemp("town")
    (place / "raw").mkdir()
    write_tables(place / "raw", _tables(_invent(random.Random(5)), random.Random(6)))  # noqa: S311 (no secret)
    (place / "raw" / "truth.csv").rename(place / "truth.csv")
    (place / "town.toml").write_text(town_text, encoding="utf-8")
    new_secret(place / "key")
    contract = parse_contract(town_text)
    return Town(place / "raw", contract, place / "town.toml", place / "key", place / "truth.csv")


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking the town left: where, and the report."""

    place: Path
    report: dict[str, Any]

    @property
    def out(self) -> Path:
        """The linked folder."""
        return self.place / "linked"

    def names(self) -> dict[tuple[str, str], str]:
        """The pseudonym of each agency's id."""
        with (self.place / "map.csv").open(encoding="utf-8", newline="") as file:
            return {(row["agency"], row["id"]): row["child"] for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def linked(tmp_path_factory: pytest.TempPathFactory, town: Town) -> Linked:
    """The town, linked and beside its truth; no test may change it."""
    place = tmp_path_factory.mktemp("linked-town")
    return Linked(place, link(town.contract, town.asked(place, truth=town.truth), lambda _step: None))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database."""
    opened = connect()
    yield opened
    opened.close()


@pytest.fixture
def joined(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """
    A database as joining and naming leave it: three of the town's children, `a` and `b` of one family.

    `a` is known to clinic, nursery (twice) and school, `b` to the clinic, `c` to the school, which knows no date of birth.
    """
    con.execute("CREATE TABLE people (uid BIGINT, agency VARCHAR, id VARCHAR, family VARCHAR)")
    con.execute("CREATE TABLE member (uid BIGINT, child BIGINT, strength DOUBLE)")
    con.execute("CREATE TABLE decided (uid_l BIGINT, uid_r BIGINT)")
    con.execute("CREATE TABLE children (child BIGINT, name VARCHAR, family VARCHAR, born DATE, cohort INTEGER)")
    records = [
        ("clinic", "c1", 0, 1.0),
        ("clinic", "c2", 1, 1.0),
        ("nursery", "n1", 0, 0.9),
        ("nursery", "n1b", 0, 0.95),
    ]
    records += [("school", "s1", 0, 0.99), ("school", "s3", 2, 1.0)]
    for uid, (agency, own, child, strength) in enumerate(records):
        con.execute("INSERT INTO people VALUES (?, ?, ?, NULL)", [uid, agency, own])
        con.execute("INSERT INTO member VALUES (?, ?, ?)", [uid, child, strength])
    con.execute("""
        INSERT INTO children VALUES (0, 'a', 'f', '2016-01-31', 2015), (1, 'b', 'f', '2018-09-01', 2018),
            (2, 'c', 'g', NULL, NULL)""")
    return con


@pytest.fixture(scope="session")
def linkage_of() -> Callable[..., Linkage]:
    """Make a linkage of some parts, and of agencies that hold all of them under their own names, by name."""

    def made(parts: Iterable[Part], agencies: Iterable[str] = ("one", "two"), several: Iterable[str] = ()) -> Linkage:
        parts, holds = tuple(parts), {part.name: part.name for part in parts}
        held = [
            Agency(name=a, label=a, file=f"{a}.csv", id="id", holds=holds, one_id_a_child=a not in set(several))
            for a in agencies
        ]
        return Linkage(parts=parts, agencies=tuple(held))

    return made


def write_tables(folder: Path, tables: Tables) -> None:
    """Write each table, by the name of its file: CSV with a header, or Parquet of texts."""
    for name, (columns, rows) in tables.items():
        header = columns.split()
        if name.endswith(".parquet"):
            held = {title: pa.array([str(row[i]) for row in rows], pa.string()) for i, title in enumerate(header)}
            pq.write_table(pa.table(held), folder / name)
            continue
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([header, *rows])


def _invent(chance: random.Random) -> list[Child]:
    children: list[Child] = []
    while len(children) < 400:
        first = _first_child(chance, len(children))
        children.append(first)
        kind = chance.random()
        if kind < 0.06:
            children.append(_relative(first, chance, len(children), first.born))
        elif kind < 0.25:
            later = first.born + datetime.timedelta(days=chance.randint(400, 900))
            children.append(_relative(first, chance, len(children), later))
    return children


def _first_child(chance: random.Random, number: int) -> Child:
    born = datetime.date(2014, 9, 1) + datetime.timedelta(days=chance.randrange(4 * 365))
    forename, sex = chance.choice(FORENAMES)
    moved = _postcode(chance) if chance.random() < 0.15 else None
    mother = f"M{chance.getrandbits(32):08x}"
    return Child(
        number, forename, chance.choice(SURNAMES), born, sex, _nhs_number(chance), _postcode(chance), moved, mother
    )


def _relative(child: Child, chance: random.Random, number: int, born: datetime.date) -> Child:
    forename, sex = chance.choice([name for name in FORENAMES if name[0] != child.forename])
    return replace(child, number=number, forename=forename, sex=sex, born=born, nhs_number=_nhs_number(chance))


def _postcode(chance: random.Random) -> str:
    return f"ZZ{chance.randint(1, 4)} {chance.randint(1, 5)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTU')}"


def _nhs_number(chance: random.Random) -> str:
    while True:
        digits = [chance.randrange(10) for _ in range(9)]
        check = -sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return "".join(map(str, [*digits, check]))


def _slip(text: str, chance: random.Random) -> str:
    """Misspell a text in one place: two letters crossed, or one left out."""
    at = chance.randrange(len(text) - 1)
    return text[:at] + (text[at + 1] + text[at] + text[at + 2 :] if chance.random() < 0.5 else text[at + 1 :])


def _written(child: Child, chance: random.Random) -> tuple[str, str, str]:
    """Return forename, surname and date of birth as a clerk wrote them."""
    forename = _slip(child.forename, chance) if chance.random() < 0.06 else child.forename
    surname = _slip(child.surname, chance) if chance.random() < 0.06 else child.surname
    wrong_day = child.born + datetime.timedelta(days=1 if chance.random() < 0.02 else 0)
    return (forename.upper() if chance.random() < 0.3 else forename), surname, wrong_day.isoformat()


def _tables(children: list[Child], chance: random.Random) -> Tables:
    tables: Tables = {
        "people_clinic.csv": ("clinic_id nhs forename surname born sex postcode mother updated_on", []),
        "people_nursery.csv": ("nursery_id nhs forename surname born postcode", []),
        "people_school.csv": ("school_id forename surname born sex postcode", []),
        "births.csv": ("clinic_id recorded_on sex birthweight midwife_note", []),
        "homes.csv": ("clinic_id moved_in moved_out postcode", []),
        "visits.csv": ("clinic_id visit_date worker score", []),
        "sessions.parquet": ("nursery_id age_days room", []),
        "profile.csv": ("school_id assessed_on goal", []),
        "places.csv": ("postcode area decile", _places()),
        "truth.csv": ("agency id child", []),
    }
    for child in children:
        _clinic(tables, child, chance)
        if chance.random() < 0.7:
            _nursery(tables, child, chance, "")
            if chance.random() < 0.1:
                _nursery(tables, child, chance, "b")
        if chance.random() < 0.9:
            _school(tables, child, chance)
    return tables


def _places() -> list[Row]:
    return [
        (f"ZZ{district}{sector}{a}{b}", f"area {district}{sector}", 2 * district)
        for district in range(1, 5)
        for sector in range(1, 6)
        for a in "ABDEFGHJ"
        for b in "LNPQRSTU"
    ]


def _clinic(tables: Tables, child: Child, chance: random.Random) -> None:
    own, (forename, surname, born) = f"c{child.number:04d}", _written(child, chance)
    nhs, mother = (child.nhs_number if chance.random() < 0.9 else ""), child.mother
    spells = (
        [(child.moved_from, 0, 500), (child.postcode, 500, None)] if child.moved_from else [(child.postcode, 0, None)]
    )
    for postcode, start, end in spells:
        row = (own, nhs, forename, surname, born, child.sex, postcode, mother, child.on(start))
        tables["people_clinic.csv"][1].append(row)
        tables["homes.csv"][1].append((own, child.on(start), child.on(end) if end else "", postcode))
    note = f"{forename} {surname} seen"
    tables["births.csv"][1].append((own, child.on(3), child.sex, chance.randint(2200, 4300), note))
    for age in (20, 300, 700):
        if chance.random() < 0.8:
            tables["visits.csv"][1].append((own, child.on(age), f"worker {age % 7}", 5 * chance.randint(0, 12)))
    tables["truth.csv"][1].append(("clinic", own, child.number))


def _nursery(tables: Tables, child: Child, chance: random.Random, again: str) -> None:
    own, (forename, surname, born) = f"n{child.number:04d}{again}", _written(child, chance)
    nhs = child.nhs_number if chance.random() < 0.5 else ""
    tables["people_nursery.csv"][1].append((own, nhs, forename, surname, born, child.postcode))
    tables["sessions.parquet"][1].append((own, chance.randint(800, 1400), "Room of the Owls"))
    tables["truth.csv"][1].append(("nursery", own, child.number))


def _school(tables: Tables, child: Child, chance: random.Random) -> None:
    own, (forename, surname, born) = f"s{child.number:04d}", _written(child, chance)
    assessed = datetime.date(child.born.year + 5 + (child.born.month >= 9), 6, 20).isoformat()
    tables["people_school.csv"][1].append((own, forename, surname, born, child.sex, child.postcode))
    tables["profile.csv"][1].append((own, assessed, chance.choice("YYN")))
    tables["truth.csv"][1].append(("school", own, child.number))


_GIRLS = "Alma Berit Carys Dunya Elspeth Farah Gwen Hana Idris Jovana Kezia Lowri Mina"
_BOYS = "Olan Piers Quill Rhodri Stellan Tomos Umar Vasil Wynn Yusuf Zoltan Bram Cosmo"
_FAMILIES = (
    "Ashgrove Birchall Cawthra Dunmore Eastwell Farrimond Gledhow Hartshead Inskip Jowett Kilburnie Lathom Marsden "
    "Northrop Oldroyd Pickersgill Quarmby Rastrick Sugden Thackray Umpleby Varley Wharfe Yeadon Zealand Appleyard "
    "Bickerdike Clough Denholme Emmott Fewston Greenhalgh Holdsworth Illingworth"
)
FORENAMES = [(name, sex) for names, sex in ((_GIRLS, "F"), (_BOYS, "M")) for name in names.split()]
SURNAMES = _FAMILIES.split()
