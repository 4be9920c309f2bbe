"""A draft reads the extracts it was made from, is what people would have written, and is usable by nobody as it stands."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.contract_reading import parse_contract
from models.errors import DataError
from training.draft.draft import draft
from training.draft.unsettled import unsettled_problems
from training.ingest import ingest

Draft = Callable[[Path], str]
# The least share, of each kind of thing that people wrote, that a draft has alike: what England's invented extracts and the
# borough's allow, where a code or a missing code that few children have cannot be told.
LEAST = {
    **dict.fromkeys(("child key", "happened", "known", "column there", "characteristic"), 1.0),
    "type": 0.97,
    "codes": 0.97,
    "missing": 0.75,
    "rows a child": 0.85,
}


def _write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def _rows(head: str, line: Callable[[int], str], count: int = 60) -> str:
    return "\n".join([head, *(line(i) for i in range(count))]) + "\n"


def _day(days: int) -> str:
    return (datetime.date(2019, 1, 5) + datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Two extracts of sixty children: their register and their visits."""
    return _write(
        tmp_path / "small",
        people=_rows("id,dob,sex", lambda i: f"k{i:06d},{_day(i)},{'FM'[i % 2]}"),
        seen=_rows("id,seen_on,recorded_on,total", lambda i: f"k{i:06d},{_day(i + 400)},{_day(i + 410)},{i % 4}"),
    )


def test_it_reads_the_rows(drafted: Any) -> None:
    """By its draft, at least ninety-nine in a hundred of all extracts' rows are read, and of each nearly so many."""
    reports = ingest(drafted.contract, drafted.folder)[1]
    kept, aside = sum(report.kept for report in reports), sum(report.set_aside.total() for report in reports)
    assert kept > 1000
    assert aside < 0.01 * kept
    assert {report.source: report.set_aside for report in reports if report.share_set_aside > 0.011} == {}


def test_it_is_what_people_wrote(drafted: Any, shares_right: Callable[[Any], dict[str, float]]) -> None:
    """Of what people declared of the same extracts, a draft has nearly all, counted by kind; the shares are printed."""
    shares = shares_right(drafted)
    print(drafted.folder.name, {kind: round(share, 3) for kind, share in shares.items()})  # noqa: T201
    assert {kind: share for kind, share in shares.items() if share < LEAST[kind]} == {}


def test_it_finds_who_was_born_when(drafted: Any) -> None:
    """The date of birth, and the key that brothers and sisters share, are found where people declared one."""
    found, written = drafted.contract, drafted.written
    assert (found.birth, found.family) == (written.birth, written.family)


def test_nothing_can_be_learned_by_it(drafted: Any) -> None:
    """Every gateway of a draft has expired, and every part that a person must settle is named."""
    contract = drafted.contract
    assert len(contract.expired_gateways(datetime.date(2000, 1, 2))) == len(contract.sources)
    places = {problem.place for problem in unsettled_problems(contract)}
    assert {"contract", 'landmark "to_settle"'} <= places
    assert {f'source "{source.name}"' for source in contract.sources} <= places
    assert {f'feature "{feature.name}"' for feature in contract.features} <= places


def test_absence_is_never_guessed(drafted: Any) -> None:
    """No draft says that no row means that nothing happened: that needs proof."""
    assert {source.absence for source in drafted.contract.sources} == {"not_known"}


def test_england_s_outcome_is_drafted(england: Any) -> None:
    """Where an extract has the goals of the profile, the outcome's rule and version are those that people wrote."""
    found, written = england.contract.outcomes[0], england.written.outcomes[0]
    assert (found.source, found.window, found.take) == (written.source, written.window, written.take)
    assert [found.rule.split(), found.valid.split()] == [written.rule.split(), written.valid.split()]
    assert (found.definition, found.definition_column) == (written.definition, written.definition_column)


def test_help_is_never_a_feature(england: Any) -> None:
    """A column that names help makes its source an intervention, of which no feature is asked."""
    contract = england.contract
    helps = {intervention.source for intervention in contract.interventions}
    assert helps == {intervention.source for intervention in england.written.interventions}
    assert not helps & {feature.source for feature in contract.features}


def test_it_is_the_same_each_time(small: Path, drafted_from: Draft) -> None:
    """The same extracts give the same draft, to the byte, in whatever order their rows stand."""
    first = drafted_from(small)
    for path in small.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    assert drafted_from(small) == first


def test_settled_it_is_a_contract(small: Path, drafted_from: Draft) -> None:
    """Once no mark is left in it, nothing of a draft is named as unsettled."""
    text = drafted_from(small)
    settled = re.sub("TO SETTLE:? ?", "", text).replace("to_settle", "settled")
    assert unsettled_problems(parse_contract(text)) != []
    assert unsettled_problems(parse_contract(settled)) == []


def test_agencies_without_a_key_are_told_to_link(tmp_path: Path) -> None:
    """Extracts that share no key of a child are not drafted from: linking comes first, and it is said so."""
    folder = _write(
        tmp_path / "agencies",
        one=_rows("a,on", lambda i: f"x{i:06d},2020-01-{i % 28 + 1:02d}"),
        two=_rows("b,on", lambda i: f"y{i:06d},2020-01-{i % 28 + 1:02d}"),
    )
    with pytest.raises(DataError, match="earlyid link"):
        draft(folder, lambda _step: None)


def test_a_key_of_another_name_is_found(small: Path, drafted_from: Draft) -> None:
    """A child's key is found by its values where two extracts call it differently."""
    text = (small / "seen.csv").read_text(encoding="utf-8")
    (small / "seen.csv").write_text(text.replace("id,", "pupil,", 1), encoding="utf-8")
    contract = parse_contract(drafted_from(small))
    assert {source.name: source.child for source in contract.sources} == {"people": "id", "seen": "pupil"}


def test_days_first_are_read_so(small: Path, drafted_from: Draft) -> None:
    """Dates written day first, as in most English extracts, are found and read."""
    for path in small.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", text), encoding="utf-8")
    contract = parse_contract(drafted_from(small))
    assert {source.date_format for source in contract.sources} == {"%d/%m/%Y"}
    assert all(report.share_set_aside == 0 for report in ingest(contract, small)[1])


def test_linked_extracts_have_a_contract(small: Path) -> None:
    """Extracts that were linked are refused: the contract that linked them reads them."""
    (small / "linked.json").write_text('{"format": 1}', encoding="utf-8")
    with pytest.raises(DataError, match="linked by a contract"):
        draft(small, lambda _step: None)


def test_a_folder_without_extracts(tmp_path: Path) -> None:
    """A folder with nothing to draft from, or none at all, is refused with what to do."""
    for folder, remedy in ((tmp_path, "Put CSV or Parquet files there"), (tmp_path / "none", "Name the folder")):
        with pytest.raises(DataError, match=remedy):
            draft(folder, lambda _step: None)
