"""
The settings of the service: environment variables named EARLYID_…, each with a sentence that docs/running.md repeats.

A name that is no setting is refused: a setting that is misspelt would silently not hold. What a setting was set to is never printed.
"""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import BadInput, Problem
from service.loaded.by_reference import OLDEST_DAYS

PREFIX = "EARLYID_"
NO_RECORD = "none"
# What other verbs, and those who work on this program, read.
_OTHERS = frozenset({"RETENTION_DAYS", "SIGNING_KEY", "CHROMIUM", "TEST_DATA", "FEBRL"})


class Settings(BaseSettings):
    """Every setting of the service; paths that are not set lie under `home`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Path = Field(
        Path(".earlyid"), description="The folder in which the service keeps its record, its releases and its keys."
    )
    record: str | None = Field(
        None,
        min_length=1,
        description="Where the decision record is: a path (SQLite, one service process) or a URL that begins with "
        "postgresql:// (several); none only with a bundle for evaluation. Left out: record.db in the home.",
        examples=["postgresql://earlyid@db/earlyid"],
    )
    bundle: Path | None = Field(
        None,
        description="The folder of a bundle to evaluate: on this machine only, every answer stamped. Left out: what the "
        "ledger says is live.",
    )
    clients: Path | None = Field(
        None, description="The file of sharing agreements, one for each client. Left out: clients.toml in the home."
    )
    authority: Path | None = Field(
        None, description="The file that says who answers for scores. Left out: authority.toml in the home."
    )
    reference_key: Path | None = Field(
        None,
        description="The file of the secret under which references of children are kept; it never changes. Left out: "
        "keys/reference.key in the home.",
    )
    token_issuer: str | None = Field(None, description="Who issues access tokens, as it says in them (`iss`).")
    token_audience: str | None = Field(None, description="What access tokens for this service name (`aud`).")
    token_keys: str | None = Field(
        None, description="The issuer's public keys (JWKS): a file, or an address that begins with https://."
    )
    host: str = Field(
        "127.0.0.1",
        # An empty one would be every address there is.
        min_length=1,
        description="The address to listen on; any but this machine's own needs a proxy before it that ends TLS.",
    )
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 takes any free one.")
    loaded_days: int = Field(
        OLDEST_DAYS,
        ge=1,
        le=366,
        description="How many days old the extracts may be that a score by reference rests on.",
    )
    log_level: Literal["info", "warning", "error"] = Field(
        "info", description="What is logged: info has a line for each request, warning only what needs somebody."
    )
    traces: Literal["off", "here", "elsewhere"] = Field(
        "off",
        description="Whether traces are exported to OTEL_EXPORTER_OTLP_ENDPOINT: off, to this machine only (here), or to "
        "another one (elsewhere).",
    )

    @property
    def clients_file(self) -> Path:
        """The file of sharing agreements."""
        return self.clients or self.home / "clients.toml"

    @property
    def authority_file(self) -> Path:
        """The file that says who answers for scores."""
        return self.authority or self.home / "authority.toml"

    @property
    def reference_file(self) -> Path:
        """The file of the secret under which references are kept."""
        return self.reference_key or self.home / "keys" / "reference.key"


def read_settings(**given: object) -> Settings:
    """
    Return the settings of the environment; what is `given` on the command line goes before, unless it is None.

    Raises BadInput naming every setting that is not known, or cannot be what it is set to; never what that is.
    """
    problems = [problem for name in os.environ if (problem := _unknown(name)) is not None]
    if problems:
        raise _refused(problems)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = [_wrong(str(details["loc"][0]), details["msg"]) for details in error.errors(include_input=False)]
        raise _refused(wrong) from None


def known_names() -> frozenset[str]:
    """Return every name that the environment may hold."""
    return frozenset(f"{PREFIX}{name.upper()}" for name in (*Settings.model_fields, *_OTHERS))


def _unknown(name: str) -> Problem | None:
    # A setting holds in either case, so a name that is misspelt in lower case would silently not.
    known, meant = known_names(), name.upper()
    others = {f"{PREFIX}{other}" for other in _OTHERS}
    if not meant.startswith(PREFIX) or name in known or meant in known - others:
        return None
    # What every name begins with would make all of them look alike.
    near = get_close_matches(
        meant.removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in known], n=1, cutoff=0.75
    )
    remedy = f"Did you mean {PREFIX}{near[0]}?" if near else "docs/running.md lists those there are."
    return Problem(name, "there is no such setting", remedy)


def _wrong(name: str, why: str) -> Problem:
    named = name.removeprefix(PREFIX.lower())
    field = Settings.model_fields.get(named)
    about = field.description if field is not None and field.description else "docs/running.md says what it is."
    return Problem(f"{PREFIX}{named.upper()}", why[0].lower() + why[1:], about)


def _refused(problems: list[Problem]) -> BadInput:
    """Return one line for one problem, else a line for each."""
    match problems:
        case [only]:
            return BadInput(str(only))
        case _:
            return BadInput("the settings cannot be used", tuple(problems))
