"""One batch of an invented authority: everything about some families, from birth to the profile."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from training.synthetic.area import NATION, Area, load_area
from training.synthetic.calendar import AS_AT_DAY, FIRST_COHORT, assessed_on
from training.synthetic.care import Care, invent_care
from training.synthetic.chance import Chance
from training.synthetic.childcare import Childcare, invent_childcare
from training.synthetic.development import Latent, grown_up, invent_latent, unsolved_part
from training.synthetic.early_support import EarlyHelp, EarlyNeeds, invent_early_help, invent_early_needs
from training.synthetic.families import Children, Flags, Floats, invent_children
from training.synthetic.fitted import Fitted
from training.synthetic.help import Help, invent_help
from training.synthetic.household import MAINS, Households, invent_households
from training.synthetic.infancy import Infancy, invent_infancy
from training.synthetic.margins import Recorded
from training.synthetic.profile import BY_NAME, LEARNING, Profile
from training.synthetic.residence import NEVER, Residence, invent_residence
from training.synthetic.reviews import Lower, Review, invent_review
from training.synthetic.school import Enrolment, Needs, enrol, special_needs
from training.synthetic.solve import solve, solved_part
from training.synthetic.visits import Visits, invent_visits

# Children of the calibration population, its cohorts, and its seed, which no command can choose.
_CALIBRATION_BIRTHS, CALIBRATION_SEED = 20_000, 2**32 - 1
_CALIBRATION_COHORTS = tuple(range(FIRST_COHORT, FIRST_COHORT + 7))


@dataclass(frozen=True, slots=True)
class Batch:
    """All that is true of the children of a batch, recorded or not; arrays are in the order of `children`."""

    children: Children
    households: Households
    infancy: Infancy
    residence: Residence
    latent: Latent
    care: Care
    enrolment: Enrolment
    recorded: Recorded
    childcare: Childcare
    visits: Visits
    review: Review
    help: Help
    development: Floats  # at two, help included
    goals: Flags  # (n, 17)
    needs: Needs
    early_needs: EarlyNeeds
    early_help: EarlyHelp
    chances: dict[str, Floats]
    chances_without_help: dict[str, Floats]

    def reached(self, *names: str) -> Flags:
        """Whether each child reaches every goal of these areas of learning."""
        wanted = [goal for name in names for goal in BY_NAME[name].goals]
        every = [goal for area in LEARNING for goal in area.goals]
        return np.asarray(self.goals[:, [every.index(goal) for goal in wanted]].all(axis=1))

    @property
    def good_level(self) -> Flags:
        """Whether each child reaches a good level of development."""
        return self.reached(*(area.name for area in LEARNING if area.in_gld))


@cache
def calibrated(name: str) -> tuple[Area, Fitted]:
    """Return an area with the constants that make its invented figures the published ones; takes some seconds."""
    area = load_area(name)
    fitted = Fitted()
    if name != NATION:
        fitted.constants.update(calibrated(NATION)[1].constants)
    invent_batch(area, _CALIBRATION_BIRTHS, list(_CALIBRATION_COHORTS), fitted, Chance(CALIBRATION_SEED, 0))
    fitted.freeze()
    return area, fitted


def invent_batch(area: Area, births: int, cohorts: list[int], fitted: Fitted, chance: Chance) -> Batch:
    """Return a batch: `births` children born in each cohort, those who move in, and all that happens to them."""
    children = invent_children(area, births, cohorts, chance)
    households = invent_households(area, children, fitted, chance)
    infancy = invent_infancy(area, children, households, fitted, chance)
    residence = invent_residence(area, children, households, fitted, chance)
    latent = invent_latent(children, chance)
    care = invent_care(area, children, households, residence, latent.disabled, fitted, chance)
    enrolment = enrol(area, children, households, residence, latent.disabled, fitted, chance)
    childcare = invent_childcare(
        area, children, households, residence, care, latent.disabled, enrolment.free_meals, fitted, chance
    )
    visits = invent_visits(area, children, households, residence, care, fitted, chance)
    recorded = _recorded(children, residence, care, enrolment)
    rest = unsolved_part(children, households, residence, infancy, latent, care.in_need < NEVER)

    def found(development: Floats) -> tuple[Review, Help]:
        reviewed = (visits.two_year < NEVER) & visits.questionnaire
        lower = Lower(children.boy, recorded.main == MAINS.index("black"), recorded.decile == 1)
        review = invent_review(area, development, latent.early, lower, reviewed, fitted, chance)
        reviewed_on = np.where(reviewed, visits.two_year, NEVER)
        until = np.minimum(residence.leaves, AS_AT_DAY)
        return review, invent_help(review, reviewed_on, childcare.two_year_place, until, chance)

    if fitted.fitting:
        solve(area, recorded, enrolment.assessed, rest, lambda d: found(d)[1].added, fitted)
    before = rest + solved_part(recorded, fitted)
    review, help_given = found(before)
    profile = Profile.of(fitted)
    development = before + help_given.added
    later, residuals = grown_up(development, latent, chance)
    goals = profile.goals(later, residuals, chance.stream("goals"))
    good_level = np.asarray(goals[:, : sum(len(a.goals) for a in LEARNING if a.in_gld)].all(axis=1))
    needs = special_needs(area, later, good_level, latent.disabled, children.boy, enrolment.assessed, fitted, chance)
    return Batch(
        children,
        households,
        infancy,
        residence,
        latent,
        care,
        enrolment,
        recorded,
        childcare,
        visits,
        review,
        help_given,
        development,
        goals,
        needs,
        invent_early_needs(area, children, childcare, development, latent.disabled, fitted, chance),
        invent_early_help(children, households.hardship[children.family], fitted, chance),
        # Nobody asks the truth of the calibration population.
        {} if fitted.fitting else profile.true_chances(development, latent.early),
        {} if fitted.fitting else profile.true_chances(before, latent.early),
    )


def _recorded(children: Children, residence: Residence, care: Care, enrolment: Enrolment) -> Recorded:
    return Recorded(
        boy=children.boy,
        month=children.month,
        ethnic=enrolment.ethnic,
        other_language=enrolment.other_language,
        free_meals=enrolment.free_meals,
        decile=residence.decile_on(children, assessed_on(children.cohort)),
        in_need=care.in_need_at_school(children),
        looked_after=care.looked_after_at_school(children),
    )
