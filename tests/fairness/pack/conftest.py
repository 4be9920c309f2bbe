"""An invented audit as it may be told, with groups of every size and verdict, and the pack drawn from it."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from fairness.audited import LISTED, STANDING
from fairness.pack.page import pack
from fairness.pack.reading import Reading, read
from models.capacities import CAPACITIES

Part = dict[str, Any]

LANDMARKS = {"new_birth": "two months", "two_year": "two-year review"}
OUTCOMES = {
    "not_gld": "not at a good level of development",
    "not_communication": "not at the expected level in communication and language",
}
ATTRIBUTES = {
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "term_of_birth": "Term of birth",
    "fsm": "Free school meals",
    "language": "First language",
}
# Children in each group; of those hidden, and of nobody, nothing more is told.
GROUPS: dict[str, dict[str, int | None]] = {
    "sex": {"Girls": 1240, "Boys": 1260},
    "ethnicity": {
        "White British": 1710,
        "Any other White background": 215,
        "White and Black Caribbean": 45,
        "Any other Mixed background": 75,
        "Indian": 105,
        "Pakistani": 130,
        "Bangladeshi": 60,
        "Black African": 90,
        "Gypsy or Roma": None,
        "Traveller of Irish heritage": 0,
        "not recorded": 70,
    },
    "term_of_birth": {"Autumn-born": 830, "Spring-born": 820, "Summer-born": 850},
    "fsm": {"Eligible for free school meals": 455, "Not known to be eligible": 1720, "not recorded": 325},
    "language": {"English": 1950, "English as an additional language": 485, "not recorded": 65},
}
PROTECTED = {
    "sex": ["Girls", "Boys"],
    "ethnicity": ["Pakistani", "Black African"],
    "fsm": ["Eligible for free school meals"],
}
POOLS = {"ethnicity": {"Mixed background": ["White and Black Caribbean", "Any other Mixed background"]}}


def _share(draw: np.random.Generator, middle: float, n: float, gap: float, verdict: int | None) -> list[Any]:
    """Return the eight numbers of a share as audit.json has them, of about so many children."""
    half = round(1.96 * float(np.sqrt(middle * (1 - middle) / max(n, 12))), 3)
    value = round(min(max(middle + gap, 0.01), 0.99), 3)
    low, high = (round(min(max(value + end, 0.0), 1.0), 3) for end in (-half, half))
    moved = round(gap + float(draw.normal(0, 0.005)), 3)
    return [value, low, high, moved, round(moved - half, 3), round(moved + half, 3), round(half * 1.43, 3), verdict]


def _verdict(gap: float, half: float, margin: float) -> int:
    low, high = gap - half, gap + half
    if -margin < low and high < margin:
        return 0
    if low > margin or high < -margin:
        return 1
    return 2 if low > 0 or high < 0 else 3


def _figures(draw: np.random.Generator, n: int, events: int, rates: dict[str, float]) -> Part:
    told: Part = {}
    for name, middle in rates.items():
        among = {"recall": events, "fpr": n - events, "ppv": n / 5}.get(name, n)
        gap = round(float(draw.normal(-0.01, 0.05)), 3)
        half = 1.96 * float(np.sqrt(middle * (1 - middle) / max(among, 12)))
        judged = name in {"recall", "fpr", "ppv", "false_omission"}
        verdict = (_verdict(gap, half, 0.05) if n >= 100 else 3) if judged else None
        told[name] = _share(draw, middle, among, gap, verdict)
    return told


def _standing(draw: np.random.Generator, n: int, *, judged: bool) -> Part:
    half = 2.2 / float(np.sqrt(n))
    gap = round(float(draw.normal(0, 0.12)), 2)
    ratio = round(1.02 + gap, 2)
    verdict = (_verdict(gap, half, 0.2) if n >= 100 else 3) if judged else None

    def eight(value: float, spread: float, verdict: int | None) -> list[Any]:
        ends = [round(value - spread, 2), round(value + spread, 2)]
        gaps = [gap, round(gap - spread, 2), round(gap + spread, 2), round(spread * 1.43, 2)] if judged else [None] * 4
        return [value, *ends, *gaps, verdict]

    return {
        "auc": eight(round(0.71 + float(draw.normal(0, 0.03)), 2), half / 3, verdict),
        "observed_over_expected": eight(ratio, half, verdict),
        "calibration_gap": eight(0.01, half / 3, None),
        "intercept": eight(0.05, half, None),
        "slope": eight(0.97, half, None),
    }


def _line(draw: np.random.Generator, group: str, n: int | None, rates: dict[str, float], **said: Any) -> Part:
    if not n:
        empty: Part = {"n": n, "events": n, "flagged": n, "found": n, "figures": {}, "again": None}
        return {"group": group, "small": True, "pool": None, "beyond": False, **empty, **said}
    events, flagged = 5 * round(n * 0.32 / 5), 5 * round(n * 0.2 / 5)
    figures = _figures(draw, n, events, rates)
    recall = figures["recall"]
    return {
        "group": group,
        "n": n,
        "events": events,
        "flagged": flagged,
        "found": 5 * round(events * recall[0] / 5),
        "small": n < 100,
        "pool": None,
        "beyond": False,
        "figures": figures,
        "again": [recall[1], recall[2], recall[4], recall[5]],
        **said,
    }


def _rates(capacity: float) -> dict[str, float]:
    found = min(0.95, 1.9 * capacity / (1 + capacity * 0.9))
    ppv = min(0.95, 0.32 * found / capacity)
    return dict(zip(LISTED, (capacity, found, max(0.01, capacity - 0.32 * found), ppv, 0.25, 0.05), strict=True))


def _attributes(draw: np.random.Generator, rates: dict[str, float]) -> Iterator[Part]:
    for name, groups in GROUPS.items():
        lines = [
            _line(draw, group, n, rates, protected=group in PROTECTED.get(name, ()))
            | {"pool": next((pool for pool, members in POOLS.get(name, {}).items() if group in members), None)}
            for group, n in groups.items()
        ]
        for line in lines:
            line["beyond"] = line["group"] == "Black African"
        hidden = "White British" if name == "ethnicity" else None
        yield {"attribute": name, "kind": "attribute", "label": ATTRIBUTES[name], "hidden_in": hidden, "groups": lines}
    pooled = [_line(draw, "Mixed background", 120, rates, protected=False)]
    yield {
        "attribute": "ethnicity",
        "kind": "pooled",
        "label": "Ethnicity, pooled",
        "hidden_in": None,
        "groups": pooled,
    }
    crossed = [
        _line(draw, f"{sex}, {fsm}", n, rates, protected=False)
        for sex in ("Girls", "Boys")
        for fsm, n in (
            ("Eligible for free school meals", 225),
            ("Not known to be eligible", 860),
            ("not recorded", 160),
        )
    ]
    label = "Sex × Free school meals"
    yield {"attribute": "sex × fsm", "kind": "intersection", "label": label, "hidden_in": None, "groups": crossed}


def _everyone(draw: np.random.Generator, foreseen: float, rates: dict[str, float]) -> Part:
    line = _line(draw, "everyone", 2500, rates, protected=False)
    for figure in line["figures"].values():
        figure[3:] = [None] * 5
    return line | {"again": None, "events": 5 * round(500 * foreseen)}


def audits_at(capacity: float, seed: int) -> list[Part]:
    """The audits of one capacity, invented."""
    draw = np.random.default_rng([seed, round(capacity * 100)])
    return [
        {
            "landmark": landmark,
            "outcome": outcome,
            "reach": {"measure": "recall", "groups": 21, "judged": 12, "narrow": 4},
            "overall": _everyone(draw, 0.32, _rates(capacity)),
            "attributes": list(_attributes(draw, _rates(capacity))),
        }
        for landmark in LANDMARKS
        for outcome in OUTCOMES
    ]


def _foresight(draw: np.random.Generator, listed: Part) -> Part:
    def line(of: Part, *, judged: bool) -> Part:
        kept = {name: of[name] for name in ("group", "protected", "n", "events", "small")}
        bins = [[0.05 + 0.1 * i, 250, round(0.06 + 0.095 * i, 3), 0.02 + 0.09 * i, 0.1 + 0.1 * i] for i in range(8)]
        curve = [[round(number, 3) for number in each] for each in bins] if (of["n"] or 0) > 400 else None
        figures = _standing(draw, of["n"], judged=judged) if of["n"] else {}
        return kept | {"figures": figures, "curve": curve}

    return {
        "landmark": listed["landmark"],
        "outcome": listed["outcome"],
        "overall": line(listed["overall"], judged=False),
        "attributes": [
            {**each, "groups": [line(of, judged=True) for of in each["groups"]]} for each in listed["attributes"]
        ],
    }


def invented_audit(seed: int = 7) -> Part:
    """Return an audit.json of format 2: four scores, five attributes, a pool, an intersection, a hidden and an empty group."""
    audits = audits_at(0.2, seed)
    draw = np.random.default_rng([seed, 1])
    assert set(_standing(draw, 100, judged=True)) == set(STANDING)
    return {
        "format": 2,
        "capacity": 0.2,
        "minimum_cell": 10,
        "rounded_to": 5,
        "small_group": 100,
        "resamples": 1000,
        "fields": ["value", "low", "high", "gap", "gap_low", "gap_high", "smallest_gap", "verdict"],
        "verdicts": [
            "within margin",
            "gap larger than agreed",
            "possible gap, keep watching",
            "not enough data to tell",
        ],
        "labels": {"landmarks": LANDMARKS, "outcomes": OUTCOMES, "attributes": ATTRIBUTES},
        "policy": {
            "digest": "ab" * 32,
            "owner": "Director of children's services",
            "agreed": "2026-09-15",
            "primary": {
                "measure": "recall",
                "reason": "The score offers help, and a team can reach few of those who need it.",
            },
            "margins": {
                "recall": 0.05,
                "fdr": 0.05,
                "fpr": 0.05,
                "false_omission": 0.05,
                "observed_over_expected": 0.2,
                "auc": 0.05,
                "refused": 0.05,
            },
            "floors": {"children": 100, "denominator": 10},
            "protects": PROTECTED,
            "pools": POOLS,
            "intersections": [["sex", "fsm"]],
        },
        "audits": audits,
        "foresight": [_foresight(draw, listed) for listed in audits],
        "segments": [],
        "coverage": [],
        "not_computed": {"champion": "No champion was named: there is nothing to compare with."},
    }


def invented_lists(seed: int = 7) -> Part:
    """Return what capacities.json holds for the pack: the audits of the twenty lists, and how much each could find at most."""
    return {
        "format": 1,
        "outcomes": [
            {
                "landmark": landmark,
                "outcome": outcome,
                "at": [
                    {"capacity": capacity, "recall_ceiling": min(1.0, round(capacity / 0.32, 6))}
                    for capacity in CAPACITIES
                ],
            }
            for landmark in LANDMARKS
            for outcome in OUTCOMES
        ],
        "audits": [{"capacity": capacity, "audits": audits_at(capacity, seed)} for capacity in CAPACITIES],
    }


def _segments() -> list[Part]:
    definition = [
        {"attribute": "term_of_birth", "label": "Term of birth", "group": "Summer-born"},
        {"attribute": None, "label": "Scores", "group": "highest fifth of scores"},
    ]
    figures = {"n": 85, "observed": 0.61, "foreseen": 0.47, "observed_of_everyone": 0.33, "foreseen_of_everyone": 0.32}
    found = {
        "exploratory": True,
        "children": 2500,
        "searched": 412,
        "definition": definition,
        "words": "Summer-born × highest fifth of scores",
        "confirmed": True,
        "why_not": None,
        "figures": figures | {"excess": 0.13, "low": 0.03, "high": 0.23, "p": 0.0062},
        "reach": {"share": 0.04, "excess": 0.15, "chance": 0.14, "smallest": 180},
        "enough": False,
        "said": [
            "This was a search, and is exploratory.",
            "About 61 in 100 had the outcome, and about 47 were foreseen.",
        ],
    }
    nothing = {"definition": None, "words": None, "confirmed": False, "why_not": "none", "figures": None}
    heads = [{"landmark": landmark, "outcome": outcome} for landmark in LANDMARKS for outcome in OUTCOMES]
    return [head | found | (nothing if at else {}) for at, head in enumerate(heads)]


def _coverage(draw: np.random.Generator) -> list[Part]:
    def line(group: str, n: int | None, name: str) -> Part:
        figures = (
            {of: _share(draw, 0.12, n, 0.03, 2 if of == "refused" else None) for of in ("refused", "unknown")}
            if n
            else {}
        )
        return {
            "group": group,
            "protected": group in PROTECTED.get(name, ()),
            "n": n,
            "small": (n or 0) < 100,
            "figures": figures,
        }

    everyone = {name: _share(draw, 0.12, 2500, 0.0, None)[:3] + [None] * 5 for name in ("refused", "unknown")}
    return [
        {
            "landmark": landmark,
            "cohorts": [2019, 2020],
            "n": 2840,
            "scored": 2500,
            "reasons": {
                "identity-not-certain": None,
                "too-little-known": 210,
                "moved-in-too-late": 95,
                "too-stale": 35,
            },
            "figures": everyone,
            "attributes": [
                {"attribute": name, "hidden_in": None, "groups": [line(group, n, name) for group, n in groups.items()]}
                for name, groups in GROUPS.items()
            ],
        }
        for landmark in LANDMARKS
    ]


def _champion() -> Part:
    def line(group: str, n: int | None) -> Part:
        told = {
            "figures": {name: [0.36, 0.39, 0.03, -0.01, 0.07] for name in ("recall", "ppv", "auc")},
            "moves": {"on": 40, "off": None, "stays_on": 190, "stays_off": 900},
            "gap": [-0.02, -0.05, -0.03, -0.06, 0.01],
            "says": 2,
        }
        nothing: Part = {"figures": {}, "moves": None, "gap": None, "says": None}
        return {"group": group, "protected": False, "n": n, "events": n, "small": not n, **(told if n else nothing)}

    attributes = [
        {"attribute": name, "hidden_in": None, "groups": [line(group, n) for group, n in groups.items()]}
        for name, groups in GROUPS.items()
    ]
    compared = {"n": 2400, "events": 760, "only_challenger": 90, "only_champion": None}
    return {
        "capacity": 0.2,
        "measure": "recall",
        "half_margin": 0.025,
        "resamples": 1000,
        "says": ["new gap", "no new gap", "not enough data to tell"],
        "new_gaps": 0,
        "could_not_tell": 18,
        "compared": [
            {
                "landmark": "new_birth",
                "outcome": "not_gld",
                "overall": line("everyone", 2400),
                "attributes": attributes,
                **compared,
            }
        ],
    }


def _linkage() -> Part:
    def line(group: str, n: int | None, verdict: str) -> Part:
        figure = {"value": 0.91, "low": 0.88, "high": 0.94}
        return {
            "group": group,
            "pairs": n,
            "families": n,
            "recall": n and figure,
            "gap": n and figure | {"value": -0.03},
            "verdict": verdict,
        }

    groups = [line("Girls", 800, "within margin"), line("Boys", None, "not enough data to tell")]
    audit = {"agency": "nhs", "overall": {}, "attributes": [{"attribute": "sex", "groups": groups}]}
    return {"agencies": [{"agency": "nhs", "label": "Health"}], "linked_by_group": [audit], "truth": None}


@pytest.fixture(scope="session")
def full_audit(audit: Part) -> Part:
    """The invented audit with a segment, coverage, linkage and a champion; leave it as it is."""
    draw = np.random.default_rng(3)
    parts = {"segments": _segments(), "coverage": _coverage(draw), "champion": _champion(), "linkage": _linkage()}
    return audit | parts | {"not_computed": {}}


def _range(value: float, half: float = 0.03) -> Part:
    return {"value": value, "low": round(value - half, 3), "high": round(value + half, 3)}


def _options() -> Part:
    def option(at: int, name: str, kind: str) -> Part:
        hundred = {"flagged": 20.0 + at, "found": 11.0 + at / 2, "missed": 21.0 - at, "needless": 9.0}
        others = {"flagged": 18.0 + 2 * at, "found": None if at else 8.0, "missed": 10.0, "needless": 10.0}
        group = {"attribute": "sex", "label": "Sex", "group": "Girls", "hidden": False, "gap": _range(-0.08 + at / 100)}
        return {
            "name": name,
            "kind": kind,
            "attribute": None,
            "source": None,
            "features": [],
            "step": None,
            "counts": None,
            "capacity": 0.2,
            "recall": _range(0.36 + at / 200),
            "ppv": _range(0.55 - at / 100),
            "recall_change": _range(at / 200) if at else None,
            "ppv_change": _range(-at / 100) if at else None,
            "shortfall": round(0.08 - at / 100, 3),
            "frontier": at != 1,
            "of_100": hundred,
            "groups": [group | {"gap_change": None, "of_100": hundred, "rest_of_100": others}],
        }

    names = [
        ("as it ships", "shipped"),
        ("weights for Girls, step 3 of 5", "weights"),
        ("a list of 25% of children", "capacity"),
    ]
    return {
        "candidate": "logistic",
        "capacity": 0.2,
        "protects": [{"attribute": "sex", "label": "Sex", "groups": ["Girls"]}],
        "not_tried": [
            {"attribute": "fsm", "label": "Free school meals", "why": "Too few children to learn weights from."}
        ],
        "never_served": [{"what": "A draw by chance", "why": "Nobody could tell a family why."}],
        "note": "Chosen among many on the same children, each looks a little better than it is.",
        "options": [option(at, name, kind) for at, (name, kind) in enumerate(names)],
    }


def _without() -> Part:
    def line(group: str) -> Part:
        before = {"selection_rate": 0.2, "recall": 0.36, "ppv": 0.55, "calibration_gap": 0.06}
        after = {"selection_rate": 0.25, "recall": 0.44, "ppv": 0.53, "calibration_gap": 0.01}
        change = {name: _range(round(after[name] - before[name], 3)) for name in ("selection_rate", "recall", "ppv")}
        return {"group": group, "n": 1240, "events": 400, "shipped": before, "changed": after, "difference": change}

    asked = {"attribute": "sex", "label": "sex", "change": "with", "recorded": "by this landmark"}
    born = {"attribute": "term_of_birth", "label": "term of birth", "change": "without", "features": ["month_of_birth"]}
    figures = {
        "figures": {},
        "difference": {"auc": _range(0.02, 0.01), "recall": _range(0.01, 0.02)},
        "hidden_in": None,
    }
    groups = [
        line("Girls"),
        line("Boys") | {"n": None, "changed": {}, "shipped": dict.fromkeys(("recall",)), "difference": None},
    ]
    return {"attributes": [asked | figures | {"groups": groups}, born | figures | {"groups": [line("Summer-born")]}]}


def invented_evaluation() -> Part:
    """Return what the pack reads of an evaluation.json with full evidence, for the first of the invented scores."""
    measured = {"auc": _range(0.68), "at_capacity": [{"capacity": 0.2, "ppv": _range(0.5), "recall": _range(0.33)}]}
    best = {"label": "home in the most deprived fifth of areas", "length": 0.2, "rule": "area"}
    lists = [{"capacity": 0.2, "best": best, "gain": {"value": 9.4, "low": 2.7, "high": 15.9}}]
    found = {"value": 41.0, "low": 36.0, "high": 46.0}
    rule = {"rule": "area", "length": 0.2, "found": found, "what_ships": {"value": 50.4, "low": 45.0, "high": 55.0}}
    worth = {"at_capacities": lists, "rules": [rule]}
    first = {
        "landmark": "new_birth",
        "outcome": "not_gld",
        "n": 2480,
        "events": 790,
        "lagged": {"ships": "logistic", "candidates": {"logistic": measured}},
        "worth": worth,
        "full": {"options": _options(), "without": _without()},
    }
    return {"format": 1, "evaluations": [first], "not_computed": []}


def invented_gates() -> Part:
    """Return a gates.json: one gate passed, one blocked for two scores, one for the run."""
    gate = {
        "kind": "release",
        "landmark": "new_birth",
        "outcome": "not_gld",
        "words": "It was 7 below.",
        "next": "Look.",
    }
    gate |= {"threshold": "at most 5 points"}
    short = gate | {"code": "fairness", "label": "Recall of protected groups", "verdict": "blocked"}
    return {
        "format": 1,
        "evidence": "full",
        "gates": [
            gate | {"code": "calibration", "label": "Calibration slope", "verdict": "passed"},
            short,
            short | {"landmark": "two_year"},
            gate | {"code": "evidence", "label": "Evidence", "verdict": "blocked", "landmark": None, "outcome": None},
        ],
    }


EXCEPTION = {
    "bundle": "cd" * 32,
    "gate": "fairness",
    "landmark": "new_birth",
    "outcome": None,
    "groups": ["sex: Girls"],
    "reason": "Health visitors see every girl of this age again in spring.",
    "minute": "Board, item 4",
    "by": "A. Officer, head of early help",
    "on": "2026-10-01",
    "expires": "2027-03-31",
    "state": "in force",
}
BANDS = {
    "policy": {
        "team": "the early help team",
        "owner": "Head of early help",
        "agreed": "2026-09-01",
        "capacities": [0.1, 0.2],
        "bands": [
            {"code": "now", "label": "Offer a conversation", "offer": "A worker gets in touch this month."},
            {"code": "next", "label": "Invite", "offer": "The family is invited to the hub."},
            {"code": "every", "label": "What every family is offered", "offer": "The offer to every family goes on."},
        ],
    }
}


def as_file(document: Any) -> bytes:
    """Return a document as a file of a bundle."""
    return json.dumps(document).encode()


@pytest.fixture(scope="session")
def audit() -> Part:
    """The invented audit; leave it as it is."""
    return invented_audit()


@pytest.fixture(scope="session")
def audit_files(audit: Part) -> dict[str, bytes]:
    """The files that the invented pack is drawn from."""
    return {"audit.json": as_file(audit), "capacities.json": as_file(invented_lists())}


@pytest.fixture(scope="session")
def full_files(full_audit: Part, audit_files: dict[str, bytes], borough_text: str) -> dict[str, bytes]:
    """The files of a bundle that has everything a pack can be drawn from."""
    return audit_files | {
        "audit.json": as_file(full_audit),
        "evaluation.json": as_file(invented_evaluation()),
        "gates.json": as_file(invented_gates()),
        "bands.json": as_file(BANDS),
        "exceptions.json": as_file([EXCEPTION]),
        "contract.toml": borough_text.encode(),
    }


@pytest.fixture(scope="session")
def full_reading(full_files: dict[str, bytes]) -> Reading:
    """What a pack that has everything is drawn from."""
    return read(full_files)


@pytest.fixture(scope="session")
def full_pack(full_files: dict[str, bytes]) -> str:
    """The pack of a bundle that has everything."""
    return pack(full_files)


@pytest.fixture(scope="session")
def invented_pack(audit_files: dict[str, bytes]) -> str:
    """The pack of the invented audit."""
    return pack(audit_files)
