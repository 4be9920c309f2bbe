"""What early years services and schools hold, in the field names and codes of the national returns."""

import datetime

import numpy as np

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.calendar import AS_AT_DAY, FIRST_PROFILE, PROFILE, assessed_on, day
from training.synthetic.extracts import (
    Recorder,
    Rows,
    before_school,
    census_day,
    dated,
    one_each,
    one_zero,
    term_days,
    together,
    yes_no,
)
from training.synthetic.families import Flags
from training.synthetic.profile import GOALS
from training.synthetic.residence import NEVER
from training.synthetic.school import NEEDS

# Ours: children on free school meals miss this many times the sessions of others, spread widely.
_ABSENT_WITH_MEALS, _ABSENCE_SHAPE = 1.6, 1.6
# Working parents' hours were opened to two-year-olds, and then to children of nine months.
_WORKING_AT_TWO, _WORKING_AT_NINE_MONTHS = day(datetime.date(2024, 4, 1)), day(datetime.date(2024, 9, 1))


def two_year_list(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """The list of families who may have a two-year place; who is not on it is not eligible."""
    childcare, rng = batch.childcare, recorder.stream("two_year_list")
    count = len(batch.children.key)
    listed = np.where(childcare.eligible, batch.children.born + rng.integers(680, 790, count), NEVER)
    received = listed + recorder.lag(rng, count, 25)
    basis = np.where(childcare.because_looked_after, "LAA", np.where(childcare.because_disabled, "HSD", "ECO"))
    return one_each(
        recorder,
        listed,
        received,
        {"listed_on": dated(listed), "received_on": dated(received), "fundingbasis": (basis, None)},
    )


def headcount(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Termly headcounts of funded places."""
    children, childcare, rng = batch.children, batch.childcare, recorder.stream("headcount")
    count = len(children.key)
    full = rng.random(count) < 0.8
    hours = np.where(full, 15.0, rng.integers(26, 60, count) / 4)
    begins_late = rng.random(count) < 0.25
    setting = rng.integers(500_000, 500_000 + max(20, count // 40), children.families)[children.family]
    kind = np.array(["PVI", "SCH", "CMR"])[np.searchsorted((0.62, 0.93), rng.random(children.families))][
        children.family
    ]
    disability = batch.latent.disabled & (rng.random(count) < 0.6)
    first, last = int(children.cohort.min()) + 1, min(int(children.cohort.max()) + 6, 2026)
    parts = []
    for start, counted in term_days(first, last):
        age = start - children.born
        two = childcare.two_year_place & (age >= 731 + 90 * begins_late) & (age < 1096)
        three = childcare.universal_place & (age >= 1096 + 90 * begins_late)
        youngest = 731 if start < _WORKING_AT_NINE_MONTHS else 274
        working = childcare.working_parents & ~three & (age >= youngest) & (start >= _WORKING_AT_TWO)
        any_place = (two | three | working) & (counted < before_school(batch))
        on = np.where(any_place, counted, NEVER)
        recorded = on + 21 + recorder.lag(rng, count, 10)
        entitlement = np.where(three, "universal", np.where(two, "two_year", "working_parent"))
        parts.append(
            one_each(
                recorder,
                on,
                recorded,
                {
                    "headcount_date": dated(on),
                    "recorded_on": dated(recorded),
                    "entitlement": (entitlement, None),
                    "fundedhours": (np.where(working, 0.0, hours), None),
                    "expandedhours": (np.where(working, hours, 0.0), None),
                    "eyppr": (yes_no(childcare.pupil_premium & three), None),
                    "dafindicator": (one_zero(disability), None),
                    "setting": (setting, None),
                    "setting_type": (kind, None),
                },
            )
        )
    return together(parts)


def sen_records(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Special educational needs recorded before school."""
    needs, rng = batch.early_needs, recorder.stream("sen_records")
    recorded = needs.recorded + recorder.lag(rng, len(needs.recorded), 20)
    on = np.where(recorded < before_school(batch), needs.recorded, NEVER)
    return one_each(
        recorder,
        on,
        recorded,
        {
            "recorded_on": dated(recorded),
            "senprovision": (needs.provision, None),
            "sentype": (np.array([*NEEDS, "OTH"])[needs.primary], None),
        },
    )


def siblings(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """What the profile of an older brother or sister said, matched by household."""
    children = batch.children
    order = np.lexsort((children.born, children.family))
    held = profile_held(batch)
    good = batch.good_level
    parts = []
    for apart in (1, 2, 3):
        younger, older = order[apart:], order[:-apart]
        match = (
            (children.family[younger] == children.family[older])
            & (children.cohort[younger] > children.cohort[older])
            & held[older]
            & batch.enrolment.assessed[older]
        )
        younger, older = younger[match], older[match]
        assessed = assessed_on(children.cohort)[older]
        recorded = assessed + 60
        still_here = batch.residence.leaves[younger] > assessed
        keep = (recorded <= AS_AT_DAY) & still_here & recorder.held(children.arrived, children.arrived)[younger]
        younger, older, assessed, recorded = younger[keep], older[keep], assessed[keep], recorded[keep]
        parts.append(
            Rows(
                younger,
                {
                    "sibling_assessed_on": dated(assessed),
                    "recorded_on": dated(recorded),
                    "sibling_gld": (one_zero(good[older]), None),
                },
            )
        )
    return together(parts)


def reception(area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """The January census of Reception: for the audit only."""
    rng, needs = recorder.stream("reception"), batch.needs
    on, family = census_day(batch), batch.children.family
    at_school = ~batch.households.independent[family]
    recorded = on + 40
    meals = batch.enrolment.free_meals
    relative = np.where(meals, _ABSENT_WITH_MEALS, 1.0)
    share = area.share("share_fsm")
    mean = area.share("absence_reception") * relative / (share * _ABSENT_WITH_MEALS + 1 - share)
    absence = np.rint(100 * rng.beta(_ABSENCE_SHAPE, _ABSENCE_SHAPE * (1 / mean - 1)))
    return one_each(
        recorder,
        np.where(at_school, on, NEVER),
        recorded,
        {
            "census_date": dated(on),
            "recorded_on": dated(recorded),
            "fsm": (yes_no(meals), None),
            "senprovision": (needs.provision, None),
            "sentype": (np.array([*NEEDS, "OTH"])[needs.primary], needs.provision != "N"),
            "sessions_missed_percent": (absence.astype(np.int64), None),
        },
    )


def eyfsp(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """The profile, as England had it: none for Reception years that ended in 2020 and 2021."""
    on = np.where(profile_held(batch), assessed_on(batch.children.cohort), NEVER)
    recorded = on + 60
    reached = np.where(batch.goals, "2", "1")
    goals = {goal: (np.where(batch.enrolment.assessed, reached[:, i], "A"), None) for i, goal in enumerate(GOALS)}
    return one_each(
        recorder,
        on,
        recorded,
        {
            "assessed_on": dated(on),
            "recorded_on": dated(recorded),
            "profile": (np.full(len(on), PROFILE), None),
            **goals,
        },
    )


def profile_held(batch: Batch) -> Flags:
    """Whether a child's school returned a profile: it was on roll, in a year that had one."""
    return np.asarray(batch.enrolment.on_roll & (batch.children.cohort >= FIRST_PROFILE))
