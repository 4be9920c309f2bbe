"""What agencies hold: every extract in one place."""

from training.synthetic.agencies import EXTRACTS
from training.synthetic.registers import AGENCIES, BY_NAME


def test_every_extract_is_kept_by_one_agency() -> None:
    """Every extract is kept by one agency, but for siblings' results: nobody knows whose brother is whose."""
    kept = [name for agency in AGENCIES for name in agency.extracts]
    assert sorted(kept) == sorted(set(EXTRACTS) - {"siblings"})


def test_own_ids_have_own_names() -> None:
    """No two agencies call their ids by one name, and no people file holds its key twice."""
    assert len({agency.key for agency in AGENCIES}) == len(AGENCIES) == len(BY_NAME)
    for agency in AGENCIES:
        columns = (agency.key, *agency.columns)
        assert len(set(columns)) == len(columns)
        assert agency.people == f"people_{agency.name}"


def test_what_all_agencies_hold() -> None:
    """Every agency holds a name, a date of birth, an address and a postcode."""
    for agency in AGENCIES:
        assert {"forename", "surname", "date_of_birth", "address", "postcode"} <= set(agency.columns)
