"""Lines on what is left out: what is clear is told in children, the rest is named, and nothing is called the same."""

from typing import Any

from training.validation.left_out_words import SIDE_BY_SIDE, proxies_lines, without_lines

Part = dict[str, Any]


def _figure(value: float, low: float, high: float) -> Part:
    return {"value": value, "low": low, "high": high}


CLEAR, UNCLEAR = _figure(0.012, 0.008, 0.016), _figure(0.001, -0.004, 0.006)
FEWER = _figure(-0.05, -0.08, -0.02)


def _group(name: str, before: Part, after: Part, recall: Part | None) -> Part:
    difference = None if recall is None else {"selection_rate": UNCLEAR, "recall": recall, "ppv": UNCLEAR}
    return {"group": name, "n": 500, "events": 200, "shipped": before, "changed": after, "difference": difference}


def _rates(selected: float, recall: float, gap: float) -> Part:
    return {"selection_rate": selected, "recall": recall, "ppv": 0.5, "calibration_gap": gap}


SEX = {
    "attribute": "sex",
    "label": "Sex",
    "change": "with",
    "recorded": "by this landmark",
    "share_recorded_by_this_landmark": 1.0,
    "figures": {},
    "difference": {"auc": CLEAR, "recall": UNCLEAR},
    "hidden_in": None,
    "groups": [
        _group("Boys", _rates(0.24, 0.37, 0.04), _rates(0.3, 0.46, 0.0), _figure(0.09, 0.05, 0.13)),
        _group("Girls", _rates(0.16, 0.34, -0.05), _rates(0.1, 0.24, -0.01), UNCLEAR),
        _group("not recorded", _rates(0.1, 0.1, 0.0), _rates(0.1, 0.1, 0.0), None),
    ],
}
REVIEWS = {
    "source": "reviews",
    "label": "Review",
    "features": ["a", "b"],
    "figures": {},
    "difference": {"auc": FEWER, "recall": FEWER},
    "recall": {},
}


def _part(attributes: list[Part], sources: list[Part]) -> Part:
    return {
        "full": {
            "without": {
                "candidate": "logistic",
                "capacity": 0.2,
                "shipped": {},
                "attributes": attributes,
                "groups_too_small": {},
                "sources": sources,
            }
        }
    }


def _lines(attributes: list[Part], sources: list[Part]) -> list[str]:
    return [line.strip() for line in without_lines(_part(attributes, sources))]


def test_an_attribute_left_out() -> None:
    """What it would bring is told of all, and of the groups of which it is clear; then what cannot be had together."""
    _, of_all, boys, together = _lines([SEX], [])
    assert of_all == (
        "Sex is left out: with it AUC is 0.012 higher (+0.008 to +0.016); of 100 with the outcome the list finds not clearly "
        "more or fewer (-0.4 to +0.6)"
    )
    assert boys == (
        "Boys: 30 of 100 on the list (as it ships: 24); of 100 with the outcome it finds 46 (37); of 100 in all, as many as "
        "foreseen (as it ships: 4 more than foreseen)"
    )
    assert together == SIDE_BY_SIDE


def test_recorded_later() -> None:
    """What is recorded later is shown for scale only, and says so."""
    assert _lines([SEX | {"recorded": "later"}], [])[1].startswith(
        "Sex is recorded after this landmark, and shown for scale only: with it AUC is 0.012 higher"
    )


def test_known_from_a_feature() -> None:
    """An attribute that is a feature is told without it, and nothing is said of leaving out what is in."""
    without = SEX | {"change": "without", "features": ["sex"]}
    lines = _lines([without], [])
    assert lines[1].startswith("Sex is known from a feature: without it AUC is 0.012 higher")
    assert SIDE_BY_SIDE not in lines


def test_unclear() -> None:
    """Where no interval excludes 0 it is named among those of which nothing is clear, never as making no difference."""
    unclear = SEX | {"difference": {"auc": UNCLEAR, "recall": UNCLEAR}, "groups": []}
    hub = REVIEWS | {"label": "Family hub", "difference": {"auc": UNCLEAR, "recall": UNCLEAR}}
    assert _lines([unclear], [hub])[1:] == [
        "no clear difference put in or taken out: Sex",
        "no clear difference without any one of: Family hub",
    ]


def test_sources() -> None:
    """A source is told with its features: how much accuracy goes with it, and how many fewer are found."""
    (_, told) = _lines([], [REVIEWS])
    assert told == (
        "without Review (2 features) AUC is 0.050 lower (-0.080 to -0.020); of 100 with the outcome the list finds 5.0 fewer "
        "(-8.0 to -2.0)"
    )


def test_nothing_left() -> None:
    """Where nothing could be learned that is said."""
    nothing: Part = {"figures": None, "difference": None}
    assert _lines([SEX | nothing | {"groups": []}], [REVIEWS | nothing])[1:3] == [
        "Sex is left out: with it nothing is left that tells of the outcome",
        "without Review nothing is left that tells of the outcome",
    ]


def test_proxies() -> None:
    """Groups that can be told are told with how well and by what; the others are named."""
    groups = [
        {"group": "A", "children": 500, "auc": _figure(0.66, 0.64, 0.68), "feature": {"label": "area", "auc": 0.65}},
        {"group": "B", "children": 500, "auc": _figure(0.8, 0.78, 0.82), "feature": {"label": "talk", "auc": 0.7}},
        {"group": "C", "children": 500, "auc": _figure(0.52, 0.49, 0.55), "feature": {"label": "talk", "auc": 0.5}},
    ]
    attributes = [
        {"attribute": "g", "label": "Group", "features": [], "groups": groups, "too_few": ["D"]},
        {"attribute": "t", "label": "Term", "features": ["month"], "groups": [], "too_few": []},
        {"attribute": "n", "label": "None", "features": [], "groups": [], "too_few": []},
    ]
    evaluation = {"proxies": [{"landmark": "l", "label": "two", "children": 2000, "attributes": attributes}]}
    head, group, *others = proxies_lines(evaluation)
    assert head == "What the features tell of a child's group, seen from two (0.50 is guessing, 1.00 is knowing)"
    assert group == (
        '  Group: A somewhat (0.66, 0.64 to 0.68; most by "area"); B well (0.80, 0.78 to 0.82; most by "talk"); hardly: C; '
        "too few children to tell: D"
    )
    assert others == ["  Term: known from a feature", "  None: on record for nobody"]


def test_not_worked_out() -> None:
    """An evaluation without the test of proxies has no lines of it."""
    assert list(proxies_lines({"evaluations": []})) == []
