"""Pseudonyms over the years: each of one child, never given again, and every change listed; and the map that keeps them."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DataError
from models.secret import Secret
from training.linkage.pseudonyms import Change, Known, Record, map_text, name_children, read_map

QUICK = settings(derandomize=True, database=None, deadline=None, max_examples=80)
SECRET = Secret(b"k" * 32)
RECORDS: list[Record] = list(product(("clinic", "school"), ("1", "2", "3", "4")))
Year = dict[Record, int]
# Which child each record that is there belongs to, year by year.
YEARS = st.lists(st.dictionaries(st.sampled_from(RECORDS), st.integers(0, 4)), min_size=2, max_size=5)


def children_of(year: Year) -> list[list[Record]]:
    """The records of each child of a year, in order."""
    return [[r for r in sorted(year) if year[r] == child] for child in sorted(set(year.values()))]


class Lives:
    """Some years of children: what each year's records were called before and are called now, and what changed."""

    def __init__(self, years: list[Year], secret: Secret = SECRET) -> None:
        self.before: list[dict[Record, str]] = []
        self.now: list[dict[Record, str]] = []
        self.changes: list[list[Change]] = []
        self.known = Known()
        for year in years:
            children = children_of(year)
            names, changes = name_children(children, self.known, secret)
            found = {record: name for name, child in zip(names, children, strict=True) for record in child}
            assert len(set(names)) == len(names) == len(children)
            self.before.append({record: self.known.child[record] for record in found if record in self.known.child})
            self.now.append(found)
            self.changes.append(changes)
            self.known = self.known.renamed(found)


@QUICK
@given(years=YEARS)
def test_never_of_two_children(years: list[Year]) -> None:
    """In no year have two children one pseudonym, or the records of one child two."""
    lives = Lives(years)
    for year, now in zip(years, lives.now, strict=True):
        assert len({(year[record], name) for record, name in now.items()}) == len(set(now.values()))


@QUICK
@given(years=YEARS)
def test_never_given_anew(years: list[Year]) -> None:
    """A pseudonym of an earlier year is only ever that of a child with a record that had it."""
    lives, used = Lives(years), set[str]()
    for before, now in zip(lives.before, lives.now, strict=True):
        for name in set(now.values()) & used:
            assert name in {before.get(record) for record in now if now[record] == name}
        used |= set(now.values())


@QUICK
@given(years=YEARS)
def test_every_change_is_listed(years: list[Year]) -> None:
    """Exactly the pseudonyms that some record no longer has are listed, with the one it has now, and why."""
    lives, used = Lives(years), set[str]()
    for before, now, changes in zip(lives.before, lives.now, lives.changes, strict=True):
        expected = {(name, now[record]) for record, name in before.items() if name != now[record]}
        assert {(change.earlier, change.now) for change in changes} == expected
        assert len(changes) == len(expected)
        for change in changes:
            assert (change.kind == "split") == (change.now not in used)
            assert (change.kind == "merged") == (change.now in used and change.earlier not in now.values())
        used |= set(now.values())


@QUICK
@given(years=YEARS)
def test_the_same_key_gives_the_same_names(years: list[Year]) -> None:
    """The same years under the same key have the same names and changes; under another key, no name in common."""
    one, again, other = Lives(years), Lives(years), Lives(years, Secret(b"l" * 32))
    assert (one.now, one.changes, one.known) == (again.now, again.changes, again.known)
    assert not set(one.known.used) & set(other.known.used)


@QUICK
@given(year=st.dictionaries(st.sampled_from(RECORDS), st.integers(0, 4)), away=st.sets(st.integers(0, 4)))
def test_a_year_away(year: Year, away: set[int]) -> None:
    """Children who are away for a year have the pseudonym they had when they come back, and nothing is listed."""
    lives = Lives([year, {record: child for record, child in year.items() if child not in away}, year])
    assert lives.now[0] == lives.now[2]
    assert lives.changes == [[], [], []]


@QUICK
@given(years=YEARS)
def test_the_map_keeps_everything(years: list[Year], tmp_path_factory: pytest.TempPathFactory) -> None:
    """A map that is written and read back says the same, so that next year goes on from where this one ended."""
    path = tmp_path_factory.mktemp("map") / "map.csv"
    known = Lives(years).known
    path.write_bytes(map_text(known, SECRET))
    assert read_map(path, SECRET) == known


def test_by_hand() -> None:
    """
    Two children found to be one are merged; found to be two again, one of them is split off under a name never used.

    The pseudonym that went with the merger stays unused: earlier scores stand under it.
    """
    a, b = ("clinic", "1"), ("school", "1")
    lives = Lives([{a: 0, b: 1}, {a: 0, b: 0}, {a: 0, b: 1}])
    (first, second), (one,), (kept, split) = (list(dict.fromkeys(now.values())) for now in lives.now)
    gone = {first: second, second: first}[one]
    assert lives.changes[1] == [Change("merged", gone, one)]
    assert lives.changes[2] == [Change("split", one, {kept: split, split: kept}[one])]
    assert gone not in {kept, split}


def test_a_record_that_goes_to_another_child() -> None:
    """A record that goes from one known child to another is listed, though both keep their pseudonyms."""
    a, b, c, d = (("clinic", "1"), ("clinic", "2"), ("school", "1"), ("school", "2"))
    lives = Lives([{a: 0, b: 0, c: 1, d: 1}, {a: 0, b: 1, c: 1, d: 1}])
    assert lives.changes[1] == [Change("moved", lives.now[0][a], lives.now[0][c])]


def test_most_records_decide() -> None:
    """A child that falls apart leaves its pseudonym with the child that most of its records are in."""
    a, b, c = (("clinic", "1"), ("school", "1"), ("school", "2"))
    lives = Lives([{a: 0, b: 0, c: 0}, {a: 0, b: 1, c: 1}])
    assert lives.now[1][b] == lives.now[1][c] == lives.now[0][b] != lives.now[1][a]


def test_no_map_yet(tmp_path: Path) -> None:
    """Where there is no map yet, nothing is known."""
    assert read_map(tmp_path / "map.csv", SECRET) == Known()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda text: text.replace("agency,id", "agency,number"), 1),
        (lambda _text: "", 1),
        (lambda _text: "agency,id,child\nclinic,1,Zelphine\n", 1),
        (lambda text: text.replace("clinic,1,", "clinic,,"), 2),
        (lambda text: text.replace("clinic,1,", "clinic,1,Zelphine,"), 2),
        (lambda text: text.replace("clinic,2,", "clinic,1,"), 3),
        (lambda text: text.replace("clinic,2,", "clinic,2,9434765919 "), 3),
        (lambda text: text + "clinic,3,Zelphine,,\n", 4),
        (lambda text: text + "clinic,3,0123456789abcdef,,Zelphine\n", 4),
        (lambda text: text + "clinic,3\n", 4),
        (lambda text: text + "clinic,3,0123456789abcdef,Zelphine,\n", 4),
        (lambda text: text + "clinic,3,0123456789ABCDEF,,\n", 4),
        (lambda text: text + "\n", 4),
        (lambda text: text + 'clinic,3,"0123456789abcdef\n', 1),
        (lambda text: text + "clinic,\udcff,0123456789abcdef,,\n", 1),
    ],
)
def test_a_map_that_is_none(change: Callable[[str], str], line: int, tmp_path: Path) -> None:
    """A map with a row that linking did not write is refused by its line, and nothing it holds is repeated."""
    text = map_text(Lives([{("clinic", "1"): 0, ("clinic", "2"): 1}]).known, SECRET).decode()
    (tmp_path / "map.csv").write_bytes(change(text).encode(errors="surrogateescape"))
    with pytest.raises(DataError, match=rf"map\.csv, line {line}: not a row of a map\. Put back the map") as refused:
        read_map(tmp_path / "map.csv", SECRET)
    assert not any(word in str(refused.value) for word in ("Zelphine", "9434765919", "clinic", str(tmp_path)))


def test_a_map_of_another_key(tmp_path: Path) -> None:
    """A map that another key made is refused: families and settings would be parted from those of earlier years."""
    (tmp_path / "map.csv").write_bytes(map_text(Lives([{("clinic", "1"): 0}]).known, Secret(b"another" * 8)))
    with pytest.raises(DataError, match=r"map\.csv: was made with another key\. Give the key of earlier years"):
        read_map(tmp_path / "map.csv", SECRET)
