"""Nothing of one child is in a draft: no key, date, name or number, and no value that few rows have."""

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from training.draft.draft import draft
from training.draft.hints import shipped_hints
from training.draft.profile import SENTINELS

CELL = st.sampled_from(
    ["alpha", "beta", "12", "7", "0", "Y", "N", "2020-02-03", "rare0", "rare1", "rare2", "4711", "QA1 1AA", ""]
)


# What is written because it was published, or because everybody writes it, and not because a child has it.
PUBLISHED = {*SENTINELS, *(code for hint in shipped_hints().hints for code in (*hint.codes, *hint.missing))}


def _cells(files: Iterable[Path]) -> Counter[str]:
    """Return every cell of some extracts, with the most rows that one column has it in."""
    found: Counter[str] = Counter()
    for path in files:
        for column in _columns(path):
            found |= Counter(column)
    return found


def _columns(path: Path) -> Iterator[list[str]]:
    if path.suffix == ".parquet":
        yield from (list(map(str, column)) for column in pq.read_table(path).to_pydict().values())
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    yield from map(list, zip(*rows, strict=False))


def _told(text: str) -> set[str]:
    """Return every text in quotation marks and every list of numbers that a draft holds."""
    return {*re.findall(r'"([^"]*)"', text), *re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)}


def test_a_draft_holds_nobody_s_value(drafted: Any) -> None:
    """No cell that fewer than ten rows have is in a draft, and no key or date of any child is, other than a published code."""
    files = [drafted.folder / source.file for source in drafted.contract.sources]
    cells, told = _cells(files), _told(drafted.text)
    rare = {cell for cell, rows in cells.items() if rows < 10 and len(cell) > 3} - PUBLISHED
    assert len(rare) > 1000
    assert told & rare == set()
    assert {word for word in told if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word)} <= {"2000-01-01"}


def test_the_borough_s_children_are_not_in_it(small_borough: Any, canaries: tuple[str, ...]) -> None:
    """No key, family or date of birth of the borough's children is anywhere in its draft."""
    assert not [canary for canary in canaries if canary in small_borough.text]


@settings(derandomize=True, database=None, deadline=None, max_examples=5)
@given(
    st.lists(st.tuples(CELL, CELL), min_size=30, max_size=60),
    st.sampled_from(["kind", "note_code", "points", "school"]),
)
def test_rare_values_are_never_told(rows: list[tuple[str, str]], name: str) -> None:
    """Whatever stands in two columns, a draft can be made, and tells no value that fewer than ten rows have."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lines = [
            f"id,seen_on,{name},other,weeks",
            *(f"k{i // 2:06d},2020-01-{i % 28 + 1:02d},{a},{b},{i % 3 + 39}" for i, (a, b) in enumerate(rows)),
        ]
        (folder / "seen.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        born = ["id,dob", *(f"k{i:06d},2019-01-{i % 28 + 1:02d}" for i in range(len(rows)))]
        (folder / "people.csv").write_text("\n".join(born) + "\n", encoding="utf-8")
        told = _told(draft(folder, lambda _step: None)[0])
        rare = {cell for cell, count in _cells(folder.glob("*.csv")).items() if count < 10}
    assert told & rare & {"alpha", "beta", "rare0", "rare1", "rare2", "4711", "QA1 1AA"} == set()


def test_a_child_with_many_rows_is_one_child(tmp_path: Path) -> None:
    """A code and an end of a range that one child has in twelve rows are not told: children are counted, and not rows."""
    keys = [f"k{i:06d}" for i in range(60)]
    seen = [(key, 400 + i, "HOME", 10 + i % 6) for i, key in enumerate(keys * 25)]
    seen += [(keys[7], 500 + i, "HARM", 97) for i in range(12)]
    (tmp_path / "seen.csv").write_text(
        "\n".join(["id,age_days,visit_code,points", *(",".join(map(str, row)) for row in seen)]) + "\n",
        encoding="utf-8",
    )
    born = [f"{key},2019-01-{i % 28 + 1:02d}" for i, key in enumerate(keys)]
    (tmp_path / "people.csv").write_text("\n".join(["id,dob", *born]) + "\n", encoding="utf-8")
    text = draft(tmp_path, lambda _step: None)[0]
    assert '"HOME"' in text
    assert "HARM" not in text
    assert not re.search(r"\b97\b", text)
