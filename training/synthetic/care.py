"""Children's social care before and during Reception: referrals, children in need, protection plans, care."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.area import Area
from training.synthetic.calendar import YEAR, Days, assessed_on, reception_starts
from training.synthetic.chance import Chance
from training.synthetic.families import Children, Flags, Floats
from training.synthetic.fitted import Fitted
from training.synthetic.household import Households
from training.synthetic.residence import NEVER, Residence

# Referrals are drawn to the end of Reception, thickest in infancy; this share of them comes before the fifth birthday.
_UNTIL, _THICKNESS = 6 * YEAR, 1.4
_BEFORE_FIVE = (5 / 6) ** (1 / _THICKNESS)
_MEAN_DAYS_IN_CARE = 450


@dataclass(frozen=True, slots=True)
class Care:
    """
    Days on which things began and ended, (n,) each, NEVER where they did not.

    A child has up to two referrals, one spell in need, one protection plan and one spell in care.
    """

    referred: Days
    referred_again: Days
    in_need: Days
    in_need_until: Days
    protected: Days
    protected_until: Days
    looked_after: Days
    looked_after_until: Days

    def in_need_at_school(self, children: Children) -> Flags:
        """Whether a child is in need at any time of its Reception year."""
        starts, ends = reception_starts(children.cohort), assessed_on(children.cohort)
        return np.asarray((self.in_need <= ends) & (self.in_need_until >= starts))

    def looked_after_at_school(self, children: Children) -> Flags:
        """Whether a child is in care on the day of its profile."""
        ends = assessed_on(children.cohort)
        return np.asarray((self.looked_after <= ends) & (self.looked_after_until > ends))


def invent_care(
    area: Area,
    children: Children,
    households: Households,
    residence: Residence,
    disabled: Flags,
    fitted: Fitted,
    chance: Chance,
) -> Care:
    """Return what social care did; hardship, deprivation and disability make it likelier."""
    # Published shares are of children who can be followed through all five years.
    settled = children.born_here & (residence.leaves > children.born + 5 * YEAR)
    rng = chance.stream("care")
    count, born = len(children.key), children.born
    hardship, decile = households.hardship[children.family], households.first_decile[children.family]
    care, care_until = _looked_after(area, hardship, born, settled, fitted, rng)
    score = 1.1 * hardship + 0.12 * (5.5 - decile) + 0.6 * disabled
    seen = rng.random(count) < _sure(
        fitted, "referred", score, area.share("referred_before_5") / _BEFORE_FIVE, care < NEVER, settled
    )
    first = born + (rng.random(count) ** _THICKNESS * _UNTIL).astype(np.int64)
    first = np.where(care < NEVER, np.maximum(np.minimum(first, care - 20), born), first)
    share = area["cin_before_5"] / area["referred_before_5"]
    in_need = seen & (rng.random(count) < _sure(fitted, "in_need", 0.6 * hardship, share, care < NEVER, seen & settled))
    need = np.where(in_need, first + rng.integers(10, 60, count), NEVER)
    need_until = _in_need_until(area, children, need, fitted, rng)
    plan = in_need & (rng.random(count) < 0.3)
    protected = np.where(plan, need + rng.integers(20, 60, count), NEVER)
    again = seen & (rng.random(count) < 0.3)
    return Care(
        referred=np.where(seen, first, NEVER),
        referred_again=np.where(again, first + 30 + rng.exponential(400, count).astype(np.int64), NEVER),
        in_need=need,
        in_need_until=need_until,
        protected=protected,
        protected_until=np.where(plan, protected + rng.integers(120, 500, count), NEVER),
        looked_after=care,
        looked_after_until=care_until,
    )


def _sure(fitted: Fitted, name: str, score: Floats, share: float, sure: Flags, among: Flags) -> Floats:
    """Return chances whose mean among these children is the share, some of them being certain."""
    certain = float((sure & among).sum() / max(among.sum(), 1))
    rest = (share - certain) / (1 - certain) if certain < 1 else share
    return np.asarray(np.where(sure, 1.0, fitted.chance(name, score, rest, among & ~sure)))


def _in_need_until(area: Area, children: Children, need: Days, fitted: Fitted, rng: np.random.Generator) -> Days:
    """Return when spells in need end: as long as gives the published share in need in the Reception year."""
    starts, ends = reception_starts(children.cohort), assessed_on(children.cohort)
    length = rng.exponential(1.0, len(need))

    def share(days: float) -> float:
        return float(((need <= ends) & (need + 30 + days * length >= starts)).mean())

    days = fitted.root("days_in_need", share, area.share("cin_reception_year"), 0, 3000)
    return np.where(need < NEVER, need + 30 + (days * length).astype(np.int64), NEVER)


def _looked_after(
    area: Area, hardship: Floats, born: Days, settled: Flags, fitted: Fitted, rng: np.random.Generator
) -> tuple[Days, Days]:
    """Return when care starts and ends: as often as gives the published rates under one, and from one to four."""
    count = len(hardship)
    chance_of = np.exp(1.2 * hardship)
    chance_of = chance_of / np.exp(1.2**2 / 2)
    order, early = rng.random(count) / chance_of, rng.random(count) < 0.5
    infant = np.where(early, rng.integers(3, 90, count), rng.integers(90, 365, count))
    later = rng.integers(365, int(6 * YEAR), count)
    length = 30 + rng.exponential(_MEAN_DAYS_IN_CARE, count).astype(np.int64)

    def stock(starts: Days, low: float, high: float) -> Floats:
        held = np.minimum(starts + length, high) - np.maximum(starts, low)
        return np.asarray(np.clip(held, 0, None) / (high - low))

    under_one = fitted.root(
        "care_under_one",
        lambda cut: float((stock(infant, 0, YEAR) * (order < cut))[settled].mean()),
        area["cla_under_1_per_10k"] / 10_000,
        0,
        1,
    )
    as_infant = order < under_one
    kept = float((stock(infant, YEAR, 5 * YEAR) * as_infant)[settled].mean()) if fitted.fitting else 0.0
    toddler = fitted.root(
        "care_from_one",
        lambda cut: (
            kept + float((stock(later, YEAR, 5 * YEAR) * ((order >= under_one) & (order < cut)))[settled].mean())
        ),
        area["cla_1_to_4_per_10k"] / 10_000,
        0,
        1,
    )
    taken = order < max(under_one, toddler)
    start = born + np.where(as_infant, infant, later)
    return np.where(taken, start, NEVER), np.where(taken, start + length, NEVER)
