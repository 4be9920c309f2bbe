"""Exclusions: of a child whose family objected there is no score, and nothing says why."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.small_bundle import write_bundle
from models.errors import DataError
from service.exclusions import read_exclusions
from service.live import Live, load_live

Document = dict[str, Any]


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory, as_toml: Callable[[Document], str], one_source: Callable[..., Document]
) -> Live:
    """A small bundle, live, with one child excluded."""
    folder = tmp_path_factory.mktemp("bundle") / "bundle"
    write_bundle(folder, as_toml(one_source([])))
    return load_live(folder, date(2026, 9, 1), frozenset({"child-7"}))


def asked(live: Live, subject: str, as_of: int) -> Document:
    """The answer about a child who was seen once."""
    request = {
        "subject": subject,
        "purpose": "research",
        "as_of": as_of,
        "sources": {"visits": {"events": [{"happened": 9, "known": 9}]}},
    }
    answer: Document = json.loads(live.answer(json.dumps(request).encode()))
    return answer


def test_an_excluded_child(live: Live) -> None:
    """Whatever is asked of an excluded child, the answer is one and the same refusal; other children are scored."""
    answers = [asked(live, "child-7", as_of) for as_of in (0, 365, 9000)]
    assert {(a["status"], a["code"], a["landmark"], a["words"]) for a in answers} == {
        ("not-scored", "not-available", None, "No score is available for this child.")
    }
    assert not answers[1].keys() - asked(live, "child-8", 0).keys(), "it has the fields of any refusal"
    assert asked(live, "child-70", 365)["status"] == "scored"


def test_reading(tmp_path: Path) -> None:
    """A file lists references one a line, with remarks and empty lines between."""
    path = tmp_path / "objected.txt"
    path.write_text("# objected in 2026\nchild-7\n\n  case:12_3  \n", encoding="utf-8")
    assert read_exclusions(path) == {"child-7", "case:12_3"}


def test_a_list_of_nobody(tmp_path: Path) -> None:
    """A file without a reference is refused: somebody meant to exclude somebody."""
    path = tmp_path / "objected.txt"
    path.write_text("# nobody yet\n", encoding="utf-8")
    with pytest.raises(DataError, match="no reference in it"):
        read_exclusions(path)


def test_lines_that_are_no_reference(tmp_path: Path) -> None:
    """A line that no request could give, or that is a national identifier, is named by its number and never repeated."""
    path = tmp_path / "objected.txt"
    path.write_text("child-7\nJane Example\n943 476 5919\n9434765919\n" + "x" * 65, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_exclusions(path)
    assert [problem.place for problem in refused.value.problems] == ["line 2", "line 3", "line 4", "line 5"]
    assert not [word for word in ("Jane", "943", "xxx") if word in str(refused.value)]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    """A file that is not there, or is no text, is refused in a line."""
    path = tmp_path / "objected.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match="exclusions cannot be read"):
        read_exclusions(path)


def test_serving_with_a_broken_list(earlyid: Callable[..., Any], borough_run: Any, tmp_path: Path) -> None:
    """A service does not start without the exclusions it was told of."""
    done = earlyid("serve", "--bundle", borough_run.bundle, "--exclusions", tmp_path / "absent.txt")
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    assert "exclusions" in done.stderr
