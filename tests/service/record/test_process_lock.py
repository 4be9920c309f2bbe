"""A record in SQLite has one service process; another is refused with words, and commands are not."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.record.entries import Entry
from service.record.process_lock import ProcessLock
from service.record.refusals import RecordRefused
from service.record.store import Store


def test_the_second_service_is_refused_and_a_command_is_not(place: str, opened: Callable[..., Store]) -> None:
    """SQLite bears one service at a time, PostgreSQL several; a command writes beside either."""

    async def story() -> int:
        async with opened(alone=True):
            if "://" in place:
                await opened(alone=True).close()
            else:
                with pytest.raises(RecordRefused, match="another service process"):
                    opened(alone=True)
            async with opened() as command:
                seq = await command.append(Entry("legal-hold", "command", b"{}", subject=b"c" * 32))
        await opened(alone=True).close()
        return seq

    assert asyncio.run(story()) == 1


def test_one_file_has_one_lock(tmp_path: Path) -> None:
    """A record that is opened by way of a link is the record that it leads to."""
    record, link = tmp_path / "record.db", tmp_path / "link.db"
    link.symlink_to(record)
    held = ProcessLock.of(record)
    with pytest.raises(RecordRefused, match="another service process"):
        ProcessLock.of(link)
    held.release()


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    """The lock ends with the process that has it, however it ends."""
    record = tmp_path / "record.db"
    program = (
        "import sys, time; from pathlib import Path; from service.record.process_lock import ProcessLock; "
        "held = ProcessLock.of(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(record)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(RecordRefused):
        ProcessLock.of(record)
    holder.kill()
    holder.communicate()
    ProcessLock.of(record).release()
