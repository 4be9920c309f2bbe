"""What each agency calls people, and what it writes down of who they are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """
    An agency: the name of its own ids, the extracts it keeps under them, and what its people file holds.

    It knows a child as at the last contact, unless as `at_birth`, or at `every_address`; some write in `capitals`, and
    one now and then `registers_twice`.
    """

    name: str
    key: str
    extracts: tuple[str, ...]
    columns: tuple[str, ...]
    at_birth: bool = False
    every_address: bool = False
    capitals: bool = False
    registers_twice: bool = False

    @property
    def people(self) -> str:
        """The name of its people file, without `.csv`."""
        return f"people_{self.name}"


_WHO = ("forename", "surname", "date_of_birth")
_WHERE = ("address", "postcode")

AGENCIES = (
    Agency(
        "child_health",
        "local_patient_id",
        ("register", "addresses", "health_visits", "reviews"),
        ("nhs_number", *_WHO, "sex", *_WHERE, "updated_on"),
        every_address=True,
    ),
    Agency(
        "maternity",
        "maternity_id",
        ("births",),
        ("nhs_number", "mother_nhs_number", *_WHO, "sex", *_WHERE),
        at_birth=True,
        capitals=True,
    ),
    Agency("benefits", "list_reference", ("two_year_list",), (*_WHO, *_WHERE), capitals=True),
    Agency("family_hub", "member_number", ("hub",), (*_WHO, *_WHERE), registers_twice=True),
    Agency("early_years", "child_reference", ("headcount", "sen_records"), ("upn", *_WHO, "sex", *_WHERE)),
    Agency("early_help", "earl_person_id", ("early_help", "programmes"), (*_WHO, "sex", *_WHERE)),
    Agency("social_care", "lachildid", ("referrals", "cin", "cpp", "looked_after"), ("upn", *_WHO, "sex", *_WHERE)),
    Agency("schools", "upn", ("reception", "eyfsp"), (*_WHO, "sex", *_WHERE)),
)
BY_NAME = {agency.name: agency for agency in AGENCIES}
