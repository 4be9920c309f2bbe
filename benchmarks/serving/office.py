"""An authority that does not exist: a home with people who sign, a client with a key, and bundles that may be released."""

import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.generated import PURPOSE, contract_text
from benchmarks.small_bundle import FOR_RELEASE, bundle_files
from models.bundle import load_bundle
from models.bundle_writing import write_bundle
from models.secret import new_secret
from models.signature import load_key, new_key
from service.access.key_file import made, read_keys, write_keys
from service.ledger.ledger import Ledger
from service.ledger.opening import open_ledger
from service.ledger.trusted import TrustedKeys, trusted_key, trusted_path, write_trusted

BUNDLES = 4
CLIENT = "case-system"
CLIENTS = f"""
[[client]]
name = "{CLIENT}"
label = "A case system"
agreement = "none: nobody here lives"
expires = 2099-12-31
permissions = [
    "score", "read", "feedback", "challenge", "correct", "exclude", "account", "worklist", "audit", "operate",
]
purposes = ["{PURPOSE}"]
per_minute = 1000000
burst = 100000
"""
AUTHORITY = """
controller = "Nowhere Council"
owner = "Head of early help"
enquiries = "earlyhelp@nowhere.example"
data_protection_contact = "dpo@nowhere.example"
decision_maker = "the case worker"
own_view_first = true
privacy_notice = "https://nowhere.example/privacy"
challenge = "https://nowhere.example/challenge"
human_contact = "020 7946 0000"
how_to_object = "Write to the council."
dpia = "DPIA-7"
eqia = "EQIA-7"
review_due = 2099-01-01
"""


class Office:
    """A home with people who sign, a client with a key, and bundles that may be released."""

    def __init__(self, folder: Path, record: str | None = None) -> None:
        self._record = record
        self.home = folder / "home"
        (self.home / "keys").mkdir(parents=True)
        self.trainer, self.ann, self.bob = (_key(folder / name) for name in ("trainer", "ann", "bob"))
        self._trust(folder)
        for name, text in (("clients.toml", CLIENTS), ("authority.toml", AUTHORITY)):
            (self.home / name).write_text(text, encoding="utf-8")
            (self.home / name).chmod(0o600)
        new_secret(self.home / "keys" / "reference.key")
        key, self.api_key = made(CLIENT, datetime.datetime.now(datetime.UTC), None)
        keys = self.home / "keys" / "api-keys.json"
        write_keys(keys, read_keys(keys).changed(key))
        files = (bundle_files(contract_text(), intercept=-0.75 + k / 10, gates=FOR_RELEASE) for k in range(BUNDLES))
        self.bundles = [write_bundle(folder / "made", each, self.trainer) for each in files]

    def _trust(self, folder: Path) -> None:
        since = datetime.date(2020, 1, 1)
        keys = (
            trusted_key(str(folder / "trainer"), "Tom Train, analyst", "bundle", since),
            trusted_key(str(folder / "ann"), "Ann Lee, head of early help", "release", since),
            trusted_key(str(folder / "bob"), "Bob Ray, data protection officer", "release", since),
        )
        write_trusted(trusted_path(self.home), TrustedKeys(keys=keys))

    @property
    def headers(self) -> dict[str, str]:
        """What the client sends with each request."""
        return {"Authorization": f"Bearer {self.api_key}"}

    async def open(self) -> None:
        """Have the first bundle go live."""
        async with open_ledger(self.home, self._record) as ledger:
            await self.release(ledger, self.bundles[0])

    async def release(self, ledger: Ledger, bundle: Path) -> None:
        """Have a bundle go live."""
        await ledger.propose(load_bundle(bundle))
        await ledger.sign(bundle.name, self.ann)
        await ledger.sign(bundle.name, self.bob)
        await ledger.promote(bundle.name)


def _key(path: Path) -> Ed25519PrivateKey:
    new_key(path)
    return load_key(path)
