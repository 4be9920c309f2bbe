"""The truth about an invented authority, which no agency holds: written beside the extracts, never read by training."""

import numpy as np
import pyarrow as pa

from training.synthetic.batch import Batch
from training.synthetic.calendar import AS_AT_DAY, YEAR, assessed_on
from training.synthetic.childcare import PLACE_BEGINS
from training.synthetic.development import EFFECTS, LATENT_SPREAD
from training.synthetic.education_extracts import profile_held
from training.synthetic.extracts import Rows, Texts, dated, one_zero, table
from training.synthetic.families import Flags, Floats
from training.synthetic.fitted import Fitted
from training.synthetic.help import PLACE_EFFECT, PROGRAMME_EFFECT
from training.synthetic.margins import Recorded, inputs
from training.synthetic.profile import OUTCOMES
from training.synthetic.residence import NEVER
from training.synthetic.solve import effect

_PLACES = 6


def children_table(batch: Batch) -> pa.Table:
    """Return every child who has come by today: who, why it left, what is latent, the true chance of each outcome."""
    children, residence, latent = batch.children, batch.residence, batch.latent
    happened = {
        "not_gld": ~batch.good_level,
        "not_communication": ~batch.reached("communication"),
        "not_psed": ~batch.reached("psed"),
    }
    left = residence.leaves < NEVER
    columns = {
        "household": (children.household[children.family], None),
        "cohort": (children.cohort, None),
        "born_here": (one_zero(children.born_here), None),
        "arrived_on": dated(children.arrived),
        "left_on": dated(residence.leaves),
        "why_left": (np.where(residence.died, "died", "moved"), left & (residence.leaves <= AS_AT_DAY)),
        "why_no_result": why_no_result(batch),
        "disabled": (one_zero(latent.disabled), None),
        "latent": (np.round(latent.factor, _PLACES), None),
        "hardship": (np.round(batch.households.hardship[children.family], _PLACES), None),
        "mothers_education": (np.round(batch.households.education[children.family], _PLACES), None),
        "development": (np.round(batch.development, _PLACES), None),
        **{f"p_{name}": (_rounded(batch.chances[name]), None) for name in OUTCOMES},
        **{f"p_{name}_without_help": (_rounded(batch.chances_without_help[name]), None) for name in OUTCOMES},
        **{name: (one_zero(happened[name]), None) for name in OUTCOMES},
    }
    here = np.flatnonzero(children.arrived <= AS_AT_DAY)
    taken = {name: (values[here], None if known is None else known[here]) for name, (values, known) in columns.items()}
    return table(Rows(here, taken), children.key)


def _rounded(chance: Floats) -> Floats:
    """Return chances to six places, never 0 or 1: nothing about a child is certain."""
    return np.clip(np.round(chance, _PLACES), 10.0**-_PLACES, 1 - 10.0**-_PLACES)


def why_no_result(batch: Batch) -> tuple[Texts, Flags]:
    """Return why a child has no profile result, empty where it has one."""
    children, residence = batch.children, batch.residence
    on = assessed_on(children.cohort)
    reasons = [
        (on + 60 > AS_AT_DAY, "not_yet"),
        (residence.died & (residence.leaves <= on), "died"),
        (residence.leaves <= on, "moved_out"),
        (children.arrived > on, "not_yet_here"),
        (batch.households.independent[children.family], "independent_school"),
        (~profile_held(batch), "profile_cancelled"),
        (~batch.enrolment.assessed, "not_assessed"),
    ]
    found = np.select([when for when, _ in reasons], [why for _, why in reasons], "")
    return found, found != ""


def help_table(batch: Batch) -> pa.Table:
    """Return help received: its kind, the day it began, what it added, and the true probability with and without."""
    given = batch.help
    parts = {
        "talk_boost": (given.programme, given.began, PROGRAMME_EFFECT),
        "two_year_place": (
            batch.childcare.two_year_place,
            batch.children.born + int(2 * YEAR) + PLACE_BEGINS,
            PLACE_EFFECT,
        ),
    }
    tables = []
    for kind, (who, began, added) in parts.items():
        rows = np.flatnonzero(who)
        columns = {
            "help": (np.full(len(rows), kind), None),
            "began_on": dated(began[rows]),
            "added": (np.full(len(rows), added), None),
            "p_not_gld": (_rounded(batch.chances["not_gld"][rows]), None),
            "p_not_gld_without_any_help": (_rounded(batch.chances_without_help["not_gld"][rows]), None),
        }
        tables.append(table(Rows(rows, columns), batch.children.key))
    return pa.concat_tables(tables)


def effects_table(recorded: Recorded, fitted: Fitted) -> pa.Table:
    """Return the true effect of each input, in standard deviations of development; solved to margins, or set by us."""
    solved = {name: fitted.constants[effect(name)] for name in inputs(recorded)}
    given = {**EFFECTS, "latent_per_sd": LATENT_SPREAD, "talk_boost": PROGRAMME_EFFECT, "two_year_place": PLACE_EFFECT}
    effects = [*((n, v, "solved") for n, v in solved.items()), *((n, v, "set") for n, v in given.items())]
    return pa.table(
        {
            "input": [name for name, _, _ in effects],
            "effect": [round(value, _PLACES) for _, value, _ in effects],
            "how": [how for _, _, how in effects],
        }
    )
