"""People with keys, bundles that they release, and a ledger over a real record."""

import datetime
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.small_bundle import FOR_RELEASE, bundle_files
from models.bundle_writing import write_bundle
from models.signature import key_id
from service.ledger.ledger import Ledger
from service.ledger.releases import Releases
from service.ledger.trusted import TrustedKey, TrustedKeys, write_trusted
from service.record.store import open_record

SINCE = datetime.date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class People:
    """Who signs: the trainer of bundles, and three who may sign releases; `stranger` is trusted for nothing."""

    trainer: Ed25519PrivateKey
    ann: Ed25519PrivateKey
    bob: Ed25519PrivateKey
    cat: Ed25519PrivateKey
    stranger: Ed25519PrivateKey
    trusted: TrustedKeys


@pytest.fixture(scope="session")
def entry_of() -> Callable[..., TrustedKey]:
    """Make what is said of a trusted key."""
    return _entry


def _entry(key: Ed25519PrivateKey, name: str, may: str = "release", until: datetime.date | None = None) -> TrustedKey:
    public = key.public_key()
    return TrustedKey.model_validate(
        {
            "key_id": key_id(public),
            "public_key": public.public_bytes_raw().hex(),
            "name": name,
            "may": may,
            "from": SINCE,
            "until": until,
        }
    )


@pytest.fixture(scope="session")
def people() -> People:
    """People, each with a key."""
    trainer, ann, bob, cat, stranger = (Ed25519PrivateKey.generate() for _ in range(5))
    keys = (
        _entry(trainer, "Tom Train, analyst", "bundle"),
        _entry(ann, "Ann Lee, head of early help"),
        _entry(bob, "Bob Ray, data protection officer"),
        _entry(cat, "Cat Moss, director"),
    )
    return People(trainer, ann, bob, cat, stranger, TrustedKeys(keys=keys))


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory, borough_text: str, people: People) -> tuple[Path, ...]:
    """Four bundles of the borough, fit for release and signed by the trainer; each scores as no other does."""
    text = borough_text.replace("expires = 2020-01-01", "expires = 2031-08-31")
    out = tmp_path_factory.mktemp("fit-for-release")
    made = (bundle_files(text, intercept=-0.75 + k / 10, gates=FOR_RELEASE) for k in range(4))
    return tuple(write_bundle(out, files, people.trainer) for files in made)


@pytest.fixture
def home(tmp_path: Path, people: People) -> Path:
    """A home that trusts those people, in which nothing is live."""
    write_trusted(tmp_path / "home" / "keys" / "trusted.json", people.trusted)
    return tmp_path / "home"


Opened = Callable[..., AbstractAsyncContextManager[Ledger]]


@pytest.fixture(scope="session")
def opened() -> Opened:
    """Open the ledger of a home, with those keys, as of so many days later."""
    return _opened


@asynccontextmanager
async def _opened(home: Path, trusted: TrustedKeys, days: int = 0) -> AsyncIterator[Ledger]:
    def now() -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)

    store = open_record(home / "record.db", checkpoints=home / "checkpoints.jsonl", now=now)
    try:
        yield Ledger(store, Releases(home / "releases"), trusted, now)
    finally:
        await store.close()
