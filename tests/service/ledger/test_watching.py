"""A service follows its ledger: what goes live, is rolled back, runs out or is refused, while it goes on answering."""

import asyncio
import datetime
import os
import random
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.small_bundle import bundle_files
from models.bundle import load_bundle
from models.bundle_writing import write_bundle
from models.canonical import canonical
from models.errors import KeyFileError
from models.exceptions import ReleaseException
from models.gates import Gate, Gates
from service.current import Current, Held
from service.ledger.ledger import Ledger
from service.ledger.opening import open_ledger
from service.ledger.trusted import TrustedKeys, trusted_path, write_trusted
from service.ledger.watching import Watch
from service.live import Live, Standby
from service.model_page import ModelPage

People = Any
Opened = Callable[..., AbstractAsyncContextManager[Ledger]]
TODAY = datetime.datetime.now().astimezone().date()


class Following:
    """A ledger, and a service that follows it from nothing; `day` is what its calendar says."""

    def __init__(self, ledger: Ledger, home: Path, people: People) -> None:
        self.ledger, self.people, self.home, self.day = ledger, people, home, TODAY
        self.current = Current(Held(Standby("The service has not started.")))
        self.changes: list[Held] = []
        self.watch = Watch(
            ledger.record,
            home / "releases",
            trusted_path(home),
            self.current,
            today=lambda: self.day,
            changed=self.changes.append,
            every=0.01,
        )

    async def release(self, folder: Path, keep: datetime.date | None = None) -> None:
        """Release a bundle with two signatures."""
        await self.ledger.propose(load_bundle(folder), (), keep)
        await self.ledger.sign(folder.name, self.people.ann)
        await self.ledger.sign(folder.name, self.people.bob)
        await self.ledger.promote(folder.name)

    async def look(self) -> str | None:
        """Look at the ledger; returns the id of the bundle that answers."""
        await self.watch.look()
        return self.answering

    async def again(self) -> str | None:
        """Look anew, the trusted keys having been touched, so that a bundle that was refused is tried again at once."""
        trusted_path(self.home).touch()
        return await self.look()

    @property
    def answering(self) -> str | None:
        """The id of the bundle that answers."""
        live = self.current.held.live
        return live.bundle.id if isinstance(live, Live) else None


Follow = Callable[[Callable[[Following], Awaitable[None]]], None]


@pytest.fixture
def follow(opened: Opened, home: Path, people: People) -> Follow:
    """Run something with a service that follows a ledger."""

    def run(work: Callable[[Following], Awaitable[None]]) -> None:
        async def done() -> None:
            async with opened(home, people.trusted) as ledger:
                await work(Following(ledger, home, people))

        asyncio.run(done())

    return run


def test_the_day_of_an_old_bundle_ends_whatever_is_wrong(follow: Follow, bundles: tuple[Path, ...]) -> None:
    """An old bundle is not asked after the day that was signed, though the ledger cannot be followed just then."""

    async def work(service: Following) -> None:
        await service.release(bundles[0])
        await service.release(bundles[1], TODAY)
        assert await service.look() == bundles[1].name
        trusted_path(service.home).chmod(0o644)
        assert await service.look() == bundles[1].name
        assert list(service.current.held.kept) == [bundles[0].name]
        service.day += datetime.timedelta(days=1)
        assert await service.look() == bundles[1].name
        assert "open to others" in (service.watch.trouble or "")
        assert dict(service.current.held.kept) == {}
        assert service.changes[-1] is service.current.held

    follow(work)


def test_it_follows(follow: Follow, bundles: tuple[Path, ...]) -> None:
    """Nothing, a first bundle, a second with the first kept for a day, back again, and back to nothing."""
    names = [path.name for path in bundles]

    async def work(service: Following) -> None:
        assert await service.look() is None
        await service.release(bundles[0])
        assert await service.look() == names[0]
        await service.release(bundles[1], TODAY)
        assert await service.look() == names[1]
        held = service.current.held
        assert list(held.kept) == [names[0]]
        for live in (held.live, held.kept[names[0]]):
            assert isinstance(live, Live)
            page = ModelPage.model_validate_json(live.page)
            assert (page.stamp, page.standing) == (None, "in use")
            assert page.signature.endswith(", that of Tom Train, analyst")
            assert page.released is not None
            assert page.released.by == ["Ann Lee, head of early help", "Bob Ray, data protection officer"]
            assert page.released.on == TODAY
        service.day += datetime.timedelta(days=1)
        assert await service.look() == names[1]
        assert dict(service.current.held.kept) == {}
        await service.ledger.roll_back(service.people.ann, "wrong")
        assert await service.look() == names[0]
        await service.ledger.roll_back(service.people.ann, "wrong", to_none=True)
        assert await service.look() is None
        assert set(service.current.held.past) == {names[0], names[1]}
        assert service.watch.trouble is None
        assert len(service.changes) == 6

    follow(work)


def test_nothing_is_read_twice(follow: Follow, bundles: tuple[Path, ...]) -> None:
    """While nothing is new, what answers is the very same object."""

    async def work(service: Following) -> None:
        await service.release(bundles[0])
        await service.look()
        held = service.current.held
        await service.look()
        assert service.current.held is held
        await service.ledger.propose(load_bundle(bundles[1]))
        await service.look()
        assert service.current.held.live is held.live

    follow(work)


def _byte(folder: Path, chance: random.Random) -> None:
    path = chance.choice(sorted(folder.iterdir()))
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _link(folder: Path, _: random.Random) -> None:
    (folder / "card.md").unlink()
    (folder / "card.md").symlink_to("/etc/hostname")


def _bomb(folder: Path, _: random.Random) -> None:
    os.truncate(folder / "card.md", 2**40)


def _crowd(folder: Path, _: random.Random) -> None:
    for k in range(100):
        os.truncate(_new(folder / f"more-{k}.json"), 60 * 2**20)


def _new(path: Path) -> Path:
    path.touch()
    return path


CANARY = "a-pickle-was-run"


def _pickle(folder: Path, _: random.Random) -> None:
    (folder / "model.pkl").write_bytes(b"cposix\nsystem\n(S'touch " + str(folder.parent / CANARY).encode() + b"'\ntR.")


def _pickle_as_model(folder: Path, chance: random.Random) -> None:
    _pickle(folder, chance)
    (folder / "model.pkl").replace(folder / "model.json")


def _manifest(folder: Path, name: str, **changed: Any) -> None:
    path = folder / "manifest.json"
    files = {name: {"bytes": 4, "sha256": "0" * 64}}
    path.write_bytes(canonical({"format": 1, "files": files} | changed))


def _outside(folder: Path, _: random.Random) -> None:
    _manifest(folder, "../../written-outside")


def _newer(folder: Path, _: random.Random) -> None:
    _manifest(folder, "card.md", format=2)


def _deep(folder: Path, _: random.Random) -> None:
    (folder / "manifest.json").write_bytes(b"[" * 1_000_000)


def _pipe(folder: Path, _: random.Random) -> None:
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")


def _unsigned(folder: Path, _: random.Random) -> None:
    (folder / "signature.json").unlink()


def _signed_otherwise(folder: Path, _: random.Random) -> None:
    other = next(path for path in folder.parent.iterdir() if path != folder)
    shutil.copy(other / "signature.json", folder / "signature.json")


def _missing(folder: Path, chance: random.Random) -> None:
    chance.choice(sorted(set(folder.iterdir()) - {folder / "signature.json"})).unlink()


def _another(folder: Path, _: random.Random) -> None:
    other = next(path for path in folder.parent.iterdir() if path != folder)
    shutil.rmtree(folder)
    shutil.copytree(other, folder)


def _gone(folder: Path, _: random.Random) -> None:
    shutil.rmtree(folder)


ATTACKS = (
    *(_byte,) * 12,
    *(_link, _bomb, _crowd, _pickle, _pickle_as_model, _outside, _newer, _deep, _pipe),
    *(_unsigned, _signed_otherwise, _missing, _another, _gone),
)


def test_a_malicious_bundle(follow: Follow, bundles: tuple[Path, ...]) -> None:
    """However a bundle was changed once people signed it: it does not go live, nothing of it is run, the old one answers."""
    chance = random.Random(20260901)  # noqa: S311 - places to attack
    names = [path.name for path in bundles]

    async def work(service: Following) -> None:
        await service.release(bundles[0])
        assert await service.look() == names[0]
        old = service.current.held.live
        await service.release(bundles[1])
        kept = service.home / "releases" / names[1]
        whole = service.home / "whole"
        shutil.copytree(kept, whole)
        before = sorted(path.relative_to(service.home) for path in service.home.glob("*"))
        for attack in ATTACKS:
            attack(kept, chance)
            assert await service.again() == names[0], attack
            assert service.current.held.live is old
            assert service.watch.trouble is not None
            assert names[1][:12] in service.watch.trouble
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(whole, kept)
        assert sorted(path.relative_to(service.home) for path in service.home.glob("*")) == before
        assert {path.name for path in (service.home / "releases").iterdir()} == set(names[:2])
        assert (await service.again(), service.watch.trouble) == (names[1], None)

    follow(work)


def test_back_to_one_that_was_touched(follow: Follow, bundles: tuple[Path, ...]) -> None:
    """What was rolled back never goes on answering: where what it went back to is refused, there is no score."""

    async def work(service: Following) -> None:
        await service.release(bundles[0])
        await service.release(bundles[1])
        assert await service.look() == bundles[1].name
        await service.ledger.roll_back(service.people.ann, "wrong")
        (service.home / "releases" / bundles[0].name / "card.md").write_bytes(b"")
        assert await service.look() is None
        assert "card.md was altered" in (service.watch.trouble or "")

    follow(work)


def test_keys_that_go(follow: Follow, bundles: tuple[Path, ...]) -> None:
    """Once a signer's key is not among the trusted any more, what it allowed is live no more; unreadable keys change nothing."""

    async def work(service: Following) -> None:
        await service.release(bundles[0])
        assert await service.look() == bundles[0].name
        path = trusted_path(service.home)
        path.chmod(0o644)
        os.utime(path, (1, 1))
        assert await service.look() == bundles[0].name
        assert "chmod 600" in (service.watch.trouble or "")
        fewer = tuple(key for key in service.people.trusted.keys if not key.name.startswith("Bob"))
        write_trusted(path, TrustedKeys(keys=fewer))
        assert await service.look() is None
        assert service.watch.not_counted == 2
        assert "was to change what is live, and does not count: 1 of 2 signatures" in (service.watch.trouble or "")
        write_trusted(path, service.people.trusted)
        assert (await service.look(), service.watch.trouble) == (bundles[0].name, None)

    follow(work)


def test_keys_that_are_gone(follow: Follow, bundles: tuple[Path, ...], people: People) -> None:
    """Without the file of trusted keys nothing changes once anything was live; the trouble is told, and a command refuses."""

    async def work(service: Following) -> None:
        path = trusted_path(service.home)
        path.unlink()
        assert (await service.look(), service.watch.trouble) == (None, None)
        write_trusted(path, people.trusted)
        await service.release(bundles[0])
        assert await service.look() == bundles[0].name
        path.unlink()
        assert await service.look() == bundles[0].name
        assert "bring back trusted.json" in (service.watch.trouble or "")
        with pytest.raises(KeyFileError, match=r"bring back trusted\.json"):
            async with open_ledger(service.home, None):
                pass
        write_trusted(path, people.trusted)
        assert (await service.look(), service.watch.trouble) == (bundles[0].name, None)

    follow(work)


def test_a_roll_back_that_counts_no_more(follow: Follow, bundles: tuple[Path, ...], people: People) -> None:
    """Where what was rolled back is live again, since who did so is trusted no more, that is a trouble."""

    async def work(service: Following) -> None:
        await service.release(bundles[0])
        await service.ledger.roll_back(people.cat, "It is wrong.", to_none=True)
        assert (await service.look(), service.watch.trouble) == (None, None)
        fewer = tuple(key for key in people.trusted.keys if not key.name.startswith("Cat"))
        write_trusted(trusted_path(service.home), TrustedKeys(keys=fewer))
        await service.look()
        assert "was to change what is live, and does not count" in (service.watch.trouble or "")

    follow(work)


@pytest.mark.parametrize("lost", ["nothing", "keys", "disk"])
def test_the_day_after(follow: Follow, bundles: tuple[Path, ...], borough_text: str, people: People, lost: str) -> None:
    """A bundle that is live by an exception answers to the end of its last day, and not on the next, though nothing can be read then."""
    blocked = Gate(
        code="slope", kind="release", label="Slope", threshold="1", verdict="blocked", words="It is 2.", next="Mend it."
    )
    files = bundle_files(
        borough_text.replace("expires = 2020-01-01", "expires = 2031-08-31"),
        gates=Gates(evidence="full", gates=(blocked,)),
    )
    folder = write_bundle(bundles[0].parent / f"excepted-{lost}", files, people.trainer)
    until = TODAY + datetime.timedelta(days=3)
    excepted = ReleaseException(
        bundle=folder.name, gate="slope", reason="Small", minute="1", by="Eve, chair", on=TODAY, expires=until
    )

    async def work(service: Following) -> None:
        await service.ledger.propose(load_bundle(folder), (excepted,))
        await service.ledger.sign(folder.name, service.people.ann)
        await service.ledger.sign(folder.name, service.people.bob)
        await service.ledger.promote(folder.name)
        service.day = until
        assert await service.look() == folder.name
        service.day += datetime.timedelta(days=1)
        if lost == "keys":
            trusted_path(service.home).chmod(0o644)
        elif lost == "disk":
            service.home.rename(service.home.with_name("unmounted"))
        assert await service.look() is None
        told = {"nothing": "It is 2.", "keys": "open to others", "disk": "cannot be followed"}
        assert told[lost] in (service.watch.trouble or "")

    follow(work)


def test_under_requests(follow: Follow, bundles: tuple[Path, ...], request_body: dict[str, Any]) -> None:
    """While bundles are promoted and rolled back, every request is answered, whole, by one that was live then."""
    body = canonical(request_body)

    async def work(service: Following) -> None:
        await service.release(bundles[0])
        await service.look()
        right = {}
        answers: list[tuple[str, bytes]] = []
        watching = asyncio.create_task(service.watch.keep())

        async def ask() -> None:
            while True:
                live = service.current.held.live.checked(TODAY)
                await asyncio.sleep(0.002)
                answers.append((live.bundle.id, live.answer(body)))
                right[live.bundle.id] = live

        asking = [asyncio.create_task(ask()) for _ in range(4)]
        for folder in bundles[1:4]:
            await service.release(folder)
            await _until(lambda name=folder.name: service.answering == name)
        for folder in (bundles[2], bundles[1]):
            await service.ledger.roll_back(service.people.ann, "wrong")
            await _until(lambda name=folder.name: service.answering == name)
        assert not any(task.done() for task in (*asking, watching))
        for task in (*asking, watching):
            task.cancel()
        assert set(right) == {path.name for path in bundles}
        wanted = {name: live.answer(body) for name, live in right.items()}
        assert len(set(wanted.values())) == len(bundles)
        assert all(answer == wanted[name] for name, answer in answers)

    follow(work)


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - as a caller would see it
            await asyncio.sleep(0.01)
