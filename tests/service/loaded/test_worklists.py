"""A team's worklist over a real store and a real record: who is on it, why, what changed, and what is kept of it."""

import asyncio
import datetime
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models.scope import NotScored
from service.live import Live
from service.loaded.store import LoadedStore
from service.loaded.worklist_shape import Worklist
from service.problems import Refused
from service.record.entries import Entry

TODAY = datetime.date(2018, 6, 1)
AtDesk = Callable[[Callable[[Any], Awaitable[None]]], None]


def _subjects(told: Any) -> list[str]:
    return [row["subject"] for row in told["children"]]


def test_who_is_listed(at_desk: AtDesk, live: Live, store: LoadedStore) -> None:
    """The list holds the children of the team who score highest among those in a window now, scored one by one as ever."""

    def scored() -> dict[str, float]:
        load = store.now()
        assert load is not None
        answers = {c.reference: live.bundle.scorer.score(c.record, c.youngest(TODAY)) for c in load.team("North")}
        return {
            name: answer.scores[0].scored.log_odds
            for name, answer in answers.items()
            if not isinstance(answer, NotScored)
        }

    async def scenario(desk: Any) -> None:
        told = await desk.listed(children=8)
        Worklist.model_validate(told)
        expected = scored()
        shown = {row["subject"]: row["answer"]["scores"][0]["log_odds"] for row in told["children"]}
        assert len(shown) == 8
        assert all(expected[name] == log_odds for name, log_odds in shown.items())
        assert sorted(expected.values(), reverse=True)[:8] == list(shown.values())
        counted, without = told["counted"], sum(one["children"] for one in told["not_scored"])
        assert counted["below"] == len(expected) - 8
        load = store.now()
        assert load is not None
        assert len(list(load.references("North"))) == len(expected) + without + counted["outside_windows"]
        assert all(row["answer"]["stamp"] == told["stamp"] == "not approved, not for use" for row in told["children"])

    at_desk(scenario)


def test_one_landmark(at_desk: AtDesk) -> None:
    """A list of one landmark holds children of that landmark alone, in every detail that is asked."""

    async def scenario(desk: Any) -> None:
        for detail in ("summary", "standard", "full"):
            told = await desk.listed(landmark="one_year", children=3, detail=detail)
            Worklist.model_validate(told)
            assert {row["answer"]["landmark"]["name"] for row in told["children"]} == {"one_year"}
            assert {row["answer"]["detail"] for row in told["children"]} == {detail}

    at_desk(scenario)


def test_no_more_than_the_policy_lets(at_desk: AtDesk) -> None:
    """The policy's share of those who have a score is the default and the most; one more is refused, and so is the longest."""

    async def scenario(desk: Any) -> None:
        told = await desk.listed()
        scored = told["counted"]["listed"] + told["counted"]["below"]
        assert told["most"] == told["asked_for"] == scored // 5
        assert 0 <= told["most"] - len(told["children"]) < max(1, told["counted"]["tied"])
        for more in (told["most"] + 1, 1000):
            with pytest.raises(Refused) as refused:
                await desk.listed(children=more)
            assert [fault.pointer for fault in refused.value.faults] == ["/children"]

    at_desk(scenario)


def test_what_changed(at_desk: AtDesk) -> None:
    """
    A list says who is new, who stayed, who moved, and who left and why, since the last list of an earlier day.

    Asking again on one day tells the same changes, in case the first answer was lost.
    """

    async def scenario(desk: Any) -> None:
        first = await desk.listed(children=8)
        assert {row["change"] for row in first["children"]} == {"new"}
        assert (first["compared_with"], first["left"]) == (None, [])
        desk.on(TODAY + datetime.timedelta(days=30))
        then = [await desk.listed(children=8), await desk.listed(children=8)]
        assert [one["compared_with"]["id"] for one in then] == [first["id"]] * 2
        assert then[0]["left"] == then[1]["left"]
        before = {row["subject"]: row["place"] for row in first["children"]}
        for row in then[0]["children"]:
            was = before.get(row["subject"])
            expected = ("new", None) if was is None else ("still", None) if was == row["place"] else ("moved", was)
            assert (row["change"], row["moved_from"]) == expected
        assert {row["subject"] for row in then[0]["left"]} == set(before) - set(_subjects(then[0]))
        assert then[0]["left"]
        assert {row["why"] for row in then[0]["left"]} <= {"outside-window", "others-higher", "too-stale"}

    at_desk(scenario)


def test_whoever_is_excluded_elsewhere_is_absent(at_desk: AtDesk) -> None:
    """A child whom another process excluded a moment ago is not listed, and the next child is."""

    async def scenario(desk: Any) -> None:
        first = await desk.listed(children=8)
        gone = _subjects(first)[0]
        hashed = desk.service.references.of(gone)
        await desk.record.append(Entry("exclusion", "another", b"{}", subject=hashed))
        told = await desk.listed(children=8)
        assert desk.service.excluded == frozenset()
        assert gone not in _subjects(told)
        assert _subjects(told)[:7] == _subjects(first)[1:]
        assert [each.kind for each in await desk.record.of_subject(hashed)] == ["score", "exclusion"]

    at_desk(scenario)


def test_whoever_is_excluded_is_absent(at_desk: AtDesk) -> None:
    """A child who is excluded is on no list from that moment, is counted, and its having left says no more than any refusal."""

    async def scenario(desk: Any) -> None:
        first = await desk.listed(children=4)
        gone = first["children"][0]["subject"]
        desk.service.excluded = frozenset({desk.service.references.of(gone)})
        assert gone not in json.dumps(await desk.as_(client="other").listed(children=4))
        desk.on(TODAY + datetime.timedelta(days=1))
        then = await desk.listed(children=4)
        assert gone not in _subjects(then)
        assert [row["why"] for row in then["left"] if row["subject"] == gone] == ["not-available"]
        assert {one["code"]: one["children"] for one in then["not_scored"]}["not-available"] == 1

    at_desk(scenario)


def test_what_is_recorded(at_desk: AtDesk) -> None:
    """A list is recorded with a score for each child, found by the child; no reference stands in the record."""

    async def scenario(desk: Any) -> None:
        told = await desk.listed(children=3)
        for row in told["children"]:
            entries = await desk.record.of_subject(desk.service.references.of(row["subject"]))
            assert [(one.kind, one.id) for one in entries] == [("score", row["answer"]["id"])]
            assert row["subject"].encode() not in entries[0].payload
            stored = json.loads(entries[0].payload)["answer"]
            assert stored | {"subject": row["subject"]} == row["answer"]
        kept = await desk.record.one(told["id"])
        assert kept is not None
        assert kept.payload is not None
        assert not any(subject.encode() in kept.payload for subject in _subjects(told))
        assert (kept.kind, kept.client, kept.bundle) == ("worklist", "case-system", told["bundle"])

    at_desk(scenario)


def test_reading_again(at_desk: AtDesk) -> None:
    """A list is read again as it was told, and that is recorded; another client, and an id that is none, find nothing."""

    async def scenario(desk: Any) -> None:
        await desk.listed(children=4)
        desk.on(TODAY + datetime.timedelta(days=30))
        told = await desk.listed(children=4)
        assert await desk.again(told["id"]) == told
        assert [one.kind for one in await desk.record.about(told["id"])] == ["read"]
        for other, id_ in ((desk.as_(client="other", permissions=frozenset()), told["id"]), (desk, "x")):
            with pytest.raises(Refused, match="No worklist of this id"):
                await other.again(id_)
        auditor = desk.as_(client="auditor")
        assert await auditor.again(told["id"]) == told
        desk.on(TODAY + datetime.timedelta(days=61))
        with pytest.raises(Refused, match="Ask for a new worklist"):
            await desk.as_(permissions=frozenset({"worklist"})).again(told["id"])
        assert await auditor.again(told["id"]) == told

    at_desk(scenario)


def test_reading_again_after_an_exclusion(at_desk: AtDesk) -> None:
    """A child who was excluded since a list was made is not on it when it is read again, in either form, but for those who audit."""

    async def scenario(desk: Any) -> None:
        told = await desk.listed(children=4)
        gone, *others = _subjects(told)
        desk.service.excluded = frozenset({desk.service.references.of(gone)})
        plain = desk.as_(permissions=frozenset({"worklist"}))
        assert _subjects(await plain.again(told["id"])) == others
        assert [row["child"].removeprefix("'") for row in await plain.table(told["id"])] == others
        assert await desk.again(told["id"]) == told

    at_desk(scenario)


def test_who_left_and_is_excluded_since(at_desk: AtDesk) -> None:
    """Of a child who had left a list and was excluded since, the list that is read again says why as it would of anybody excluded."""

    async def scenario(desk: Any) -> None:
        await desk.listed(children=4)
        desk.on(TODAY + datetime.timedelta(days=1))
        told = await desk.listed(children=2)
        gone = told["left"][0]["subject"]
        desk.service.excluded = frozenset({desk.service.references.of(gone)})
        again = await desk.as_(permissions=frozenset({"worklist"})).again(told["id"])
        assert {row["subject"]: row["why"] for row in again["left"]}[gone] == "not-available"

    at_desk(scenario)


def test_a_team_that_was_taken_away(at_desk: AtDesk) -> None:
    """A client reads a list again only while its agreement has the team, in either form."""

    async def scenario(desk: Any) -> None:
        told = await desk.as_(teams=frozenset({"North", "South"})).listed("North", children=2)
        assert await desk.as_(teams=frozenset({"North"})).again(told["id"]) == told
        narrower = desk.as_(teams=frozenset({"South"}))
        for read_again in (narrower.again, narrower.table):
            with pytest.raises(Refused, match="lacks this team"):
                await read_again(told["id"])

    at_desk(scenario)


def test_whose_reference_is_gone(at_desk: AtDesk) -> None:
    """What nobody has loaded any more is shown without its reference: the record alone cannot say whose it is."""

    async def scenario(desk: Any) -> None:
        told = await desk.listed(children=2)
        desk.service.loaded = None
        again = await desk.again(told["id"])
        assert _subjects(again) == [None, None]
        assert [row["answer"]["id"] for row in again["children"]] == [row["answer"]["id"] for row in told["children"]]

    at_desk(scenario)


def test_as_a_table(at_desk: AtDesk) -> None:
    """As CSV a list has a row for each child with the same numbers, and says that it is not for use."""

    async def scenario(desk: Any) -> None:
        told = await desk.listed(children=5)
        rows = await desk.table(told["id"])
        assert [row["child"] for row in rows] == _subjects(told)
        assert [float(row["probability"]) for row in rows] == [
            round(row["answer"]["scores"][0]["probability"], 3) for row in told["children"]
        ]
        assert {row["stamp"] for row in rows} == {"not approved, not for use"}

    at_desk(scenario)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"team": "Zelphine"}, "/team"),
        ({"team": "a\u0000b"}, "/team"),
        ({"purpose": "zelphine"}, "/purpose"),
        ({"outcome": "zelphine"}, "/outcome"),
        ({"landmark": "zelphine"}, "/landmark"),
        ({"children": 0}, "/children"),
        ({"detail": "zelphine"}, "/detail"),
        ({"zelphine": 1}, ""),
    ],
)
def test_what_is_refused(at_desk: AtDesk, asked: dict[str, Any], pointer: str) -> None:
    """What is not of the contract or the load is refused by its place, and not repeated."""

    async def scenario(desk: Any) -> None:
        with pytest.raises(Refused) as refused:
            await desk.make({"team": "North"} | asked)
        assert [fault.pointer for fault in refused.value.faults] == [pointer]
        assert "elphine" not in str([str(refused.value), refused.value.faults])

    at_desk(scenario)


def test_who_may_ask(at_desk: AtDesk) -> None:
    """A client asks for a purpose of its agreement and, where that names teams, for those alone."""

    async def scenario(desk: Any) -> None:
        with pytest.raises(Refused, match="purposes of the sharing agreement"):
            await desk.as_(purposes=frozenset({"research"})).listed()
        narrow = desk.as_(teams=frozenset({"South"}))
        assert (await narrow.listed("South"))["team"] == "South"
        with pytest.raises(Refused, match="lacks this team"):
            await narrow.listed("North")
        with pytest.raises(Refused, match="lacks this team") as unknown:
            await narrow.listed("Nowhere")
        assert unknown.value.kind.status == 403

    at_desk(scenario)


def test_others_get_their_turn(at_desk: AtDesk, live: Live, turns: Any) -> None:
    """While a list is worked out others get their turn again and again, and what two ask for is worked out once."""

    async def scenario(desk: Any) -> None:
        loaded = desk.service.loaded
        asked = (live, loaded.newest, "North", TODAY)
        both = asyncio.gather(loaded.rankings.of(*asked), loaded.rankings.of(*asked))
        (first, second), count = await turns(both)
        assert first is second
        assert count > 10
        assert await loaded.rankings.of(*asked[:3], TODAY + datetime.timedelta(days=1)) is not first

    at_desk(scenario)
