"""
The sharing agreements: which clients there are, what each may do, for which purposes, how often and until when.

They stand in a TOML file that people write and boards read, one `[[client]]` for each system that calls.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.errors import BadInput, EarlyidError, Problem
from models.shaped import read_toml, refuse, shaped
from service.access.caller import PERMISSIONS, Permission

# What the record says of a caller where a bundle is served for evaluation: no agreement has that name.
EVALUATION = "evaluation"
# What these answer or write is for a purpose, so whoever may ask for it has one.
_FOR_A_PURPOSE: frozenset[Permission] = frozenset({"score", "worklist", "correct"})

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Purpose = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Said = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class Client(BaseModel):
    """
    One client and its sharing agreement.

    `name` is what the record calls it, `label` what people do, `agreement` where the agreement is kept. It holds to the end of the
    day it `expires`. A client may make `burst` requests at once and `per_minute` in the long run. `token_client` is what its
    access tokens call it (`client_id` or `azp`); without one it has API keys only. `token_subject` is what they say in `sub` where it
    asks for nobody but itself, if that is another name. `teams` are those whose worklists it may ask for; left out, any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Name
    label: Said
    agreement: Said
    expires: datetime.date
    permissions: Annotated[frozenset[Permission], Field(min_length=1, strict=False)]
    purposes: Annotated[frozenset[Purpose], Field(strict=False)] = frozenset()
    teams: Annotated[frozenset[Said], Field(min_length=1, strict=False)] | None = None
    per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 600
    burst: Annotated[int, Field(ge=1, le=100_000)] = 60
    token_client: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+$")] | None = None
    token_subject: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+$")] | None = None

    def holds(self, today: datetime.date) -> bool:
        """Whether the agreement holds on a day."""
        return today <= self.expires

    @property
    def allowed(self) -> frozenset[Permission]:
        """What it may do: whoever is known may read of the model."""
        return self.permissions | {"model"}


class _File(BaseModel):
    """A file of clients: `[[client]]`, each as `Client` says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    clients: Annotated[tuple[Client, ...], Field(alias="client", strict=False)] = ()


class Agreements:
    """The clients, by their names and by what their tokens call them."""

    def __init__(self, clients: tuple[Client, ...]) -> None:
        self.clients: Mapping[str, Client] = {client.name: client for client in clients}
        self.of_tokens: Mapping[str, Client] = {
            client.token_client: client for client in clients if client.token_client is not None
        }


def read_agreements(path: Path) -> Agreements:
    """Read a file of clients; raises BadInput naming every problem, and where others than its owner could change it."""
    document, _ = read_toml(path, "clients", BadInput)
    if path.stat().st_mode & 0o022:
        raise BadInput(f"others can change {path.name}; take that away with: chmod go-w {path.name}")
    read, problems = shaped(_File, document, "clients file")
    refuse(path, [*problems, *_wrong(read.clients)], BadInput)
    return Agreements(read.clients)


def _wrong(clients: tuple[Client, ...]) -> Iterator[Problem]:
    """Yield what is wrong among clients that have their shape."""
    yield from _twice("name", [client.name for client in clients])
    yield from _twice("token_client", [client.token_client for client in clients if client.token_client is not None])
    for client in clients:
        if client.name == EVALUATION:
            yield Problem(f"client › {client.name}", "the name of callers of an evaluation", "Choose another name.")
        if client.permissions & _FOR_A_PURPOSE and not client.purposes:
            yield Problem(
                f"client › {client.name} › purposes", "it may ask for scores for no purpose", "Name the purposes."
            )


def _twice(field: str, values: list[str]) -> Iterator[Problem]:
    for value, times in Counter(values).items():
        if times > 1:
            yield Problem(f"client › {field}", f"{times} clients have the same: {value}", "Give each its own.")


def shown(client: Client) -> str:
    """Return what a client may do, in the order of the list of permissions."""
    return ", ".join(each for each in PERMISSIONS if each in client.permissions)


def labels_of(path: Path) -> dict[str, str]:
    """Return what people call each client by its name; nothing where the file cannot be read, of which others tell."""
    try:
        return {name: client.label for name, client in read_agreements(path).clients.items()}
    except (EarlyidError, OSError):
        return {}
