"""The version of the record's tables: read by hand at each start, changed by Alembic, which is loaded only then."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, inspect, text

from service.record.database import writing
from service.record.refusals import RecordRefused

# Every version there ever was, oldest first.
VERSIONS = ("0001",)


def make_or_check(engine: Engine) -> None:
    """Make the tables in an empty database; raises RecordRefused when another version made those that are there."""
    with engine.connect() as connection:
        found = version(connection)
    if found is None:
        upgrade(engine)
    else:
        check_version(found)


def version(connection: Connection) -> str | None:
    """Return the version of the tables; None in an empty database. Raises RecordRefused when they are not ours."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if tables:
        raise RecordRefused("the database of the record has tables of something else; give the record one of its own")
    return None


def check_version(found: str, versions: Sequence[str] = VERSIONS) -> None:
    """Raise RecordRefused unless the tables are of the last version's making."""
    if found not in versions:
        raise RecordRefused("a newer earlyid made the tables of this record; install that version or a newer one")
    if found != versions[-1]:
        raise RecordRefused(
            "an older earlyid made the tables of this record; back it up, then run: earlyid record upgrade"
        )


def upgrade(engine: Engine) -> str:
    """Bring the tables to this version, in one transaction; returns it."""
    from alembic import command  # noqa: PLC0415 - slow to load, and needed once in the life of a version
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "service.record:migrations")
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, VERSIONS[-1])
    return VERSIONS[-1]
