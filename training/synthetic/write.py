"""Writes an invented authority batch by batch: the extracts, and the truth in a folder of its own."""

import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from models.errors import BadInput
from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area
from training.synthetic.batch import CALIBRATION_SEED, Batch, calibrated, invent_batch
from training.synthetic.calendar import AS_AT, FIRST_COHORT, LAST_COHORT
from training.synthetic.chance import Chance
from training.synthetic.extracts import Recorder, table
from training.synthetic.fitted import Fitted
from training.synthetic.held_apart import tables as tables_held_apart
from training.synthetic.mistakes import Mistakes
from training.synthetic.postcodes import invent_postcodes
from training.synthetic.truth import children_table, effects_table, help_table

TRUTH = "truth"
MANIFEST = "invented.json"
Progress = Callable[[str], None]
# Children of one batch: what is held in memory at a time.
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What to invent: an area, children born there in each cohort, the cohorts (M1), and a seed.

    With `mistakes` it is written as its agencies hold it, under ids of their own; without, under one pseudonym a child.
    """

    area: str
    births: int
    cohorts: tuple[int, ...]
    seed: int
    mistakes: Mistakes | None = None


def check_asked(asked: Asked, out: Path) -> None:
    """Raise BadInput when it cannot be invented, or not there."""
    if asked.births < 1 or not 0 <= asked.seed < CALIBRATION_SEED:
        raise BadInput(f"births must be at least 1, and the seed from 0 to {CALIBRATION_SEED - 1}")
    if not asked.cohorts or asked.cohorts[0] < FIRST_COHORT or asked.cohorts[-1] > LAST_COHORT:
        raise BadInput(f"cohorts must lie between {FIRST_COHORT} and {LAST_COHORT}, such as 2014-2023")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(f"{out.name} is there already and not an empty folder; choose another place")
    if out.resolve() == Path.cwd():
        raise BadInput("the folder you are in cannot be replaced; name one within it")
    if not out.resolve().parent.is_dir() or not os.access(out.resolve().parent, os.W_OK):
        raise BadInput(f"{out.name} cannot be written there; choose a place in a folder that exists")


def synthesise(asked: Asked, out: Path, progress: Progress) -> dict[str, int]:
    """Write extracts and truth into `out`, whole or not at all; returns rows by file. The same call, the same bytes."""
    check_asked(asked, out)
    progress(f"solving what makes {asked.area} come out as published")
    area, fitted = calibrated(asked.area)
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.resolve().parent))
    try:
        (aside / TRUTH).mkdir()
        rows = _write_batches(area, fitted, asked, aside, progress)
        (aside / TRUTH / MANIFEST).write_text(json.dumps(_manifest(asked, rows), indent=1) + "\n", encoding="utf-8")
        aside.chmod(0o755)
        if out.exists():
            out.rmdir()
        aside.rename(out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return rows


def _manifest(asked: Asked, rows: dict[str, int]) -> dict[str, object]:
    return {
        "area": asked.area,
        "births": asked.births,
        "cohorts": list(asked.cohorts),
        "seed": asked.seed,
        "as_at": AS_AT.isoformat(),
        "rows": rows,
        **({} if asked.mistakes is None else {"agencies": True, "mistakes": asked.mistakes.model_dump()}),
    }


def _write_batches(area: Area, fitted: Fitted, asked: Asked, folder: Path, progress: Progress) -> dict[str, int]:
    rows: dict[str, int] = {}
    batches = list(_batches(asked))
    with ExitStack() as stack:
        writers: dict[str, pa_csv.CSVWriter] = {}
        for number, births in enumerate(batches):
            chance = Chance(asked.seed, number)
            batch = invent_batch(area, births, list(asked.cohorts), fitted, chance)
            for name, found in _tables(area, batch, chance, asked):
                if name not in writers:
                    writers[name] = stack.enter_context(_writer(folder / name, found.schema))
                writers[name].write_table(found)
                rows[name] = rows.get(name, 0) + found.num_rows
            progress(f"invented {number + 1} of {len(batches)} parts of {area.label}")
    _write_whole(folder / TRUTH / "effects.csv", effects_table(batch.recorded, fitted))
    if asked.mistakes is not None:
        _write_whole(folder / "postcodes.csv", invent_postcodes(asked.births).table())
    return rows


def _write_whole(path: Path, found: pa.Table) -> None:
    with _writer(path, found.schema) as writer:
        writer.write_table(found)


def _batches(asked: Asked) -> Iterator[int]:
    """Yield how many children are born in each cohort of each batch."""
    count = math.ceil(asked.births * len(asked.cohorts) / _BATCH)
    for i in range(min(count, asked.births)):
        yield asked.births // count + (i < asked.births % count)


def _tables(area: Area, batch: Batch, chance: Chance, asked: Asked) -> Iterator[tuple[str, pa.Table]]:
    if asked.mistakes is None:
        recorder = Recorder(batch, chance)
        for name, extract in EXTRACTS.items():
            yield f"{name}.csv", table(extract(area, batch, recorder), batch.children.key)
    else:
        for name, found in tables_held_apart(area, batch, chance, asked.mistakes, asked.births):
            yield f"{name}.csv", found
    yield f"{TRUTH}/children.csv", children_table(batch)
    yield f"{TRUTH}/help.csv", help_table(batch)


@contextmanager
def _writer(path: Path, schema: pa.Schema) -> Iterator[pa_csv.CSVWriter]:
    """Open a CSV file with its header; no value of ours needs quotes."""
    options = pa_csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write((",".join(schema.names) + "\n").encode())
        with pa_csv.CSVWriter(file, schema, write_options=options) as writer:
            yield writer
