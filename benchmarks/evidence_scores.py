"""
Evidence that every answer adds up and is one answer: random and adversarial requests, by every way there is to ask.

Each request is read as the service reads it, scored alone, as a bare row, in a batch, rendered, and some over real HTTP;
all must agree to the bit. The bundles are small ones for two contracts and, where there is one, one that was learned.
"""

import datetime
import http.client
import itertools
import json
import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.edge_requests import edge_requests
from benchmarks.servers import service
from benchmarks.small_bundle import write_bundle
from models.batch import LEVELS, SCORED, BatchScorer
from models.estimator import logit
from models.head import SUM_TOLERANCE, Score
from models.scope import NotScored
from models.scorer import Scored
from models.snapshot import take_snapshot
from models.withdrawal import Asked
from service.answers.rendering import core_of
from service.live import Live, load_live

ROOT = Path(__file__).parents[1]
CONTRACTS = ("models/contracts/england.toml", "examples/smocc/contract.toml")
REQUESTS, OVER_HTTP, SEED = 100_000, 20_000, 71
BATCH, FAULTS_SHOWN = 1000, 5

Part = dict[str, Any]


def scores(folder: Path, requests: int = REQUESTS, over_http: int = OVER_HTTP, learned: Sequence[Path] = ()) -> Part:
    """Ask so many requests of small bundles and of the learned ones, in equal parts, and count what is not as promised."""
    folder.mkdir(parents=True, exist_ok=True)
    small = [
        write_bundle(folder / Path(name).parent.name, (ROOT / name).read_text(encoding="utf-8")) for name in CONTRACTS
    ]
    bundles = [*small, *learned]
    share, posted = -(-requests // len(bundles)), -(-over_http // len(bundles))
    parts = [_of_bundle(bundle, share, posted, SEED + i) for i, bundle in enumerate(bundles)]
    return {
        "part": "scores",
        "passed": all(not part["faults"] and part["scored"] for part in parts),
        "requests": share * len(bundles),
        "over_http": posted * len(bundles),
        "largest_difference": max(part["largest_difference"] for part in parts),
        "bundles": parts,
    }


def _of_bundle(folder: Path, requests: int, over_http: int, seed: int) -> Part:
    live = load_live(folder, datetime.datetime.now(tz=datetime.UTC).date())
    checks = Checks(live)
    asked = edge_requests(live.bundle.contract, seed, requests)
    for done, bodies in enumerate(iter(lambda: list(itertools.islice(asked, BATCH)), [])):
        if done * BATCH % 10_000 == 0:
            print(f"· {live.bundle.contract.name}: {done * BATCH} of {requests}", file=sys.stderr, flush=True)
        checks.ask(bodies)
    if over_http:
        checks.over_http(folder, edge_requests(live.bundle.contract, seed + 1, over_http))
    return {
        "contract": live.bundle.contract.name,
        "kind": sorted({head.estimator.spec.kind for head in checks.heads()}),
        "requests": requests,
        "over_http": over_http,
        "scored": checks.codes.pop("scored"),
        "not_scored": dict(checks.codes),
        "largest_difference": checks.largest,
        "faults": dict(checks.faults),
        "first_faults": checks.first,
    }


class Checks:
    """Asks requests of what is live in every way there is, and counts what is not as promised."""

    def __init__(self, live: Live) -> None:
        self._live, self._scorer = live, live.bundle.scorer
        self._batch = {at.name: BatchScorer(self._scorer, at) for at in live.bundle.contract.landmarks}
        self.codes, self.faults = Counter[str](), Counter[str]()
        self.first: list[str] = []
        self.largest = 0.0

    def heads(self) -> Iterable[Any]:
        """Every head of the bundle."""
        contract = self._live.bundle.contract
        return [self._scorer.head(at.name, o.name) for at in contract.landmarks for o in contract.outcomes_at(at)]

    def ask(self, bodies: Sequence[bytes]) -> None:
        """Check the answers to requests, alone and together."""
        together: dict[str, list[tuple[Scored, frozenset[str]]]] = defaultdict(list)
        for body in bodies:
            try:
                answer, covered = self._alone(body)
            except Exception as error:  # noqa: BLE001 (that there is none is what is promised)
                self._expect(f"an exception: {type(error).__name__}", body, kept=False)
                continue
            self.codes["scored" if isinstance(answer, Scored) else answer.code] += 1
            if isinstance(answer, Scored):
                together[answer.landmark.name].append((answer, covered))
        for landmark, answers in together.items():
            self._together(landmark, answers)

    def over_http(self, folder: Path, bodies: Iterable[bytes]) -> None:
        """Serve the bundle and send it requests: of the score it answers the very bytes."""
        with service(folder) as port:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            for body in bodies:
                connection.request("POST", "/v1/scores", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                answered = response.read()
                try:
                    same = core_of(answered) == core_of(self._live.answer(body))
                    self._expect("HTTP", body, kept=response.status in {200, 201} and same)
                except Exception as error:  # noqa: BLE001 (that there is none is what is promised)
                    self._expect(f"an exception: {type(error).__name__}", body, kept=False)
            connection.close()

    def _expect(self, what: str, body: bytes | None, *, kept: bool) -> None:
        if not kept:
            self.faults[what] += 1
            if len(self.first) < FAULTS_SHOWN and body is not None:
                self.first.append(f"{what}: {body[:2000].decode()}")

    def _alone(self, body: bytes) -> tuple[Scored | NotScored, frozenset[str]]:
        asked = self._live.reader.read(self._live.form.decode(body))
        answer = self._scorer.score(asked.record, asked.age)
        told = json.loads(self._live.answer(body), parse_constant=_no_constant)
        if isinstance(answer, NotScored):
            self._expect("told", body, kept=(told["status"], told["code"]) == ("not-scored", answer.code))
            return answer, frozenset()
        sources = Asked(self._scorer.contract, answer.landmark)
        covered = sources.proven(take_snapshot(asked.record, answer.landmark.age))
        row = self._scorer.score_row(answer.landmark, answer.row, covered)
        kept = isinstance(row, Scored) and [_numbers(s) for s in row.scores] == [_numbers(s) for s in answer.scores]
        self._expect("bare row", body, kept=kept)
        for score, said in zip(answer.scores, told["scores"], strict=True):
            self._expect("numbers", body, kept=self._adds_up(score, answer))
            self._expect("told", body, kept=_is_told(score, said))
        return answer, covered

    def _adds_up(self, score: Score, answer: Scored) -> bool:
        """Whether the shown reasons and every term each add up, every number is finite, and the interval holds the score."""
        total = shown = score.scored.baseline
        for reason in self._scorer.head(answer.landmark.name, score.outcome.name).explainer.everything(
            answer.row, score.scored
        ):
            total += reason.contribution
        for reason in score.explanation.shown:
            shown += reason.contribution
        apart = abs(shown + score.explanation.everything_else - logit(score.probability))
        self.largest = max(self.largest, apart)
        low, high, _ = score.interval
        held = 0.0 <= low <= score.probability <= high <= 1.0
        finite = all(math.isfinite(x) for x in (*_numbers(score)[:4], *score.scored.contributions))
        return total == score.scored.log_odds and apart <= SUM_TOLERANCE and held and finite

    def _together(self, landmark: str, answers: Sequence[tuple[Scored, frozenset[str]]]) -> None:
        """Score rows at once: to the bit what each is alone."""
        batch = self._batch[landmark]
        covered = np.array([[source in proof for source in batch.sources] for _, proof in answers])
        found = batch.score(np.array([answer.row for answer, _ in answers], dtype=np.float64), covered)
        self._expect("batch refused", None, kept=bool((found.refused == SCORED).all()))
        for k, many in enumerate(found.scores):
            columns = (many.probability, many.low, many.high, many.log_odds, many.place, many.first, many.last)
            terms = many.head.estimator.spec.terms
            for i, (answer, _) in enumerate(answers):
                score = answer.scores[k]
                numbers = tuple(column[i].item() for column in columns)
                said = bool(many.near_threshold[i]), bool(found.widened[i]), LEVELS[many.level[i]]
                reasons = [[terms[t].features for t in each[i] if t >= 0] for each in (many.raises, many.lowers)]
                self._expect("batch numbers", None, kept=numbers == _numbers(score)[:7])
                self._expect("batch codes", None, kept=said == _codes(score, said[-1] if answer.link else None))
                self._expect("batch reasons", None, kept=reasons == _features(score))


def _codes(score: Score, level: str | None) -> tuple[bool, bool, str]:
    """Return what a batch says in codes; it knows of no link, so that where there is one its level is its own."""
    return score.banding.near_threshold, score.interval.widened, level or score.reliability.level


def _features(score: Score) -> list[list[tuple[str, ...]]]:
    return [[reason.features for reason in each] for each in (score.explanation.raises, score.explanation.lowers)]


def _numbers(score: Score) -> tuple[Any, ...]:
    low, high, _ = score.interval
    place, _, first, last = score.banding
    return score.probability, low, high, score.scored.log_odds, place, first, last, score.scored, score.explanation


def _is_told(score: Score, said: Part) -> bool:
    """Whether the answer as it leaves holds the very numbers, and those add up."""
    short = "texts" not in said
    reasons = [*said["raises"], *said["lowers"], *(() if short else said["not_known"])]
    shown = [*score.explanation.raises, *score.explanation.lowers, *(() if short else score.explanation.not_known)]
    total = said["baseline"] + math.fsum(reason["contribution"] for reason in reasons) + said["everything_else"]
    interval = said["interval"]["low"], said["interval"]["high"], said["interval"]["widened"]
    return (
        (said["probability"], said["log_odds"], interval) == (score.probability, score.scored.log_odds, score.interval)
        and [reason["contribution"] for reason in reasons] == [reason.contribution for reason in shown]
        and abs(total - said["log_odds"]) <= SUM_TOLERANCE
    )


def _no_constant(name: str) -> None:
    raise ValueError(name)


def main() -> None:
    """Print the line; bundles that were learned may be named."""
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(scores(Path(name) / "bundles", learned=[Path(each) for each in sys.argv[1:]])))


if __name__ == "__main__":
    main()
