"""
The keys that are trusted, whose they are and what for: `HOME/keys/trusted.json`, which only its owner can read or change.

A key signs bundles or releases, never both. Two keys of one person are one person: people are told apart by name, without their role.
"""

import datetime
import json
import os
import unicodedata
from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.canonical import digest
from models.errors import KeyFileError
from models.private_file import written_whole
from models.signature import Hex64, key_id, load_key

May = Literal["bundle", "release"]
# As in exceptions: somebody by name, and what they are to the authority.
Named = Annotated[str, Field(pattern=r"^[^,\n]*\S[^,\n]*,[^\n]*\S[^\n]*$", max_length=200)]


class TrustedKey(BaseModel):
    """One key: whose it is ("name, role"), what it may sign, and from which day to which, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    key_id: Hex64
    public_key: Hex64
    name: Named
    may: May
    since: datetime.date = Field(alias="from")
    until: datetime.date | None = None

    @model_validator(mode="after")
    def _is_one_key(self) -> Self:
        if digest(bytes.fromhex(self.public_key)) != self.key_id:
            raise ValueError("the key id is not that of the public key")
        return self

    @property
    def person(self) -> str:
        """The name without the role, spelled so that one person has one: as it is read, however it was typed."""
        typed = unicodedata.normalize("NFKC", self.name.partition(",")[0]).casefold()
        seen = "".join(each for each in typed if unicodedata.category(each) != "Cf")
        return " ".join(unicodedata.normalize("NFKC", seen).split())

    def holds(self, on: datetime.date) -> bool:
        """Whether the key is trusted on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


class TrustedKeys(BaseModel):
    """Every key that is or was trusted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    keys: tuple[TrustedKey, ...] = ()

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({key.key_id for key in self.keys}) != len(self.keys):
            raise ValueError("a key is listed twice")
        return self

    def of(self, identifier: str) -> TrustedKey | None:
        """Return the key of that id, whenever and for whatever it was trusted."""
        return next((key for key in self.keys if key.key_id == identifier), None)

    def holder(self, identifier: str, may: May, on: datetime.date) -> TrustedKey | None:
        """Return the key of that id where it is trusted for that on a day."""
        found = self.of(identifier)
        return found if found is not None and found.may == may and found.holds(on) else None

    def with_key(self, key: TrustedKey) -> "TrustedKeys":
        """Return the keys with this one, in the place of what was said of it before."""
        others = tuple(each for each in self.keys if each.key_id != key.key_id)
        return TrustedKeys(keys=(*others, key))


def trusted_path(home: Path) -> Path:
    """Return where the trusted keys of a home stand."""
    return home / "keys" / "trusted.json"


def read_trusted(path: Path, *, relied_on: bool = False) -> TrustedKeys:
    """
    Read the trusted keys; none where there is no such file, unless releases rely on them already.

    Raises KeyFileError when that file is gone, others can read it, or it is another.
    """
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except FileNotFoundError:
        if relied_on:
            raise KeyFileError(f"the trusted keys are gone by which releases count; bring back {path.name}") from None
        return TrustedKeys()
    except OSError:
        raise KeyFileError(f"the trusted keys in {path.name} cannot be read") from None
    if mode & 0o077:
        raise KeyFileError(f"the trusted keys in {path.name} are open to others; run: chmod 600 {path.name}")
    try:
        return TrustedKeys.model_validate_json(data)
    except ValidationError as error:
        places = sorted({".".join(map(str, details["loc"])) or "the file" for details in error.errors()})
        raise KeyFileError(f"{path.name} does not hold trusted keys: see {', '.join(places)}") from None


def write_trusted(path: Path, keys: TrustedKeys) -> None:
    """Write the trusted keys, whole or not at all, so that only their owner can read them."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps(keys.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False)
    with written_whole(aside) as file:
        file.write(text.encode() + b"\n")
    aside.replace(path)


def public_key(given: str) -> Ed25519PublicKey:
    """Return a public key given as 64 hexadecimal digits, or as a file of them or of the private key; raises KeyFileError."""
    path = Path(given)
    text = given if len(given) == 64 and not path.exists() else _first_line(path)
    if len(text) != 64:
        return load_key(path).public_key()
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise KeyFileError("that is no public key: give the 64 digits that `earlyid keys public` prints") from None


def trusted_key(
    given: str, name: str, may: May, since: datetime.date, until: datetime.date | None = None
) -> TrustedKey:
    """Return the entry of a key that is to be trusted; raises KeyFileError when a part of it cannot be used."""
    key = public_key(given)
    try:
        return TrustedKey(
            key_id=key_id(key), public_key=key.public_bytes_raw().hex(), name=name, may=may, since=since, until=until
        )
    except ValidationError:
        raise KeyFileError(
            'the name is not of this form: "name, role", such as "Ann Lee, head of early help"'
        ) from None


def _first_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.readline(80).decode("ascii", "replace").strip()
    except OSError:
        raise KeyFileError(f"there is no key file {path.name}, and it is no public key of 64 digits") from None
