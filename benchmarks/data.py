"""Where benchmarks and evidence find real extracts."""

import os
import sys
from pathlib import Path


def smocc_folder() -> Path:
    """Return the folder of the SMOCC extracts; ends the process with the remedy where it is absent."""
    data = Path(os.environ.get("EARLYID_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
    folder = data / "smocc"
    if not folder.is_dir():
        sys.exit("no SMOCC extracts: set EARLYID_TEST_DATA to the folder that holds smocc/")
    return folder
