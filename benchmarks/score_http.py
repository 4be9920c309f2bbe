"""
An explained score over HTTP: this service against `mlflow models serve` of a booster explained by `pred_contrib`.

On loopback, one worker process and eight keep-alive connections each, in turn in one run. Both are sent the same thirty
numbers of the same children. `ratio` is to the fastest MLflow, which checks nothing of what it is sent; `ratio_checked`
to one whose model has a signature, so that it checks names and types, as the service always does. The service is asked
for its short answer by a client who is known by its key, and records nothing. `service_histories` is the service on the
example contract, sent whole histories whose features it works out, by whoever is on this machine.
"""

import asyncio
import contextlib
import json
import random
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import lightgbm
import numpy as np

from benchmarks.generated import ASKED_AT, FEATURES, PURPOSE, children, sources_of
from benchmarks.load import Target, ask, rate
from benchmarks.servers import mlflow_server, service, unrecorded
from benchmarks.serving.office import Office
from benchmarks.small_bundle import write_bundle
from models.contract import Contract
from models.contract_reading import parse_contract

EXAMPLE = Path(__file__).parents[1] / "examples" / "smocc" / "contract.toml"
CONNECTIONS, ROUNDS, SECONDS, ASKED = 8, 6, 1.5, 500
# In the example's extracts a child has seven visits by 600 days, at which sixty-eight milestones are asked in all.
VISITS, MILESTONES = (30, 60, 95, 180, 275, 390, 550), 10
NAMES = [f"f{i}" for i in range(FEATURES)]


def main() -> None:
    """Print the line."""
    with _targets() as targets:
        explained = {name: _is_explained(ask(target)) for name, target in targets.items()}
        if not all(explained.values()):
            raise RuntimeError(f"not every answer is explained: {explained}")
        rounds = [{name: rate(target, SECONDS, CONNECTIONS) for name, target in targets.items()} for _ in range(ROUNDS)]
    print(json.dumps({"benchmark": "score_http", "connections": CONNECTIONS, **_summary(rounds)}))


def _summary(rounds: list[dict[str, float]]) -> dict[str, float]:
    rates = {f"{name}_per_s": round(statistics.median(each[name] for each in rounds)) for name in rounds[0]}
    ratios = sorted(each["service"] / each["mlflow"] for each in rounds)
    checked = statistics.median(each["service"] / each["mlflow_checked"] for each in rounds)
    return rates | {
        "ratio": round(statistics.median(ratios), 1),
        "ratio_least": round(ratios[0], 1),
        "ratio_most": round(ratios[-1], 1),
        "ratio_checked": round(checked, 1),
    }


def _is_explained(answer: bytes) -> bool:
    """Whether an answer holds what is compared: a score with what it is made of."""
    told = json.loads(answer)
    if "scores" not in told:
        return len(told["predictions"][0]) == FEATURES + 1
    score = told["scores"][0]
    return bool(score["raises"] + score["lowers"] and score["interval"] and score["summary"])


@contextlib.contextmanager
def _targets() -> Iterator[dict[str, Target]]:
    x, y = children(20_000, seed=1)
    booster = lightgbm.train(
        {"objective": "binary", "num_leaves": 31, "verbosity": -1, "num_threads": 1}, lightgbm.Dataset(x, y), 300
    )
    # MLflow refuses a row in which something is not known, unless its model is written for it.
    rows = x[~np.isnan(x).any(axis=1)][:ASKED].tolist()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as running:
        folder, example = Path(name), EXAMPLE.read_text()
        office = Office(folder / "office")
        asyncio.run(office.open())
        numbers = running.enter_context(unrecorded(office.home))
        histories = running.enter_context(service(write_bundle(folder / "histories", example)))
        frames = [_frame(row) for row in rows]
        unchecked = running.enter_context(mlflow_server(folder / "unchecked", booster, None))
        checked = running.enter_context(mlflow_server(folder / "checked", booster, NAMES))
        yield {
            "service": Target.of(
                numbers, "/v1/scores", [_request(PURPOSE, ASKED_AT, sources_of(row)) for row in rows], office.headers
            ),
            "service_histories": Target.of(histories, "/v1/scores", _histories(parse_contract(example))),
            "mlflow": Target.of(unchecked, "/invocations", frames),
            "mlflow_checked": Target.of(checked, "/invocations", frames),
        }


def _frame(row: list[float]) -> bytes:
    return json.dumps({"dataframe_split": {"columns": NAMES, "data": [row]}}).encode()


def _histories(contract: Contract) -> list[bytes]:
    chance = random.Random(7)  # noqa: S311 - children who do not exist
    (source,) = contract.feature_sources
    columns = sorted(contract.feature_columns[source.name])
    return [
        _request(
            contract.purposes[0],
            contract.landmarks[-1].age,
            {source.name: {"events": [_visit(chance, age, columns) for age in VISITS]}},
        )
        for _ in range(ASKED)
    ]


def _visit(chance: random.Random, age: int, columns: list[str]) -> dict[str, int]:
    return {"happened": age} | {column: chance.randint(0, 1) for column in chance.sample(columns, MILESTONES)}


def _request(purpose: str, age: int, sources: Mapping[str, object]) -> bytes:
    asked = {"subject": "child-1", "purpose": purpose, "as_of": age, "detail": "summary", "sources": sources}
    return json.dumps(asked).encode()


if __name__ == "__main__":
    main()
