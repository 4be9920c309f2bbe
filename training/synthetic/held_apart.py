"""An invented authority as its agencies really hold it: each under ids of its own, with no identifier that they share."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.clerk import Authority
from training.synthetic.extracts import Recorder, Rows, Values, table
from training.synthetic.holding import Holding, hold
from training.synthetic.identity import invent_identities
from training.synthetic.mistakes import Mistakes
from training.synthetic.people import people
from training.synthetic.postcodes import invent_addresses, invent_postcodes
from training.synthetic.registers import AGENCIES, Agency

# What says in one agency's extract what only another holds, or what linking is to find out.
_NOT_HELD = {
    "register": {"person_birth_date", "month_in_year", "household"},
    "addresses": {"lsoa", "idaci_decile"},
}


def tables(area: Area, batch: Batch, chance: Chance, mistakes: Mistakes, births: int) -> Iterator[tuple[str, pa.Table]]:
    """
    Yield people file and extracts of every agency by name without `.csv`, and at last whose every id is.

    The batch is part of an authority with so many births a year, which says how many postcodes it has.
    """
    recorder, identities = Recorder(batch, chance), invent_identities(batch, chance)
    addresses = invent_addresses(batch.residence, invent_postcodes(births), chance)
    authority = Authority(batch, identities, addresses, mistakes, chance)
    whose = []
    for agency in AGENCIES:
        extracts = {name: EXTRACTS[name](area, batch, recorder) for name in agency.extracts}
        holding = hold(agency, extracts, identities.upn, chance)
        lines = people(agency, holding, extracts, authority)
        yield agency.people, table(lines, holding.ids, agency.key)
        for name, rows in extracts.items():
            yield name, table(_own(name, rows, holding, lines), holding.ids, agency.key)
        whose.append(_whose(agency, holding, batch))
    yield "truth/identities", pa.concat_tables(whose)


def _own(name: str, rows: Rows, holding: Holding, lines: Rows) -> Rows:
    """Return an extract under the agency's own ids, with nothing that it does not hold."""
    columns = {column: values for column, values in rows.columns.items() if column not in _NOT_HELD.get(name, ())}
    if name == "addresses":
        columns["postcode"] = lines.columns["postcode"]
    if name == "register":
        columns["sex"] = _of_person(lines, "sex")[holding.of_row[name]], None
    return replace(rows, who=holding.of_row[name], columns=columns)


def _of_person(lines: Rows, column: str) -> Values:
    """Return what all of a person's lines say."""
    _, earliest = np.unique(lines.who, return_index=True)
    return lines.columns[column][0][earliest]


def _whose(agency: Agency, holding: Holding, batch: Batch) -> pa.Table:
    return pa.table(
        {
            "agency": np.full(len(holding.ids), agency.name),
            "id": holding.ids,
            "child": batch.children.key[holding.who],
        }
    )
