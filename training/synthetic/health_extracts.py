"""What the child health register, maternity services and health visiting hold, in the field names and codes they use."""

import numpy as np

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.extracts import (
    REGISTERED_WITHIN,
    Recorder,
    Rows,
    dated,
    one_each,
    together,
    yes_no,
)
from training.synthetic.household import ETHNIC
from training.synthetic.infancy import BREASTFEEDING, REGISTRATION
from training.synthetic.margins import UNKNOWN
from training.synthetic.residence import NEVER
from training.synthetic.reviews import INTERVALS

_CODES = np.array([ethnic.code for ethnic in ETHNIC])
_ABSENT = "999"


def register(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Child health register: everyone who lives or lived here."""
    children, rng = batch.children, recorder.stream("register")
    recorded = children.arrived + rng.integers(1, REGISTERED_WITHIN, len(children.key))
    ethnic, language = batch.enrolment.ethnic, batch.enrolment.other_language
    return one_each(
        recorder,
        children.arrived,
        recorded,
        {
            "registered_on": dated(recorded),
            "person_birth_date": dated(children.born),
            "month_in_year": (children.month, None),
            "sex": (np.where(children.boy, "M", "F"), None),
            "ethnicity": (_CODES[np.maximum(ethnic, 0)], ethnic != UNKNOWN),
            "language": (np.where(language == 1, "OTH", "ENG"), language != UNKNOWN),
            "household": (children.household[children.family], None),
        },
    )


def births(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Maternity records of children born here."""
    children, infancy, rng = batch.children, batch.infancy, recorder.stream("births")
    count = len(children.key)
    recorded = children.born + recorder.lag(rng, count, 8)
    gestation = np.where(rng.random(count) < 0.01, 99, infancy.gestation)
    weight = np.where(rng.random(count) < 0.005, 9999, infancy.weight)
    smoking = np.where(rng.random(count) < 0.02, "U", yes_no(infancy.smoking))
    return one_each(
        recorder,
        np.where(children.born_here, children.born, NEVER),
        recorded,
        {
            "recorded_on": dated(recorded),
            "gestationlengthbirth": (gestation, None),
            "birthweight": (weight, None),
            "multiple": (yes_no(children.twin), None),
            "maternal_age": (infancy.maternal_age, None),
            "smoking": (smoking, None),
            "registration": (np.array(REGISTRATION)[infancy.registration], None),
        },
    )


def health_visits(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Health visitors' contacts, mandated and other."""
    visits, infancy, rng = batch.visits, batch.infancy, recorder.stream("health_visits")
    count = len(batch.children.key)
    days = {
        "antenatal": visits.antenatal,
        "new_birth": visits.new_birth,
        "six_to_eight_weeks": visits.six_to_eight_weeks,
        "one_year": visits.one_year,
        "two_year": visits.two_year,
    } | {f"extra {i}": visits.extra[:, i] for i in range(visits.extra.shape[1])}
    feeding, asked = rng.random(count) < 0.9, rng.random(count) < 0.85
    parts = []
    for contact, on in days.items():
        recorded = on + recorder.lag(rng, count, 6)
        early = contact == "six_to_eight_weeks"
        # Before birth it is the family that lives here.
        held_on = np.where(on < NEVER, np.maximum(on, batch.children.arrived), NEVER)
        row = one_each(
            recorder,
            held_on if contact == "antenatal" else on,
            recorded,
            {
                "contact_date": dated(on),
                "recorded_on": dated(recorded),
                "contact": (np.full(count, contact.split()[0]), None),
                "breastfeeding": (np.array(BREASTFEEDING)[infancy.breastfed], feeding & early),
                "mood": (yes_no(infancy.low_mood), asked & early),
            },
        )
        parts.append(row)
    return together(parts)


def reviews(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Questionnaires of the two-year review."""
    children, visits, rng = batch.children, batch.visits, recorder.stream("reviews")
    count = len(children.key)
    on = np.where(visits.questionnaire, visits.two_year, NEVER)
    recorded = on + recorder.lag(rng, count, 8)
    interval = np.searchsorted((790, 870), np.where(on < NEVER, on - children.born, 0))
    totals = {
        f"asq_{name}": (np.where(rng.random(count) < 0.01, _ABSENT, total.astype(np.str_)), None)
        for name, total in batch.review.totals(interval).items()
    }
    social = np.where(rng.random(count) < 0.35, batch.review.social_total().astype(np.str_), _ABSENT)
    return one_each(
        recorder,
        on,
        recorded,
        {
            "review_date": dated(on),
            "recorded_on": dated(recorded),
            "asq_interval": (np.array([str(i) for i in INTERVALS])[interval], None),
            **totals,
            "asqse2_total": (social, None),
        },
    )
