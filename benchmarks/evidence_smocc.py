"""Real children of the Netherlands, by the default plan: foreseen as published, and no touched bundle loads."""

import datetime
import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.data import smocc_folder
from models.bundle import load_bundle
from models.errors import IntegrityError
from training.pipeline import train

SMOCC = Path(__file__).parents[1] / "examples/smocc/contract.toml"

# Published for visits up to 400, 480 and 600 days of age, five-fold, with untuned models.
PUBLISHED_AUC = {"day_400": 0.67, "day_480": 0.71, "day_600": 0.735}
AUC_WITHIN, SLOPE_BETWEEN, GLASS_BOX_MAY_COST = 0.03, (0.8, 1.2), 0.01
SMALL_FILE, SAMPLED_POSITIONS = 4096, 2500

Part = dict[str, Any]


def smocc(folder: Path) -> Iterator[Part]:
    """Yield how SMOCC's children are foreseen, what becomes of a touched bundle, and how long it took."""
    bundle, seconds = _trained(folder)
    yield foreseen(json.loads((bundle / "evaluation.json").read_bytes()))
    yield touched(bundle, folder)
    yield seconds


def _progress(step: str) -> None:
    print(f"· {step}", file=sys.stderr, flush=True)


def _trained(folder: Path) -> tuple[Path, Part]:
    """Train on real children by the default plan, and verify; returns the signed bundle and the seconds each took."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    start = time.perf_counter()
    run = train(
        SMOCC,
        smocc_folder(),
        folder / "releases",
        plan_path=None,
        key=Ed25519PrivateKey.generate(),
        today=today,
        progress=_progress,
    )
    trained = time.perf_counter()
    load_bundle(run.bundle)
    verified = time.perf_counter()
    took = {"train": round(trained - start, 1), "verify": round(verified - trained, 3)}
    return run.bundle, {"part": "seconds", "passed": True, **took}


def foreseen(evaluation: Part) -> Part:
    """Real children are foreseen as published, calibrated, and the glass box costs next to nothing."""
    landmarks = [_foreseen_from(part) for part in evaluation["evaluations"]]
    return {"part": "smocc", "passed": all(each["passed"] for each in landmarks), "landmarks": landmarks}


def _foreseen_from(part: Part) -> Part:
    names = ("logistic", "glass box", "full booster")
    auc = {name: part["candidates"][name]["auc"]["value"] for name in names}
    slope = {name: part["candidates"][name]["calibration_slope"]["value"] for name in names}
    cost = part["glass_box_minus_full_booster_auc"]["value"]
    low, high = SLOPE_BETWEEN
    kept = [abs(auc[name] - PUBLISHED_AUC[part["landmark"]]) <= AUC_WITHIN for name in names[:2]]
    kept += [low <= slope[name] <= high for name in names[:2]]
    return {
        "landmark": part["landmark"],
        "children": part["n"],
        "repeats": part["procedure"]["repeats"],
        "ships": part["ships"],
        "auc": auc,
        "calibration_slope": slope,
        "glass_box_minus_full_booster_auc": cost,
        "passed": all(kept) and cost >= -GLASS_BOX_MAY_COST,
    }


def touched(bundle: Path, folder: Path) -> Part:
    """A signed bundle with any one byte flipped is refused: every byte of small files, thousands of large ones."""
    copy = Path(shutil.copytree(bundle, folder / "touched" / bundle.name))
    chance, files = random.Random(5), {}  # noqa: S311 (no secret)
    for path in sorted(copy.iterdir()):
        _progress(f"flipping bytes of {path.name}")
        size = path.stat().st_size
        positions = range(size) if size <= SMALL_FILE else sorted(chance.sample(range(size), SAMPLED_POSITIONS))
        accepted = sum(_accepted(path, position, chance.choice((0x01, 0x20, 0x80, 0xFF))) for position in positions)
        files[path.name] = {"bytes": size, "flipped": len(positions), "not_refused": accepted}
    flipped, accepted = (sum(each[what] for each in files.values()) for what in ("flipped", "not_refused"))
    return {"part": "touched", "passed": accepted == 0, "flipped": flipped, "not_refused": accepted, "files": files}


def _accepted(path: Path, position: int, bits: int) -> bool:
    """Whether the bundle still loads with these bits of one byte flipped; puts them right again."""
    data = path.read_bytes()
    path.write_bytes(data[:position] + bytes([data[position] ^ bits]) + data[position + 1 :])
    try:
        load_bundle(path.parent)
    except IntegrityError:
        return False
    finally:
        path.write_bytes(data)
    return True
