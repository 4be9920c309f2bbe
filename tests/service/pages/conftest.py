"""A Chromium, where the machine has one."""

import pytest

from fairness.pack.pdf import REMEDY, found_chromium


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of this machine's Chromium; a test that asks for it skips where there is none."""
    found = found_chromium()
    if found is None:
        pytest.skip(f"there is no Chromium here; {REMEDY}")
    return found
