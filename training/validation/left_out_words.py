"""What is left out, and what the features tell of it all the same, in lines that a board can read."""

from collections.abc import Iterator
from typing import Any

from training.validation.proxies import told

Part = dict[str, Any]
Figure = dict[str, float | None]

SIDE_BY_SIDE = (
    "Where one group has the outcome more often, a list cannot do both: foresee in each group as many as happen, and find "
    "the same share of each group's children with the outcome. Both models stand here side by side: which to use is for "
    "people to decide."
)


def without_lines(part: Part) -> Iterator[str]:
    """Say, of an evaluated landmark and outcome, what each audit attribute and each source is worth."""
    found = part["full"]["without"]
    yield (
        f"  what is left out costs what ({found['candidate']}, a list of {found['capacity']:.0%}, learned again each time; of "
        "twenty intervals one excludes 0 by chance)"
    )
    attributes, sources = found["attributes"], found["sources"]
    clear = [one for one in attributes if _is_clear(one)]
    for attribute in clear:
        yield from _attribute(attribute)
    yield from _unclear("put in or taken out", [one["label"] for one in attributes if one not in clear])
    for source in sources:
        if source["difference"] is None:
            yield f"    without {source['label']} nothing is left that tells of the outcome"
        elif _differs(source["difference"]["auc"]) or _differs(source["difference"]["recall"]):
            yield f"    without {source['label']} ({_counted(source['features'])}) {_both(source['difference'])}"
    unclear = [one for one in sources if one["difference"] is not None and not _is_clear(one)]
    yield from _unclear("without any one of", [one["label"] for one in unclear])
    if any(one["change"] == "with" for one in clear):
        yield f"    {SIDE_BY_SIDE}"


def _is_clear(one: Part) -> bool:
    """Whether anything is told of a change: it could not be learned, or a difference's interval excludes 0."""
    difference = one["difference"]
    if difference is None:
        return True
    of_groups = [group["difference"]["recall"] for group in one.get("groups", ()) if group["difference"] is not None]
    return any(map(_differs, [difference["auc"], difference["recall"], *of_groups]))


def _attribute(one: Part) -> Iterator[str]:
    if one["difference"] is None:
        yield f"    {_changed(one)} nothing is left that tells of the outcome"
        return
    yield f"    {_changed(one)} {_both(one['difference'])}"
    for group in one["groups"]:
        if group["difference"] is not None and _differs(group["difference"]["recall"]):
            yield f"      {_group(group)}"


def _changed(one: Part) -> str:
    if one["change"] == "without":
        return f"{one['label']} is known from a feature: without it"
    if one["recorded"] == "later":
        return f"{one['label']} is recorded after this landmark, and shown for scale only: with it"
    return f"{one['label']} is left out: with it"


def _both(difference: dict[str, Figure]) -> str:
    return f"AUC is {_accuracy(difference['auc'])}; of 100 with the outcome the list finds {_children(difference['recall'])}"


def _group(group: Part) -> str:
    before, after = group["shipped"], group["changed"]
    beyond = (
        f"; of 100 in all, {_beyond(after['calibration_gap'])} (as it ships: {_beyond(before['calibration_gap'])})"
        if after["calibration_gap"] is not None and before["calibration_gap"] is not None
        else ""
    )
    return (
        f"{group['group']}: {_of_100(after['selection_rate'])} of 100 on the list (as it ships: "
        f"{_of_100(before['selection_rate'])}); of 100 with the outcome it finds {_of_100(after['recall'])} "
        f"({_of_100(before['recall'])}){beyond}"
    )


def proxies_lines(evaluation: Part) -> Iterator[str]:
    """Say, landmark by landmark, how well the features tell a child's group; nothing where that was not worked out."""
    for landmark in evaluation.get("proxies", ()):
        yield f"What the features tell of a child's group, seen from {landmark['label']} (0.50 is guessing, 1.00 is knowing)"
        for attribute in landmark["attributes"]:
            yield f"  {attribute['label']}: {'; '.join(_guessed(attribute))}"


def _guessed(attribute: Part) -> Iterator[str]:
    if attribute["features"]:
        yield "known from a feature"
    for group in attribute["groups"]:
        area, most = group["auc"], group["feature"]
        word = told(area["value"])
        if word != "hardly":
            yield (
                f"{group['group']} {word} ({area['value']:.2f}, {area['low']:.2f} to {area['high']:.2f}; most by "
                f'"{most["label"]}")'
            )
    hardly = [group["group"] for group in attribute["groups"] if told(group["auc"]["value"]) == "hardly"]
    if hardly:
        yield f"hardly: {', '.join(hardly)}"
    if attribute["too_few"]:
        yield f"too few children to tell: {', '.join(attribute['too_few'])}"
    elif not attribute["features"] and not attribute["groups"]:
        yield "on record for nobody"


def _unclear(how: str, labels: list[str]) -> Iterator[str]:
    if labels:
        yield f"    no clear difference {how}: {', '.join(labels)}"


def _differs(figure: Figure) -> bool:
    low, high = figure["low"], figure["high"]
    return low is not None and high is not None and (low > 0 or high < 0)


def _accuracy(figure: Figure) -> str:
    value, low, high = figure["value"], figure["low"], figure["high"]
    if value is None or low is None or high is None:
        return "not known"
    if not _differs(figure):
        return f"not clearly different ({low:+.3f} to {high:+.3f})"
    return f"{abs(value):.3f} {'higher' if value > 0 else 'lower'} ({low:+.3f} to {high:+.3f})"


def _children(figure: Figure) -> str:
    value, low, high = figure["value"], figure["low"], figure["high"]
    if value is None or low is None or high is None:
        return "nobody can tell how many"
    if not _differs(figure):
        return f"not clearly more or fewer ({100 * low:+.1f} to {100 * high:+.1f})"
    return f"{abs(100 * value):.1f} {'more' if value > 0 else 'fewer'} ({100 * low:+.1f} to {100 * high:+.1f})"


def _beyond(gap: float) -> str:
    """Say how many of 100 had the outcome beyond those foreseen."""
    children = round(100 * gap)
    return (
        "as many as foreseen"
        if not children
        else f"{abs(children)} {'more' if children > 0 else 'fewer'} than foreseen"
    )


def _of_100(share: float | None) -> str:
    return "not told" if share is None else f"{100 * share:.0f}"


def _counted(features: list[str]) -> str:
    return f"{len(features)} feature{'s' * (len(features) > 1)}"
