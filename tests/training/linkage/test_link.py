"""Linking as a whole, on the invented town: who is found, year after year, by decisions, and what is left when it fails."""

import csv
import json
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from models.contract_reading import parse_contract
from models.errors import BadInput, DataError, KeyFileError
from training.linkage.link import link

Record = tuple[str, str]


def quietly(_step: str) -> None:
    """Say nothing of what is done."""


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everything(place: Path) -> dict[str, bytes]:
    """Every file below a folder, with what it holds."""
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def truth(town: Any) -> dict[Record, str]:
    """The child that each record truly is of."""
    return {(row["agency"], row["id"]): row["child"] for row in rows(town.truth)}


def test_how_well_children_are_found(linked: Any) -> None:
    """Of true pairs in two agencies at least 97 in 100 are found, and of pairs found at least 99 in 100 are true."""
    told = linked.report["truth"]
    assert told["precision"][0]["precision"]["value"] >= 0.99
    assert told["recall"]["overall"]["recall"]["value"] >= 0.97


def test_the_figures_are_those_of_the_files(linked: Any, truth: dict[Record, str]) -> None:
    """Precision and recall as reported are those of the map, counted pair by pair."""
    names = linked.names()
    pairs = [(a, b) for a, b in combinations(sorted(truth), 2) if a[0] != b[0]]
    found = [names[a] == names[b] for a, b in pairs]
    true = [truth[a] == truth[b] for a, b in pairs]
    both = sum(f and t for f, t in zip(found, true, strict=True))
    assert linked.report["truth"]["precision"][0]["precision"]["value"] == pytest.approx(both / sum(found), abs=1e-6)
    assert linked.report["truth"]["recall"]["overall"]["recall"]["value"] == pytest.approx(both / sum(true), abs=1e-6)


def test_twins_stay_two(linked: Any, town: Any, truth: dict[Record, str]) -> None:
    """No two children of one mother, born on one day, share a pseudonym, in whatever agency."""
    people = {row["clinic_id"]: row for row in rows(town.folder / "people_clinic.csv")}
    families: dict[tuple[str, str], set[str]] = {}
    for own, row in people.items():
        families.setdefault((row["mother"], row["born"]), set()).add(truth["clinic", own])
    twins = [pair for children in families.values() if len(children) == 2 for pair in [sorted(children)]]
    names = linked.names()
    of = {child: {names[record] for record in truth if truth[record] == child} for pair in twins for child in pair}
    assert len(twins) >= 8
    assert [pair for pair in twins if of[pair[0]] & of[pair[1]]] == []


def test_children_who_moved(linked: Any, town: Any) -> None:
    """A child who moved is found by its other postcodes: at most one in twenty of them is not."""
    names, ids = linked.names(), [row["clinic_id"] for row in rows(town.folder / "people_clinic.csv")]
    moved = [own for own in set(ids) if ids.count(own) == 2 and ("school", f"s{own[1:]}") in names]
    found = [names["clinic", own] == names["school", f"s{own[1:]}"] for own in moved]
    assert len(moved) > 30
    assert sum(found) >= 0.95 * len(found)


def test_children_registered_twice(linked: Any) -> None:
    """Two ids of one child, in an agency that makes no promise, have one pseudonym nearly always."""
    names = linked.names()
    twice = [own for agency, own in names if agency == "nursery" and own.endswith("b")]
    found = [names["nursery", own] == names["nursery", own.removesuffix("b")] for own in twice]
    assert len(twice) > 15
    assert sum(found) >= 0.9 * len(found)


def test_one_id_a_child(linked: Any) -> None:
    """No pseudonym stands for two ids of an agency that promises one id a child."""
    names = linked.names()
    for agency in ("clinic", "school"):
        given = [name for (held_by, _), name in names.items() if held_by == agency]
        assert len(set(given)) == len(given)


def test_the_files_that_identify_children(linked: Any) -> None:
    """The pairs to review and the map are for their owner alone, and the report names them; the folder is for training."""
    private = linked.report["review"]["files_that_identify_children"]
    assert private == ["review.csv", "map.csv"]
    assert {stat.S_IMODE((linked.place / name).stat().st_mode) for name in private} == {0o600}
    assert {path.name for path in linked.place.iterdir()} == {"linked", *private}


def test_what_is_to_review(linked: Any) -> None:
    """The report says how many pairs are to be looked at: as many as the file holds, all from the grey zone or refused."""
    asked = rows(linked.place / "review.csv")
    assert linked.report["review"]["pairs_to_look_at"] == len(asked) > 0
    assert all(float(row["probability"]) >= linked.report["review_from"] for row in asked)
    assert {row["decision"] for row in asked} == {""}


def test_the_report_is_written(linked: Any) -> None:
    """The report that is returned is the one in the folder, which holds each source and what stands beside them."""
    assert json.loads((linked.out / "link_report.json").read_text(encoding="utf-8")) == linked.report
    sources = {"births.csv", "homes.csv", "visits.csv", "sessions.parquet", "profile.csv", "siblings.csv"}
    beside = {"linked.json", "children.csv", "links.csv", "coverage.csv", "changes.csv", "birth_periods.csv"}
    reports = {"link_report.json", "link_report.html", "link_model.json"}
    assert {path.name for path in linked.out.iterdir()} == sources | beside | reports


def test_the_same_call_gives_the_same_bytes(linked: Any, town: Any, tmp_path: Path) -> None:
    """The same records under the same secret give every file the same to the byte, into an empty folder that is there."""
    (tmp_path / "linked").mkdir()
    link(town.contract, town.asked(tmp_path, truth=town.truth), quietly)
    assert everything(tmp_path) == everything(linked.place)


@pytest.fixture(scope="module")
def decided(linked: Any, truth: dict[Record, str]) -> dict[str, tuple[Record, Record]]:
    """Two decisions that no figure would make: two linked records are two children, two strangers one."""
    names = linked.names()
    apart = next(
        (a, b)
        for a, b in combinations(sorted(truth), 2)
        if a[0] == "clinic" and b[0] == "school" and names[a] == names[b]
    )
    alone = [
        record for record in sorted(truth) if list(names.values()).count(names[record]) == 1 and record[0] == "clinic"
    ]
    return {"different": apart, "same": (alone[0], alone[-1])}


@pytest.fixture(scope="module")
def second_year(linked: Any, town: Any, decided: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The town a year later: a child more in school, one gone from the nursery, two decisions, and the map of before."""
    place = tmp_path_factory.mktemp("second-year")
    shutil.copytree(town.folder, place / "raw")
    for name in ("map.csv", "review.csv"):
        shutil.copy2(linked.place / name, place / name)
    with (place / "review.csv").open("a", encoding="utf-8") as file:
        for decision, ((a, one), (b, other)) in decided.items():
            file.write(f"{decision},{a},{one},{b},{other},,,,,,,,,,,,,\n")
    with (place / "raw" / "people_school.csv").open("a", encoding="utf-8") as file:
        file.write("s9999,Zelphine,Newcomer,2017-05-05,F,ZZ1 1AL\n")
    (place / "elsewhere").mkdir()
    (place / "linked").symlink_to(place / "elsewhere")
    nursery = (place / "raw" / "people_nursery.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (place / "raw" / "people_nursery.csv").write_text("".join(nursery[:-1]), encoding="utf-8")
    report = link(town.contract, town.asked(place, folder=place / "raw"), quietly)
    return replace(linked, place=place, report=report)


def test_pseudonyms_are_kept(linked: Any, second_year: Any, decided: Any) -> None:
    """A year later every child has the pseudonym it had, those decided on apart; who is away keeps it for a return."""
    before, now = linked.names(), second_year.names()
    touched = {before[record] for pair in decided.values() for record in pair}
    assert {record for record in before if now[record] != before[record] and before[record] not in touched} == set()
    assert now["school", "s9999"] not in before.values()


def test_decisions_win(second_year: Any, decided: Any) -> None:
    """What somebody decided is done, against every figure and every promise, and the report counts it."""
    now = second_year.names()
    (one, other), (first, second) = decided["different"], decided["same"]
    assert now[one] != now[other]
    assert now[first] == now[second]
    assert (second_year.report["review"]["decided_same"], second_year.report["review"]["decided_different"]) == (1, 1)


def test_what_changed_is_listed(linked: Any, second_year: Any) -> None:
    """Every pseudonym that some record of this year lost is listed with the one it has now."""
    before, now = linked.names(), second_year.names()
    changed = {(before[record], now[record]) for record in before if now[record] != before[record]}
    listed = rows(second_year.out / "changes.csv")
    assert {(row["earlier"], row["now"]) for row in listed} == changed
    assert sorted(row["change"] for row in listed) == ["merged", "split"]


def test_decisions_are_kept_for_next_year(second_year: Any, decided: Any) -> None:
    """Decided rows stand in the file again, and their pairs are not asked again."""
    told = rows(second_year.place / "review.csv")
    pairs = {(row["decision"], row["agency_1"], row["id_1"], row["agency_2"], row["id_2"]) for row in told}
    assert {(decision, *one, *other) for decision, (one, other) in decided.items()} <= pairs
    asked = [frozenset(pair[1:]) for pair in pairs if not pair[0]]
    assert not {frozenset((*one, *other)) for one, other in decided.values()} & set(asked)
    assert second_year.report["review"]["pairs_to_look_at"] == len(asked)


def test_a_link_to_an_empty_folder(second_year: Any) -> None:
    """Where --out is a link to an empty folder, that folder is written, and the link still leads to it."""
    assert (second_year.place / "linked").is_symlink()
    assert (second_year.place / "elsewhere" / "linked.json").is_file()


Break = Callable[[Path], object]


def _append(name: str, text: str) -> Break:
    def change(place: Path) -> None:
        with (place / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def _rewrite(name: str, text: str) -> Break:
    return lambda place: (place / name).write_text(text, encoding="utf-8")


@pytest.fixture
def place(linked: Any, town: Any, tmp_path: Path) -> Path:
    """A folder with the town's records and the files of the year before, for a linking that will fail."""
    shutil.copytree(town.folder, tmp_path / "raw")
    for name in ("map.csv", "review.csv"):
        shutil.copy2(linked.place / name, tmp_path / name)
    shutil.copy2(town.key, tmp_path / "key")
    return tmp_path


@pytest.mark.parametrize(
    ("broken", "error", "said"),
    [
        (_rewrite("raw/people_school.csv", "school_id\n"), DataError, 'has no column "forename"'),
        (lambda place: (place / "raw/people_school.csv").unlink(), DataError, 'agency "school"'),
        (_rewrite("map.csv", "agency,id\n"), DataError, r"map\.csv, line 1"),
        (_append("review.csv", "perhaps,a,1,b,2,,,,,,,,,,,,,\n"), DataError, r"review\.csv, line"),
        (lambda place: (place / "key").chmod(0o640), KeyFileError, "chmod 600 key"),
        (lambda place: (place / "key").unlink(), KeyFileError, "earlyid keys secret key"),
    ],
)
def test_nothing_is_left_of_a_failure(place: Path, town: Any, broken: Break, error: type[BadInput], said: str) -> None:
    """When a file cannot be used that is said, and every file is as it was: no folder, nothing half-written beside it."""
    broken(place)
    before = everything(place)
    with pytest.raises(error, match=said):
        link(town.contract, replace(town.asked(place, folder=place / "raw"), key=place / "key"), quietly)
    assert everything(place) == before
    assert {path.name for path in place.iterdir() if path.is_dir()} == {"raw"}


def test_nothing_is_left_of_a_late_failure(place: Path, town: Any) -> None:
    """An extract that cannot be used, found after all the learning, leaves nothing either."""
    _rewrite("raw/profile.csv", "school_id,goal\n")(place)
    before = everything(place)
    with pytest.raises(DataError, match='has no column "assessed_on"'):
        link(town.contract, town.asked(place, folder=place / "raw"), quietly)
    assert everything(place) == before
    assert {path.name for path in place.iterdir() if path.is_dir()} == {"raw"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"review": "linked/review.csv"}, r"review\.csv identifies children and may not lie in linked"),
        ({"map": "linked/deep/map.csv"}, r"map\.csv identifies children and may not lie in linked"),
        ({"map": "raw/../linked/map.csv"}, r"map\.csv identifies children and may not lie in linked"),
        ({"map": "linked"}, "linked identifies children and may not lie in linked"),
        ({"map": "review.csv"}, "two files"),
        ({"map": "raw"}, "raw cannot be written there"),
        ({"review": "absent/review.csv"}, r"review\.csv cannot be written there"),
        ({"out": "raw"}, "raw is there already and not an empty folder"),
        ({"out": "map.csv"}, r"map\.csv is there already"),
        ({"out": "absent/linked"}, "linked cannot be written there"),
        ({"folder": "absent"}, "there is no folder absent"),
    ],
)
def test_places_that_cannot_be(place: Path, town: Any, changes: dict[str, str], said: str) -> None:
    """Where something may not be written, above all what identifies children into what is handed on, nothing is done."""
    before = everything(place)
    asked = replace(town.asked(place, folder=place / "raw"), **{name: place / way for name, way in changes.items()})
    with pytest.raises(BadInput, match=said):
        link(town.contract, asked, quietly)
    assert everything(place) == before


@pytest.mark.parametrize("table", ["linkage", "birth"])
def test_a_contract_that_does_not_link(town: Any, town_text: str, tmp_path: Path, table: str) -> None:
    """A contract without a linkage, or without a date of birth to count ages from, is refused as such."""
    whole = parse_contract(town_text)
    lacking = whole.model_copy(update={table: None})
    with pytest.raises(BadInput, match=rf"the contract has no \[{table}\]"):
        link(lacking, town.asked(tmp_path), quietly)


@pytest.mark.parametrize("people", [0, 1])
def test_too_few_people_to_learn_from(place: Path, town: Any, people: int) -> None:
    """Where agencies hold nobody, or hardly anybody, that is said, or done without fuss; never a failure of ours."""
    for name in ("people_clinic.csv", "people_nursery.csv", "people_school.csv"):
        lines = (place / "raw" / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (place / "raw" / name).write_text("".join(lines[: 1 + people]), encoding="utf-8")
    try:
        report = link(town.contract, town.asked(place, folder=place / "raw"), quietly)
    except BadInput as refused:
        assert "too few records" in str(refused)  # noqa: PT017 (either answer is right)
    else:
        assert report["children"]["children"] <= 3 * people
