"""What the serving benchmarks ask: a bundle with terms written by rule, and requests about children who do not exist."""

import json
from pathlib import Path
from typing import Any

from benchmarks.generated import ASKED_AT, PURPOSE, children, contract_text, sources_of
from benchmarks.small_bundle import write_bundle

ASKED = 500


def bundle_and_requests(folder: Path, **more: Any) -> tuple[Path, list[bytes]]:
    """Write a bundle of thirty numbers, and return it with requests, each of them with these fields more."""
    x, _ = children(ASKED, seed=1)
    # What is not known of a child is null in JSON.
    known_of = ([None if value != value else value for value in row] for row in x.tolist())
    bodies = [
        json.dumps(
            {"subject": f"child-{i}", "purpose": PURPOSE, "as_of": ASKED_AT, "sources": sources_of(known), **more}
        ).encode()
        for i, known in enumerate(known_of)
    ]
    return write_bundle(folder, contract_text()), bodies
