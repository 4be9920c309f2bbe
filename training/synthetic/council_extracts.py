"""What the council holds: addresses, family hubs, early help and social care, in the field names and codes of its returns."""

import datetime

import numpy as np

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.calendar import day
from training.synthetic.extracts import (
    REGISTERED_WITHIN,
    Recorder,
    Rows,
    dated,
    one_each,
    one_zero,
    street_codes,
    together,
)
from training.synthetic.residence import NEVER, SPELLS

# Before this day the hub kept no record by child.
_HUB_RECORDS_FROM = day(datetime.date(2016, 9, 1))


def addresses(area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Every address a child has had here."""
    children, residence, rng = batch.children, batch.residence, recorder.stream("addresses")
    per_decile = max(4, round(area.size / 180))
    starts = np.column_stack([residence.starts, np.full(children.families, NEVER)])[children.family]
    parts = []
    for spell in range(SPELLS):
        moved_in = np.maximum(starts[:, spell], children.arrived)
        moved_out = np.minimum(starts[:, spell + 1], residence.leaves)
        first = moved_in == children.arrived
        lag = np.where(first, rng.integers(1, REGISTERED_WITHIN, len(moved_in)), recorder.lag(rng, len(moved_in), 30))
        recorded = moved_in + lag
        decile = residence.deciles[children.family, spell]
        lived = np.where(moved_out > moved_in, moved_in, NEVER)
        parts.append(
            one_each(
                recorder,
                lived,
                recorded,
                {
                    "moved_in": dated(moved_in),
                    "recorded_on": dated(recorded),
                    "moved_out": dated(moved_out),
                    "lsoa": (street_codes(residence.streets[children.family, spell], decile, per_decile), None),
                    "idaci_decile": (decile, None),
                },
            )
        )
    return together(parts)


def hub(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Family hub sessions that were recorded by child."""
    children, rng = batch.children, recorder.stream("hub")
    hardship = batch.households.hardship[children.family]
    parts = []
    for service, mean in (("universal", 1.4 * np.exp(-0.15 * hardship)), ("targeted", 0.25 * np.exp(0.5 * hardship))):
        number = rng.poisson(mean)
        for i in range(8):
            on = np.where(i < number, children.born + rng.integers(30, 1400, len(number)), NEVER)
            recorded = on + recorder.lag(rng, len(number), 5)
            parts.append(
                one_each(
                    recorder,
                    np.where(on >= _HUB_RECORDS_FROM, on, NEVER),
                    recorded,
                    {
                        "session_date": dated(on),
                        "recorded_on": dated(recorded),
                        "session_type": (np.full(len(number), service), None),
                    },
                )
            )
    return together(parts)


def early_help(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Early help episodes."""
    helped, rng = batch.early_help, recorder.stream("early_help")
    count = len(helped.began)
    recorded = helped.began + recorder.lag(rng, count, 20)
    reasons = np.array(["parenting", "housing", "money", "family_conflict", "health", "other"])
    return one_each(
        recorder,
        helped.began,
        recorded,
        {
            "earl_episode_start_date": dated(helped.began),
            "recorded_on": dated(recorded),
            "earl_episode_end_date": dated(helped.ended),
            "earl_episode_reason": (reasons[rng.integers(0, 6, count)], None),
        },
    )


def programmes(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """The talk programme: help of known effect."""
    rng, count = recorder.stream("programmes"), len(batch.help.began)
    recorded = batch.help.began + recorder.lag(rng, count, 15)
    return one_each(
        recorder,
        batch.help.began,
        recorded,
        {
            "started_on": dated(batch.help.began),
            "recorded_on": dated(recorded),
            "programme": (np.full(count, "talk_boost"), None),
        },
    )


_REFERRERS = np.array(
    [
        "1A",
        "1B",
        "1C",
        "1D",
        "2A",
        "2B",
        "3A",
        "3B",
        "3C",
        "3D",
        "3E",
        "3F",
        "4",
        "5A",
        "5B",
        "5C",
        "5D",
        "6",
        "7",
        "8",
        "9",
        "10",
    ]
)
_REFERRER_WEIGHTS = np.array([3, 2, 1, 1, 8, 3, 5, 14, 6, 3, 2, 3, 3, 8, 4, 3, 2, 20, 1, 4, 3, 1], dtype=np.float64)


def referrals(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Referrals to children's social care."""
    care, rng = batch.care, recorder.stream("referrals")
    count = len(care.referred)
    parts = []
    for on in (care.referred, care.referred_again):
        recorded = on + recorder.lag(rng, count, 5)
        no_action = (care.in_need == NEVER) & (rng.random(count) < 0.6)
        parts.append(
            one_each(
                recorder,
                on,
                recorded,
                {
                    "cinreferraldate": dated(on),
                    "recorded_on": dated(recorded),
                    "referralsource": (
                        rng.choice(_REFERRERS, count, p=_REFERRER_WEIGHTS / _REFERRER_WEIGHTS.sum()),
                        None,
                    ),
                    "referralnfa": (one_zero(no_action), None),
                },
            )
        )
    return together(parts)


def cin(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Children in need."""
    care, rng = batch.care, recorder.stream("cin")
    count = len(care.in_need)
    recorded = care.in_need + recorder.lag(rng, count, 10)
    code = rng.choice([f"N{i}" for i in range(1, 9)], count, p=(0.57, 0.0, 0.03, 0.09, 0.2, 0.03, 0.03, 0.05))
    return one_each(
        recorder,
        care.in_need,
        recorded,
        {
            "cinplanstartdate": dated(care.in_need),
            "recorded_on": dated(recorded),
            "cinplanenddate": dated(care.in_need_until),
            "primaryneedcode": (np.where(batch.latent.disabled, "N2", code), None),
        },
    )


def cpp(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Child protection plans."""
    care, rng = batch.care, recorder.stream("cpp")
    count = len(care.protected)
    recorded = care.protected + recorder.lag(rng, count, 5)
    return one_each(
        recorder,
        care.protected,
        recorded,
        {
            "cppstartdate": dated(care.protected),
            "recorded_on": dated(recorded),
            "cppenddate": dated(care.protected_until),
            "initialcategoryofabuse": (
                rng.choice(["NEG", "EMO", "PHY", "SAB", "MUL"], count, p=(0.48, 0.37, 0.07, 0.04, 0.04)),
                None,
            ),
        },
    )


def looked_after(_area: Area, batch: Batch, recorder: Recorder) -> Rows:
    """Episodes of care."""
    care, rng = batch.care, recorder.stream("looked_after")
    count = len(care.looked_after)
    recorded = care.looked_after + recorder.lag(rng, count, 4)
    return one_each(
        recorder,
        care.looked_after,
        recorded,
        {
            "decom": dated(care.looked_after),
            "recorded_on": dated(recorded),
            "dec": dated(care.looked_after_until),
            "ls": (rng.choice(["C1", "C2", "D1", "E1", "V2"], count, p=(0.3, 0.35, 0.02, 0.13, 0.2)), None),
            "rne": (np.full(count, "S"), None),
        },
    )
