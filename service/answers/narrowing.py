"""Narrows the published shape of answers to what is live: the names of the contract, and the bands of the policy."""

from collections.abc import Iterable
from typing import Any

from models.bundle import Bundle

Schema = dict[str, Any]

_ANSWERS = ("ScoredInShort", "ScoredAnswer", "FullAnswer", "NotScoredInShort", "NotScoredAnswer")


def narrow(components: Schema, bundle: Bundle) -> None:
    """Narrow the component schemas of `service.answers.shape.AnyAnswer`, in place."""
    contract = bundle.contract
    bands = [band.code for band in bundle.scorer.policy.bands]
    features, outcomes = _names(contract.features), _names(contract.outcomes)
    _fields(components, ("AtLandmark",), "name", _names(contract.landmarks))
    _fields(components, ("SourceGiven", "DataGiven"), "name", _names(contract.feature_sources))
    _fields(components, ("ScoreInShort", "ScoreGiven", "FullScore"), "outcome", outcomes)
    _fields(components, ("BandGiven", "ShortBand"), "code", {"enum": bands})
    _fields(components, ("LinkGiven",), "band_without", {"enum": [*bands, None]})
    _fields(components, _ANSWERS, "purpose", {"enum": list(contract.purposes)})
    _items(components, ("ReasonGiven", "TermGiven", "ChangeGiven", "ShortReason"), "features", features)
    _items(components, ("ScoreInShort",), "not_known", features)
    _items(components, ("DataGiven",), "known", features)
    _items(components, ("DataGiven",), "not_known", features)


def _fields(components: Schema, shapes: Iterable[str], field: str, names: Schema) -> None:
    for shape in shapes:
        components[shape]["properties"][field] |= names


def _items(components: Schema, shapes: Iterable[str], field: str, names: Schema) -> None:
    for shape in shapes:
        components[shape]["properties"][field]["items"] |= names


def _names(parts: Iterable[Any]) -> Schema:
    return {"enum": [part.name for part in parts]}
