"""What every part of a contract is: declared, closed and unchanging; and the kinds of words it is made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Words = Annotated[str, Field(min_length=1, max_length=400)]
Number = int | Annotated[float, Field(allow_inf_nan=False)]


class Declared(BaseModel):
    """Base of everything a contract declares: nothing extra, nothing coerced, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)
