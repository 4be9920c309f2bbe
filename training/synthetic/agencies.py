"""Every agency's extract of an invented authority, by the name of its file."""

from collections.abc import Callable

from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.council_extracts import (
    addresses,
    cin,
    cpp,
    early_help,
    hub,
    looked_after,
    programmes,
    referrals,
)
from training.synthetic.education_extracts import eyfsp, headcount, reception, sen_records, siblings, two_year_list
from training.synthetic.extracts import Recorder, Rows
from training.synthetic.health_extracts import births, health_visits, register, reviews

Extract = Callable[[Area, Batch, Recorder], Rows]

EXTRACTS: dict[str, Extract] = {
    "register": register,
    "births": births,
    "addresses": addresses,
    "health_visits": health_visits,
    "reviews": reviews,
    "two_year_list": two_year_list,
    "headcount": headcount,
    "sen_records": sen_records,
    "hub": hub,
    "early_help": early_help,
    "programmes": programmes,
    "referrals": referrals,
    "cin": cin,
    "cpp": cpp,
    "looked_after": looked_after,
    "siblings": siblings,
    "reception": reception,
    "eyfsp": eyfsp,
}
