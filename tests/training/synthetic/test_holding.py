"""Under which own ids an agency holds children."""

import numpy as np
import pytest

from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.extracts import Recorder, Rows
from training.synthetic.holding import Holding, happened, hold
from training.synthetic.identity_numbers import upns
from training.synthetic.registers import AGENCIES, BY_NAME, Agency

CHANCE = Chance(5, 0)


def _extracts(agency: Agency, england: Area, batch: Batch) -> dict[str, Rows]:
    return {name: EXTRACTS[name](england, batch, Recorder(batch, CHANCE)) for name in agency.extracts}


def _held(agency: Agency, england: Area, batch: Batch, chance: Chance = CHANCE) -> tuple[Holding, dict[str, Rows]]:
    extracts = _extracts(agency, england, batch)
    return hold(agency, extracts, upns(np.arange(len(batch.children.key)), 1), chance), extracts


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.name)
def test_holdings(agency: Agency, england: Area, batch: Batch) -> None:
    """An agency holds the children of its rows and no other, each row under an id of its child, ids in their own order."""
    holding, extracts = _held(agency, england, batch)
    assert set(holding.who.tolist()) == {child for rows in extracts.values() for child in rows.who.tolist()}
    assert holding.ids.tolist() == sorted(set(holding.ids.tolist()))
    for name, rows in extracts.items():
        assert np.array_equal(holding.who[holding.of_row[name]], rows.who)
    order = np.corrcoef(holding.who, np.arange(len(holding.who)))[0, 1]
    assert abs(order) < 0.1


@pytest.mark.parametrize("name", ["early_years", "family_hub", "schools"])
def test_the_last_contact(name: str, england: Area, batch: Batch) -> None:
    """The last contact is the latest day on which a row under that id happened."""
    holding, extracts = _held(BY_NAME[name], england, batch)
    place = np.concatenate([holding.of_row[extract] for extract in extracts])
    on = np.concatenate([happened(rows) for rows in extracts.values()])
    assert (on <= holding.last[place]).all()
    assert set(place[on == holding.last[place]].tolist()) == set(range(len(holding.who)))


def test_registered_twice(england: Area, batch: Batch) -> None:
    """A family hub holds 2 % of its children under two numbers, the first visit under one and all later ones under the other."""
    holding, extracts = _held(BY_NAME["family_hub"], england, batch)
    children, numbers = np.unique(holding.who, return_counts=True)
    assert set(numbers.tolist()) == {1, 2}
    assert (numbers == 2).mean() == pytest.approx(0.02, abs=0.001)
    on, place = happened(extracts["hub"]), holding.of_row["hub"]
    for child in children[numbers == 2][:50].tolist():
        under = [on[place == i] for i in np.flatnonzero(holding.who == child).tolist()]
        earliest = min(days.min() for days in under)
        assert any(days.tolist() == [earliest] for days in under)


def test_others_hold_everyone_once(england: Area, batch: Batch) -> None:
    """No other agency holds a child twice; schools hold pupils under their UPN."""
    for name in ("social_care", "schools"):
        holding, _ = _held(BY_NAME[name], england, batch)
        assert len(set(holding.who.tolist())) == len(holding.who)
    assert holding.ids.tolist() == upns(np.arange(len(batch.children.key)), 1)[holding.who].tolist()


def test_ids_say_nothing(england: Area, batch: Batch) -> None:
    """No id is another agency's, another batch's, or a child's own pseudonym."""
    found = [
        _held(BY_NAME[name], england, batch, chance)[0].ids
        for name in ("benefits", "early_help")
        for chance in (CHANCE, Chance(5, 1))
    ]
    together = [*np.concatenate(found).tolist(), *batch.children.key.tolist()]
    assert len(set(together)) == len(together)
