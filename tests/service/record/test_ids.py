"""Ids tell when they were made, and nothing else."""

import datetime
import uuid

from service.record.ids import new_id


def test_ids_are_uuids_of_version_7_with_their_time_in_front() -> None:
    """An id is a UUID of that version and variant, its first 48 bits are the milliseconds, and no two are the same."""
    now = datetime.datetime(2026, 9, 1, 12, 0, 0, 123456, tzinfo=datetime.UTC)
    made = {new_id(now) for _ in range(1000)}
    assert len(made) == 1000
    for text in made:
        found = uuid.UUID(text)
        assert (str(found), found.version, found.variant) == (text, 7, uuid.RFC_4122)
        assert found.int >> 80 == 1788264000123


def test_ids_sort_by_when_they_were_made() -> None:
    """A later id is greater as text."""
    start = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
    made = [new_id(start + datetime.timedelta(milliseconds=i)) for i in range(100)]
    assert made == sorted(made)
