"""The tables of a record are this version's, or it is not opened."""

import asyncio
from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from service.record.database import open_engine, writing
from service.record.refusals import RecordRefused
from service.record.schema import VERSIONS, check_version, upgrade, version
from service.record.store import Store
from service.record.tables import metadata

Opened = Callable[..., Store]


def test_the_steps_make_the_tables_that_the_code_knows(opened: Opened) -> None:
    """An empty database gets the very tables, columns and indexes of `service.record.tables`."""

    async def story() -> list[object]:
        async with opened() as record:
            with record.engine.connect() as connection:
                context = MigrationContext.configure(connection, opts={"compare_type": True})
                return [step for step in compare_metadata(context, metadata) if "comment" not in str(step[0])]

    assert asyncio.run(story()) == []


def test_the_versions_known_by_hand_are_the_steps_there_are() -> None:
    """What is compared at each start without Alembic is what Alembic would compare."""
    config = Config()
    config.set_main_option("script_location", "service.record:migrations")
    config.set_main_option("path_separator", "os")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == VERSIONS


def test_tables_of_a_newer_version_are_refused(opened: Opened) -> None:
    """A record that a newer version made is not opened, and the words say what to do."""

    async def story() -> None:
        async with opened() as record:
            with record.engine.begin() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(RecordRefused, match="install that version or a newer one"):
            opened()

    asyncio.run(story())


def test_tables_of_an_older_version_are_refused_with_the_command_that_upgrades_them() -> None:
    """Nothing is upgraded behind anybody's back: there may be no backup yet."""
    with pytest.raises(RecordRefused, match="back it up, then run: earlyid record upgrade"):
        check_version("0001", ("0001", "0002"))
    check_version("0002", ("0001", "0002"))


def test_a_database_of_something_else_is_not_written_to(place: str, opened: Opened) -> None:
    """Tables that are not ours are left alone, and the record is refused."""
    engine = open_engine(place)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE letters (body TEXT)"))
    with pytest.raises(RecordRefused, match="of its own"):
        opened()
    with engine.connect() as connection, pytest.raises(RecordRefused):
        version(connection)
    engine.dispose()


def test_upgrading_what_is_up_to_date_changes_nothing(place: str, opened: Opened) -> None:
    """An upgrade can be run again."""

    async def story() -> None:
        await opened().close()
        engine = open_engine(place)
        assert upgrade(engine) == VERSIONS[-1]
        engine.dispose()
        await opened().close()

    asyncio.run(story())
