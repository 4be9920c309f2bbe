"""What an agency wrote down of each person it holds, wherever they live: names, numbers, date of birth, sex."""

import numpy as np

from training.synthetic.calendar import YEAR, Days, reception_starts
from training.synthetic.clerk import Authority, Clerk
from training.synthetic.extracts import Rows, Texts, Values
from training.synthetic.families import Flags, Ints
from training.synthetic.holding import Holding
from training.synthetic.identity import Identities
from training.synthetic.misspelling import misdialled, swapped_day_and_month, typo, wrong_birth_digit
from training.synthetic.mistakes import Mistake
from training.synthetic.naming import Words, variants
from training.synthetic.registers import Agency

Column = tuple[Values, Flags]
# What maternity writes until a child is named.
PLACEHOLDER = "Baby"
# Ours: of wrong numbers, those that are a relative's; of names written another way, forenames, if either could be.
_RELATIVES, _VARIANT_OF_FORENAME = 0.05, 0.65
# Ours: pupils' numbers that social care holds, by the age at which it last saw the child.
_UPN_AT_SCHOOL, _UPN_FROM_THREE, _UPN_UNDER_THREE = 0.85, 0.2, 0.02


def persons(agency: Agency, holding: Holding, extracts: dict[str, Rows], authority: Authority) -> dict[str, Column]:
    """Return, by column, what was written down of each person (m,) of a holding."""
    batch, identities, who = authority.batch, authority.identities, holding.who
    born = batch.children.born[who]
    clerk = Clerk(agency, authority, who, batch.residence.spell_on(batch.children.family[who], holding.last))
    forename, surname = _names(clerk, identities, who, born if agency.at_birth else holding.last)
    return {
        "nhs_number": _nhs_numbers(clerk, identities, who),
        "mother_nhs_number": text(identities.mothers_nhs_number[who]),
        "upn": _upns(clerk, identities, who, _told_upn(holding, extracts, authority)),
        "forename": text(forename, capitals=agency.capitals),
        "surname": text(surname, capitals=agency.capitals),
        "date_of_birth": _births(clerk, born),
        "sex": _sexes(clerk, batch.children.boy[who]),
    }


def _names(clerk: Clerk, identities: Identities, who: Ints, on: Days) -> tuple[Words, Words]:
    forename, surname = identities.forename[who], identities.surname_on(who, on)
    for i, _ in clerk.slips("surname_changed"):
        surname[i] = identities.partners_surname[who[i]]
    for i, rng in clerk.slips("name_variant"):
        forename[i], surname[i] = _written_otherwise(forename[i], surname[i], rng)
    for i, rng in clerk.slips("forename_typo"):
        forename[i] = typo(forename[i], rng)
    for i, rng in clerk.slips("surname_typo"):
        surname[i] = typo(surname[i], rng)
    for i, _ in clerk.slips("placeholder"):
        forename[i] = PLACEHOLDER
    for i, _ in clerk.slips("names_swapped"):
        forename[i], surname[i] = surname[i], forename[i]
    return forename, surname


def _written_otherwise(forename: str, surname: str, rng: np.random.Generator) -> tuple[str, str]:
    """Return names of which one is written another way; where neither has one, the forename is misspelled."""
    of_forename, of_surname = variants(forename), variants(surname)
    if of_surname and (not of_forename or rng.random() >= _VARIANT_OF_FORENAME):
        return forename, of_surname[int(rng.integers(len(of_surname)))]
    return of_forename[int(rng.integers(len(of_forename)))] if of_forename else typo(forename, rng), surname


def _nhs_numbers(clerk: Clerk, identities: Identities, who: Ints) -> Column:
    number = identities.nhs_number[who]
    for i, rng in clerk.slips("nhs_wrong"):
        relatives = rng.random() < _RELATIVES
        number[i] = identities.relatives_nhs_number[who[i]] if relatives else misdialled(number[i], rng)
    return without(number, clerk, "nhs_missing")


def _upns(clerk: Clerk, identities: Identities, who: Ints, told: Flags) -> Column:
    number = np.where(told, identities.upn[who], "")
    for i, rng in clerk.slips("upn_wrong"):
        number[i] = misdialled(number[i], rng) if number[i] else ""
    return without(number, clerk, "upn_missing")


def _told_upn(holding: Holding, extracts: dict[str, Rows], authority: Authority) -> Flags:
    """Whether a pupil's number was ever told: to early years services by school nurseries, to social care by schools."""
    children = authority.batch.children
    if "headcount" in extracts:
        rows = extracts["headcount"]
        return np.isin(holding.who, rows.who[rows.columns["setting_type"][0] == "SCH"])
    at_school = holding.last >= reception_starts(children.cohort)[holding.who]
    from_three = holding.last >= children.born[holding.who] + 3 * YEAR
    share = np.where(at_school, _UPN_AT_SCHOOL, np.where(from_three, _UPN_FROM_THREE, _UPN_UNDER_THREE))
    return np.asarray(authority.chance.stream("social care is told upn").random(len(share)) < share)


def _births(clerk: Clerk, born: Days) -> Column:
    known = np.ones(len(born), dtype=np.bool_)
    for i, _ in clerk.slips("day_month_swapped"):
        born[i] = swapped_day_and_month(int(born[i]))
    for i, rng in clerk.slips("birth_digit_wrong"):
        born[i] = wrong_birth_digit(int(born[i]), rng)
    for i, _ in clerk.slips("birth_missing"):
        known[i] = False
    return born.astype("datetime64[D]"), known


def _sexes(clerk: Clerk, boy: Flags) -> Column:
    for i, _ in clerk.slips("sex_wrong"):
        boy[i] = not boy[i]
    return text(np.where(boy, "M", "F"))


def without(values: Texts, clerk: Clerk, missing: Mistake) -> Column:
    """Return values as a column from which some are missing."""
    for i, _ in clerk.slips(missing):
        values[i] = ""
    return text(values)


def text(values: Words | Texts, *, capitals: bool = False) -> Column:
    """Return values as a column of text in which the empty are missing."""
    texts = values.astype(np.str_)
    return np.char.upper(texts) if capitals else texts, texts != ""
