"""What development rests on is solved so that other children, too, come out with the published margins."""

import numpy as np
import pytest

from training.synthetic.area import Area, load_area
from training.synthetic.batch import Batch
from training.synthetic.development import unsolved_part
from training.synthetic.fitted import Fitted
from training.synthetic.margins import inputs, moments
from training.synthetic.profile import LEARNING, Profile
from training.synthetic.residence import NEVER
from training.synthetic.solve import effect, solve, solved_part


def test_every_margin_is_reached(batch: Batch, england: Area, fitted: Fitted) -> None:
    """Children the constants were not solved on have, group by group, the published chance of a good level."""
    assessed = batch.enrolment.assessed
    chance = Profile.of(fitted).good_level_at(batch.development)
    for group, level in moments(england, batch.recorded).values():
        here = group & assessed
        if here.sum() > 100:
            assert abs(chance[here].mean() - level) < 3.5 * chance[here].std() / here.sum() ** 0.5 + 0.012
    assert abs(chance[assessed].mean() - england.share("gld")) < 0.008


@pytest.mark.parametrize("area", [area.name for area in LEARNING if area.name != "literacy"])
def test_every_area_of_learning_is_reached(batch: Batch, england: Area, fitted: Fitted, area: str) -> None:
    """Every area of learning comes out as published."""
    chance = Profile.of(fitted).area_at(area, batch.development)[batch.enrolment.assessed]
    assert abs(chance.mean() - england.share(f"area_{area}")) < 0.008


def test_signs_that_are_known(fitted: Fitted) -> None:
    """Boys, the younger, those on free school meals, in need or of no known group do worse; so do deprived areas."""
    effects = {name.removeprefix("effect_"): value for name, value in fitted.constants.items() if "effect_" in name}
    for name in ("boy", "month", "free_meals", "in_need", "ethnic_unknown", "language_unknown", "ethnic_wrom"):
        assert effects[name] < 0
    assert effects["decile_10"] > effects["decile_5"] > 0


def test_what_is_solved_is_added(batch: Batch, fitted: Fitted) -> None:
    """What the solved inputs add is the level and each effect times its input."""
    part = solved_part(batch.recorded, fitted)
    expected = fitted.constants["level"] + sum(
        fitted.constants[effect(name)] * values for name, values in inputs(batch.recorded).items()
    )
    assert np.allclose(part, expected)


def test_a_council_solves_its_own_figures_alone(batch: Batch, fitted: Fitted) -> None:
    """A council reaches its own figures by a level, its own thresholds and effects; all else stays the nation's."""
    york = load_area("york")
    own = Fitted()
    own.constants.update(fitted.constants)
    rest = unsolved_part(
        *(batch.children, batch.households, batch.residence, batch.infancy, batch.latent, batch.care.in_need < NEVER)
    )
    assessed = batch.enrolment.assessed
    solve(york, batch.recorded, assessed, rest, np.zeros_like, own)
    changed = {name for name, value in own.constants.items() if fitted.constants[name] != value}
    assert changed == {
        *("level", "threshold_communication", "threshold_psed"),
        *("effect_free_meals", "effect_in_need"),
    }
    profile, development = Profile.of(own), rest + solved_part(batch.recorded, own)
    good = profile.good_level_at(development)
    assert good[assessed].mean() == pytest.approx(york.share("gld"), abs=0.002)
    for area in ("communication", "psed"):
        reached = profile.area_at(area, development)[assessed].mean()
        assert reached == pytest.approx(york.share(f"area_{area}"), abs=0.002)
    for name in ("free_meals", "in_need"):
        group, level = moments(york, batch.recorded)[name]
        assert good[group & assessed].mean() == pytest.approx(level, abs=0.004)
