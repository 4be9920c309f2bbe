"""
The plan: the file that, with the contract and the extracts, fully determines a training run.

It is written before results are seen, and the bundle holds it word for word.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from models.declared import Name
from models.signature import Hex64
from training.plan_fields import Ascending, Count, EachOnce, Part, Share
from training.plan_parts import BandsPlan, FullBooster, GatesPlan, GlassBox, Logistic, SignOff

Candidate = Literal["logistic", "glass box"]
Year = Annotated[int, Field(ge=1900, le=2999)]
_Listed = Field(min_length=1, strict=False)
Names = Annotated[tuple[Name, ...], _Listed, EachOnce]


def _signed_off_once(sign_offs: tuple[SignOff, ...]) -> tuple[SignOff, ...]:
    if len({(each.alarm, each.where) for each in sign_offs}) < len(sign_offs):
        raise ValueError("sign off an alarm once at each place")
    return sign_offs


class Plan(Part):
    """
    What a run does; every field has the value used when no plan is given.

    `contract` is the digest of the contract it was written for; `cohorts` (the years that academic years of birth start in),
    `landmarks` and `outcomes` narrow what is learned: left out, all of the contract's. `evidence` says whether sites, learning
    curve and what each source and attribute is worth are worked out too (`full`), or listed as not computed (`quick`).
    """

    format: Literal[1] = 1
    contract: Hex64 | None = None
    evidence: Literal["quick", "full"] = "quick"
    seed: int = 20_260_901
    cohorts: Annotated[tuple[Year, ...], _Listed, Ascending] | None = None
    landmarks: Names | None = None
    outcomes: Names | None = None
    candidates: Annotated[tuple[Candidate, ...], _Listed, EachOnce] = ("logistic", "glass box")
    set_aside_share: Annotated[float, Field(ge=0, le=1)] = 0.02
    folds: Annotated[int, Field(ge=2)] = 5
    inner_folds: Annotated[int, Field(ge=2)] = 5
    repeats: Count = 4
    bootstrap: Annotated[int, Field(ge=100)] = 500
    capacities: Annotated[tuple[Share, ...], _Listed, Ascending] = (0.10, 0.20)
    refits: Annotated[int, Field(ge=2)] = 20
    logistic: Logistic = Logistic()
    glass_box: GlassBox = GlassBox()
    full_booster: FullBooster = FullBooster()
    gates: GatesPlan = GatesPlan()
    bands: BandsPlan = BandsPlan()
    sign_offs: Annotated[
        tuple[SignOff, ...], Field(alias="sign_off", strict=False), AfterValidator(_signed_off_once)
    ] = ()
