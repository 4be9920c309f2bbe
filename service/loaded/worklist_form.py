"""What a worklist is asked by, and the checks that need the bundle's contract: names of its own, and nothing echoed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from models.contract import Contract
from service.column_slots import one_of
from service.loaded.teams import MOST_LETTERS, is_team
from service.problems import Fault, refused
from service.request_form import RequestForm
from service.request_record import Detail
from service.request_slots import DETAILS
from service.slots import Slot

MOST_CHILDREN = 1000
_NAME = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,62}$")]
_TEAM = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
_TEAM_RULE = f"a team as it was loaded, of at most {MOST_LETTERS} letters"
_COUNT = Annotated[int, Field(ge=1, le=MOST_CHILDREN)]

FORM = RequestForm(
    Slot(
        "a JSON object",
        name="WorklistAsked",
        inside={
            "team": Slot(_TEAM_RULE, _TEAM, required=True),
            "purpose": Slot("a purpose of the contract", _NAME, required=True),
            "outcome": Slot("an outcome of the contract", _NAME, required=True),
            "landmark": Slot("a landmark of the contract that the outcome is foreseen from (left out: all)", _NAME),
            "children": Slot(
                f"how many at most, 1 to {MOST_CHILDREN} (left out: as many as the bands' policy lets the team see)",
                _COUNT,
            ),
            "detail": Slot(f"one of {', '.join(DETAILS)} (left out: summary)", one_of(DETAILS)),
        },
    )
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A worklist that is asked for; `landmark` None is all of the outcome's, `children` None as many as the policy lets."""

    team: str
    purpose: str
    outcome: str
    landmark: str | None
    children: int | None
    detail: Detail


def wanted(contract: Contract, said: dict[str, Any]) -> Wanted:
    """Return what a decoded request asks for; raises Refused naming every field that is not of the contract."""
    faults = tuple(_faults(contract, said))
    if faults:
        raise refused(faults)
    return Wanted(
        said["team"],
        said["purpose"],
        said["outcome"],
        said.get("landmark"),
        said.get("children"),
        said.get("detail", "summary"),
    )


def _faults(contract: Contract, said: dict[str, Any]) -> Iterator[Fault]:
    landmarks = [at.name for at in contract.landmarks if said["outcome"] in {o.name for o in contract.outcomes_at(at)}]
    allowed = {
        "purpose": contract.purposes,
        "outcome": tuple(outcome.name for outcome in contract.outcomes),
        "landmark": (None, *landmarks),
    }
    for field, names in allowed.items():
        if said.get(field) not in names:
            yield _fault(field, f"one of {', '.join(name for name in names if name)}")
    if not is_team(said["team"]):
        yield _fault("team", _TEAM_RULE)


def _fault(field: str, rule: str) -> Fault:
    return Fault(pointer=f"/{field}", code="wrong-value", detail=f"must be {rule}")


def no_such_team() -> Fault:
    """Return the fault of a team that nobody is loaded with."""
    return _fault("team", _TEAM_RULE)


def too_many(most: int) -> Fault:
    """Return the fault of a list longer than a team may see."""
    return Fault(pointer="/children", code="too-many", detail=f"must be at most {most}: what the bands' policy lets")
