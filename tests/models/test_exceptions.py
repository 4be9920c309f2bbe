"""Exceptions to release gates: whom they must name, how long they last, what they lift, and what never passes in silence."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from models.errors import BadInput
from models.exceptions import IN_FORCE, ReleaseException, read_exceptions, standings, still_blocked
from models.gates import Gate, Gates

BUNDLE, TODAY = "ab" * 32, datetime.date(2026, 11, 20)
FSM, BOYS = "fsm: Eligible", "sex: Boys"
WRITTEN: dict[str, str] = {
    "bundle": f'"{BUNDLE}"',
    "gate": '"fairness"',
    "landmark": '"two_year"',
    "groups": f'["{FSM}"]',
    "reason": '"Eligibility was recorded late in one district; it is put right for the next run."',
    "minute": '"Board of 12 November 2026, item 4"',
    "by": '"Ada Bell, Director of Children\'s Services"',
    "on": "2026-11-12",
    "expires": "2027-05-12",
}


def _gate(**changed: Any) -> Gate:
    fields: dict[str, Any] = {
        "code": "fairness",
        "kind": "release",
        "label": "Recall of protected groups",
        "landmark": "two_year",
        "outcome": "not_gld",
        "threshold": "at most 5 points below everyone else's",
        "verdict": "blocked",
        "words": "Further below than agreed.",
        "next": "Look with the board.",
        "groups": (FSM,),
    }
    return Gate(**fields | changed)


def _exception(**changed: Any) -> ReleaseException:
    fields: dict[str, Any] = {
        "bundle": BUNDLE,
        "gate": "fairness",
        "reason": "It is being put right.",
        "minute": "Item 4",
        "by": "Ada Bell, Director",
        "on": datetime.date(2026, 11, 12),
        "expires": datetime.date(2027, 5, 12),
    }
    return ReleaseException(**fields | changed)


def _left(gates: tuple[Gate, ...], *exceptions: ReleaseException, today: datetime.date = TODAY) -> tuple[Gate, ...]:
    return still_blocked(Gates(evidence="full", gates=gates), exceptions, BUNDLE, today)


def _state(exception: ReleaseException, *gates: Gate) -> str:
    (standing,) = standings(Gates(evidence="full", gates=gates), [exception], BUNDLE, TODAY)
    assert standing.in_force == (standing.state == IN_FORCE)
    return standing.state


def _file(folder: Path, *exceptions: dict[str, str]) -> Path:
    tables = ["\n".join(["[[exception]]", *(f"{k} = {v}" for k, v in each.items())]) for each in exceptions]
    path = folder / "exceptions.toml"
    path.write_text("\n\n".join(tables), encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    """Every exception of a file is read as it stands there; what is left out is of every outcome."""
    read = read_exceptions(_file(tmp_path, WRITTEN, WRITTEN | {"gate": '"evidence"'}))
    assert [each.gate for each in read] == ["fairness", "evidence"]
    assert (read[0].groups, read[0].landmark, read[0].outcome) == ((FSM,), "two_year", None)
    assert (read[0].on, read[0].expires) == (datetime.date(2026, 11, 12), datetime.date(2027, 5, 12))


def test_every_problem_at_once(tmp_path: Path) -> None:
    """Whatever is missing, misspelt or without shape is told in one go, each with its place."""
    broken = {name: value for name, value in WRITTEN.items() if name != "minute"}
    broken |= {"gates": '"fairness"', "by": '"Ada Bell"', "groups": '["Eligible"]'}
    with pytest.raises(BadInput) as raised:
        read_exceptions(_file(tmp_path, broken, WRITTEN | {"expires": "2027-11-13"}))
    places = {problem.place for problem in raised.value.problems}
    first = {f"exception › 0 › {field}" for field in ("minute", "gates", "by", "groups › 0")}
    assert places == {*first, "exception › 1"}
    assert "twelve months" in str(raised.value)


@pytest.mark.parametrize("words", ["[[exception", "[[exeption]]", ""])
def test_a_file_of_none(tmp_path: Path, words: str) -> None:
    """A file that is no TOML, or misspells its tables, is refused; an empty one holds no exception."""
    path = tmp_path / "exceptions.toml"
    path.write_text(words, encoding="utf-8")
    if words:
        with pytest.raises(BadInput):
            read_exceptions(path)
    else:
        assert read_exceptions(path) == ()


@pytest.mark.parametrize(
    ("on", "expires", "allowed"),
    [
        ("2026-11-12", "2027-11-12", True),
        ("2026-11-12", "2027-11-13", False),
        ("2026-11-12", "2026-11-13", True),
        ("2026-11-12", "2026-11-12", False),
        ("2028-02-29", "2029-02-28", True),
        ("2028-02-29", "2029-03-01", False),
    ],
)
def test_it_ends_within_twelve_months(tmp_path: Path, on: str, expires: str, *, allowed: bool) -> None:
    """An exception expires after the day it was made, and no later than that day a year on."""
    path = _file(tmp_path, WRITTEN | {"on": on, "expires": expires})
    if allowed:
        assert len(read_exceptions(path)) == 1
    else:
        with pytest.raises(BadInput, match="expires"):
            read_exceptions(path)


@pytest.mark.parametrize("by", ["Ada Bell", "Ada Bell,", ", Director", " , "])
def test_a_person_is_named_with_a_role(tmp_path: Path, by: str) -> None:
    """Whoever made the exception is named, and in what role."""
    with pytest.raises(BadInput, match="by"):
        read_exceptions(_file(tmp_path, WRITTEN | {"by": f'"{by}"'}))


def test_what_it_lifts_and_nothing_else() -> None:
    """A gate is lifted by an exception of its code, landmark and outcome; all others that blocked stay blocked."""
    other, later, passed = _gate(code="calibration"), _gate(landmark="pre_school"), _gate(verdict="passed", groups=())
    gates = (_gate(), other, later, passed)
    assert _left(gates) == (_gate(), other, later)
    assert _left(gates, _exception(landmark="two_year")) == (other, later)
    assert _left(gates, _exception(landmark="two_year", outcome="not_gld")) == (other, later)
    assert _left(gates, _exception()) == (other,)
    assert _left(gates, _exception(outcome="not_psed")) == (_gate(), other, later)
    assert _left((_gate(landmark=None),), _exception(landmark="two_year")) == (_gate(landmark=None),)


def test_all_the_groups_it_blocked_for() -> None:
    """A gate that blocked for two groups is lifted where both are named, by one exception or by two, and not where one is."""
    gates = (_gate(groups=(FSM, BOYS)),)
    assert _left(gates, _exception(groups=(FSM,))) == gates
    assert _left(gates, _exception(groups=(FSM, BOYS))) == ()
    assert _left(gates, _exception(groups=(FSM,)), _exception(groups=(BOYS,))) == ()
    assert _left(gates, _exception(groups=(FSM,)), _exception(groups=(BOYS,), landmark="pre_school")) == gates


def test_a_gate_that_blocked_for_no_group() -> None:
    """Where a gate blocked because nobody could be judged, naming groups does not lift it; excepting it whole does."""
    gates = (_gate(groups=()),)
    assert _left(gates, _exception(groups=(FSM,))) == gates
    assert _left(gates, _exception()) == ()


@pytest.mark.parametrize(
    ("today", "lifted"),
    [("2026-11-11", False), ("2026-11-12", True), ("2027-05-12", True), ("2027-05-13", False)],
)
def test_only_while_it_lasts(today: str, *, lifted: bool) -> None:
    """An exception holds from the day it was made to the day it expires, and on no other."""
    left = _left((_gate(),), _exception(), today=datetime.date.fromisoformat(today))
    assert left == (() if lifted else (_gate(),))


def test_a_build_gate_is_never_excepted() -> None:
    """A build gate that blocked stays blocked, whatever an exception says of its code."""
    build = _gate(code="signal", kind="build", groups=())
    assert _left((build, _gate()), _exception(gate="signal"), _exception()) == (build,)
    assert "build gate" in _state(_exception(gate="signal"), build)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, IN_FORCE),
        ({"groups": (FSM,)}, IN_FORCE),
        ({"bundle": "cd" * 32}, "another bundle"),
        ({"on": datetime.date(2026, 11, 21)}, "to come"),
        ({"on": datetime.date(2026, 1, 1), "expires": datetime.date(2026, 11, 19)}, "expired on 2026-11-19"),
        ({"gate": "fairnes"}, "no gate of that code"),
        ({"landmark": "two_years"}, "landmark and outcome"),
        ({"groups": ("fsm: Eligable",)}, "fsm: Eligable"),
    ],
)
def test_no_slip_passes_in_silence(changed: dict[str, Any], why: str) -> None:
    """An exception that lifts nothing says why: another bundle, another time, a word that names nothing."""
    assert why in _state(_exception(**changed), _gate())
    assert (_left((_gate(),), _exception(**changed)) == ()) == (why == IN_FORCE)


def test_shown_with_all_that_was_decided() -> None:
    """What is shown is everything that was written, dates as text, and how it stands."""
    (standing,) = standings(Gates(evidence="full", gates=(_gate(),)), [_exception(groups=(FSM,))], BUNDLE, TODAY)
    shown = standing.shown()
    assert shown.keys() == {*ReleaseException.model_fields, "state"}
    assert (shown["on"], shown["groups"], shown["state"]) == ("2026-11-12", [FSM], IN_FORCE)


def test_some_of_the_groups_is_not_all() -> None:
    """An exception that leaves a gate blocked is in force and says for whom it stays so; beside another that names them, no more."""
    gates = Gates(evidence="full", gates=(_gate(groups=(FSM, BOYS)),))
    one, other = _exception(groups=(FSM,)), _exception(groups=(BOYS,))
    (alone,) = standings(gates, [one], BUNDLE, TODAY)
    assert alone.state == f"{IN_FORCE}, but the gate stays blocked for {BOYS} (not_gld at two_year)"
    assert alone.in_force
    assert [each.state for each in standings(gates, [one, other], BUNDLE, TODAY)] == [IN_FORCE, IN_FORCE]
    late = other.model_copy(update={"on": datetime.date(2026, 11, 21)})
    assert standings(gates, [one, late], BUNDLE, TODAY)[0].state == alone.state


def test_that_there_is_no_policy_is_never_excepted() -> None:
    """The gate of a policy that nobody has agreed to is lifted by nothing, and an exception to it says so."""
    nobody = _gate(code="policy", landmark=None, outcome=None, groups=())
    for exception in (_exception(gate="policy"), _exception()):
        assert _left((nobody,), exception) == (nobody,)
        assert _state(exception, nobody).startswith("not in force")
    assert "never excepted" in _state(_exception(gate="policy"), nobody)
