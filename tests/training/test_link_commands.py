"""The verb `link`, by the real command: what it prints, as text and for programs, and how it refuses."""

import csv
import json
import random
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

Document = dict[str, Any]
Command = Callable[..., subprocess.CompletedProcess[str]]
FORENAMES = ("Alma", "Berit", "Carys", "Dunya", "Elspeth", "Farah", "Gwen", "Hana", "Olan", "Piers", "Quill", "Rhodri")
SURNAMES = (
    "Lathom",
    "Varley",
    "Jowett",
    "Clough",
    "Emmott",
    "Sugden",
    "Wharfe",
    "Yeadon",
    "Inskip",
    "Oldroyd",
    "Birchall",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with everything that the verb needs, and the command."""

    folder: Path
    earlyid: Command

    def link(self, *more: object, **options: object) -> subprocess.CompletedProcess[str]:
        """Run the verb with its options, some of them changed."""
        named = {"contract": "contract.toml", "key": "key", "review": "review.csv", "map": "map.csv", "out": "linked"}
        words = [word for name, value in (named | options).items() for word in (f"--{name}", self.folder / str(value))]
        return self.earlyid("link", self.folder / "raw", *words, *more)

    @property
    def left(self) -> set[str]:
        """The names of all that stands in the folder."""
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    earlyid: Command,
    as_toml: Callable[[Document], str],
    one_source: Callable[..., Document],
) -> Desk:
    """Two agencies that know the same 80 children, none of whom lives or has lived, and a secret made by the command."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "raw").mkdir()
    (folder / "contract.toml").write_text(as_toml(_contract(one_source)), encoding="utf-8")
    _write_people(folder / "raw")
    made = earlyid("keys", "secret", folder / "key")
    assert made.returncode == 0, made.stderr
    return Desk(folder, earlyid)


def _contract(one_source: Callable[..., Document]) -> Document:
    column = {"name": "born", "type": "date", "roles": ["identifier"]}
    parts = [("forename", "name"), ("surname", "name"), ("date_of_birth", "date"), ("postcode", "postcode")]
    holds = {name: name for name, _ in parts}
    agencies = [
        {"name": name, "label": name.title(), "file": f"{name}.csv", "id": "id", "holds": holds, "sources": sources}
        for name, sources in (("clinic", ["visits"]), ("school", []))
    ]
    linkage = {"part": [{"name": name, "kind": kind} for name, kind in parts], "agency": agencies}
    return one_source([column], happened={"date": "seen"}, known={"lag_days": 1}) | {
        "birth": {"source": "visits", "column": "born"},
        "linkage": linkage,
    }


def _write_people(raw: Path) -> None:
    chance = random.Random(3)  # noqa: S311 (no secret)
    people = [
        (
            chance.choice(FORENAMES),
            chance.choice(SURNAMES),
            f"201{chance.randrange(5, 9)}-{chance.randrange(1, 13):02d}-17",
        )
        for _ in range(80)
    ]
    for agency in ("clinic", "school"):
        with (raw / f"{agency}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "forename", "surname", "date_of_birth", "postcode"])
            writer.writerows([f"{agency}{n}", *person, f"ZZ{n % 9 + 1} {n % 7}AA"] for n, person in enumerate(people))
    visits = [f"clinic{n},2019-0{n % 9 + 1}-11\n" for n in range(80)]
    (raw / "visits.csv").write_text("id,seen\n" + "".join(visits), encoding="utf-8")
    truth = [f"{agency},{agency}{n},{n}\n" for agency in ("clinic", "school") for n in range(80)]
    (raw.parent / "truth.csv").write_text("agency,id,child\n" + "".join(truth), encoding="utf-8")


@pytest.fixture(scope="module")
def first(desk: Desk) -> subprocess.CompletedProcess[str]:
    """A first linking, beside the truth."""
    return desk.link("--truth", desk.folder / "truth.csv")


def test_what_is_printed(desk: Desk, first: subprocess.CompletedProcess[str]) -> None:
    """Linking prints how sure it is and, last, the linked folder; what it does now is told on the side, and no more."""
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1] == str(desk.folder / "linked")
    for said in ("80 children in", "Clinic", "estimates", "review.csv and map.csv"):
        assert said in first.stdout
    assert "Beside the truth: precision" in first.stdout
    assert all(line.startswith("· ") for line in first.stderr.splitlines())


def test_what_is_left(desk: Desk, first: subprocess.CompletedProcess[str]) -> None:
    """There are the linked folder, and the two files that identify children, for their owner alone; nothing else."""
    assert first.returncode == 0
    assert desk.left >= {"linked", "review.csv", "map.csv"}
    assert desk.left <= {"raw", "contract.toml", "key", "truth.csv", "linked", "review.csv", "map.csv", "second"}
    assert {stat.S_IMODE((desk.folder / name).stat().st_mode) for name in ("review.csv", "map.csv", "key")} == {0o600}


def test_as_json_by_an_earlier_model(desk: Desk, first: subprocess.CompletedProcess[str]) -> None:
    """
    Asked for JSON, linking prints the report alone, the one in the folder.

    By the model that an earlier linking saved, with its map, it finds the same children and changes none.
    """
    assert first.returncode == 0
    again = desk.link("--model", desk.folder / "linked" / "link_model.json", "--json", out="second")
    assert again.returncode == 0, again.stderr
    report = json.loads(again.stdout)
    assert report == json.loads((desk.folder / "second" / "link_report.json").read_text(encoding="utf-8"))
    assert report["changes"] == dict.fromkeys(report["changes"], 0)
    for name in ("links.csv", "children.csv", "visits.csv"):
        assert (desk.folder / "second" / name).read_bytes() == (desk.folder / "linked" / name).read_bytes()


def test_what_is_refused(desk: Desk) -> None:
    """What cannot be used is refused with exit code 3 and one sentence, no traceback, and nothing is written."""
    before = desk.left
    done = desk.link(out="elsewhere", key="truth.csv")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("earlyid: others can read the key file truth.csv; take that away with: chmod 600")
    assert len(done.stderr.splitlines()) == 1
    assert desk.left == before


def test_usage(desk: Desk) -> None:
    """A call that lacks an option ends with exit code 2."""
    assert desk.earlyid("link", desk.folder / "raw").returncode == 2


def test_help_names_the_table(desk: Desk) -> None:
    """The help says which table of the contract it is about."""
    assert "[linkage]" in desk.earlyid("link", "--help").stdout
