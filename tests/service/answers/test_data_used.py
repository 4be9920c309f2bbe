"""What an answer rests on: every source that is asked, what of it was known by the landmark, and what is proven."""

from collections.abc import Callable
from typing import Any

from models.bundle import Bundle

Told = dict[str, Any]
Ask = Callable[[Told], Told]


def test_source_by_source(ask: Ask, bundle: Bundle, request_body: Told) -> None:
    """A full answer lists every source that is asked, each feature once, and the age of the latest fact that was known."""
    told = ask(request_body | {"detail": "full"})
    used = {source["name"]: source for source in told["data_used"]}
    features = [f.name for f in bundle.contract.features_at(bundle.contract.landmark("two_year"))]
    assert sorted(name for one in used.values() for name in (*one["known"], *one["not_known"])) == sorted(features)
    assert (used["births"]["agency"], used["births"]["known"], used["births"]["latest"]) == (
        "Maternity",
        ["birthweight"],
        0,
    )
    assert (used["contacts"]["events"], used["contacts"]["latest"], used["contacts"]["proven"]) == (2, 700, True)
    assert (used["hub"]["events"], used["hub"]["latest"], used["hub"]["proven"]) == (0, None, True)
    unknown = {reason["features"][0] for score in told["scores"] for reason in score["not_known"]}
    assert unknown == {name for one in used.values() for name in one["not_known"]}


def test_what_became_known_later(ask: Ask, request_body: Told) -> None:
    """A fact that became known after the landmark is no part of what the answer rests on."""
    before = ask(request_body | {"detail": "full"})["data_used"]
    request_body["sources"]["reviews"]["events"].append({"happened": 750, "known": 900, "communication": 60})
    assert ask(request_body | {"detail": "full"})["data_used"] == before


def test_only_a_full_answer_says_so(ask: Ask, request_body: Told) -> None:
    """A standard answer does not list data."""
    assert "data_used" not in ask(request_body)


def test_links(ask: Ask, request_body: Told) -> None:
    """A source whose records were linked says how probable that is; one that was not says nothing."""
    request_body["sources"]["contacts"]["link"] = 0.97
    used = {source["name"]: source["link"] for source in ask(request_body | {"detail": "full"})["data_used"]}
    assert used == dict.fromkeys(used) | {"contacts": 0.97}
