"""The people file of each agency of an authority: its own ids, and what it wrote down of who they are and where they live."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.batch import Batch
from training.synthetic.calendar import Days
from training.synthetic.clerk import Authority, Clerk
from training.synthetic.extracts import Rows
from training.synthetic.families import Ints
from training.synthetic.holding import Holding, happened
from training.synthetic.identity import Identities
from training.synthetic.misspelling import mistyped_postcode
from training.synthetic.persons import Column, persons, text, without
from training.synthetic.registers import Agency


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a people file: of whom (index of the holding), the day as at which, and the spell of the address."""

    of: Ints
    on: Days
    spell: Ints


def people(agency: Agency, holding: Holding, extracts: dict[str, Rows], authority: Authority) -> Rows:
    """Return the lines of an agency's people file; whose they are, as indices of the holding."""
    lines = lines_of(agency, holding, extracts, authority.batch)
    written = persons(agency, holding, extracts, authority)
    columns = {name: (values[lines.of], known[lines.of]) for name, (values, known) in written.items()}
    columns |= _whereabouts(agency, holding, lines, authority)
    if agency.every_address:
        columns["surname"] = _as_at(columns["surname"], holding, lines, authority.identities)
        columns["updated_on"] = lines.on.astype("datetime64[D]"), np.ones(len(lines.on), dtype=np.bool_)
    return Rows(lines.of, {name: columns[name] for name in agency.columns})


def lines_of(agency: Agency, holding: Holding, extracts: dict[str, Rows], batch: Batch) -> Lines:
    """Return the lines of a people file: one for each address, or one a person as at birth or at the last contact."""
    spell_on, family = batch.residence.spell_on, batch.children.family
    if agency.every_address:
        rows = extracts["addresses"]
        recorded = rows.columns["recorded_on"][0].astype(np.int64)
        return Lines(holding.of_row["addresses"], recorded, spell_on(family[rows.who], happened(rows)))
    on = batch.children.born[holding.who] if agency.at_birth else holding.last
    return Lines(np.arange(len(on)), on, spell_on(family[holding.who], on))


def _whereabouts(agency: Agency, holding: Holding, lines: Lines, authority: Authority) -> dict[str, Column]:
    """Return address and postcode of each line, some as they were before the last move."""
    batch, child = authority.batch, holding.who[lines.of]
    family, spell = batch.children.family[child], lines.spell.copy()
    clerk = Clerk(agency, authority, child, spell)
    first = batch.residence.spell_on(family, batch.children.arrived[child])
    for i, _ in clerk.slips("stale_address"):
        spell[i] = max(spell[i] - 1, first[i])
    postcode = authority.addresses.postcode(family, spell)
    for i, rng in clerk.slips("postcode_typo"):
        postcode[i] = mistyped_postcode(postcode[i], rng)
    return {
        "address": text(authority.addresses.text(family, spell), capitals=agency.capitals),
        "postcode": without(postcode, clerk, "postcode_missing"),
    }


def _as_at(surname: Column, holding: Holding, lines: Lines, identities: Identities) -> Column:
    """Return surnames line by line: what was written before a child was named anew stands as it was."""
    values, known = surname
    child = holding.who[lines.of]
    latest = np.zeros(len(holding.who), dtype=np.int64)
    np.maximum.at(latest, lines.of, lines.on)
    before = (lines.on < identities.named[child]) & (lines.on < latest[lines.of])
    return np.where(before, identities.first_surname[child].astype(np.str_), values), known
