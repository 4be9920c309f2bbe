"""The columns of a matrix: which types they may have, and what a cell of theirs breaks."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from models.batch import Bools
from models.estimator import Floats
from models.identifiers import is_identifier
from service.batch.areas import ALL_SHOWN, NOT_KNOWN

# As a request's subject; what may be a national identifier is looked at more closely.
_SUBJECT = "^[A-Za-z0-9._:-]{1,64}$"
_MAYBE_IDENTIFIER = "[0-9]{3}[._:-]?[0-9]{3}[._:-]?[0-9]{4}|[A-Za-z][0-9]{11}"
# What begins with anything else could be a formula to whoever opens a table of areas.
_AREA = r"^[\pL\pN][\pL\pN ,.:'&()/_-]{0,63}$"


def is_number(kind: pa.DataType) -> bool:
    """Whether a feature may be held so: as a double, as whole numbers, or not at all."""
    return bool(pa.types.is_float64(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind))


def is_text(kind: pa.DataType) -> bool:
    """Whether a text may be held so."""
    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(held) or pa.types.is_large_string(held) or pa.types.is_null(held))


def is_texts(kind: pa.DataType) -> bool:
    """Whether a list of texts may be held so."""
    listed = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return bool(pa.types.is_null(kind)) or (listed and is_text(kind.value_type))


def numbers(column: pa.Array) -> Floats:
    """Return a column's numbers, NaN where there is none; raises ArrowInvalid for one that a double cannot hold."""
    held: Floats = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return held


def texts(column: pa.Array) -> pa.Array:
    """Return a column's texts; raises ArrowInvalid when they are not UTF-8."""
    held = column.cast(pa.string())
    held.validate(full=True)
    return held


def places(column: pa.Array, names: list[str]) -> NDArray[np.int64]:
    """Return where each text stands among `names`; -1 where it does not."""
    found: NDArray[np.int64] = pc.index_in(column, pa.array(names, pa.string())).fill_null(-1).to_numpy(False)
    return found.astype(np.int64)


def among(column: pa.Array, names: pa.Array) -> Bools:
    """Return which texts are among `names`."""
    found: Bools = pc.is_in(column, names).to_numpy(zero_copy_only=False)
    return found


def listed(column: pa.Array, names: list[str]) -> tuple[Bools, Bools, Bools]:
    """Return which of `names` (n, names) each list holds, which lists hold another text (n,), and which are none (n,)."""
    lists = column.cast(pa.list_(pa.string()))
    flat = places(texts(lists.flatten()), names)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    holds = np.zeros((len(lists), len(names) + 1), dtype=np.bool_)
    holds[rows, flat] = True
    return holds[:, :-1], holds[:, -1], lists.is_null().to_numpy(zero_copy_only=False)


def wrong_subjects(column: pa.Array) -> dict[str, Bools]:
    """Return, by reason, the rows whose subject is none that may be told."""
    shaped = _matches(column, _SUBJECT)
    maybe = np.flatnonzero(shaped & _matches(column, _MAYBE_IDENTIFIER))
    identifies = np.zeros(len(column), dtype=np.bool_)
    identifies[[i for i in maybe.tolist() if is_identifier(column[i].as_py())]] = True
    return {"not-a-reference": ~shaped, "subject-is-an-identifier": identifies}


def wrong_areas(column: pa.Array) -> dict[str, Bools]:
    """Return, by reason, the rows whose area is no name, or one of ours; not to know the area is not wrong."""
    ours = among(column, pa.array([NOT_KNOWN, ALL_SHOWN]))
    return {"not-a-name": ~_matches(column.fill_null("a"), _AREA) | ours}


def _matches(column: pa.Array, pattern: str) -> Bools:
    found: Bools = pc.match_substring_regex(column, pattern).fill_null(False).to_numpy(zero_copy_only=False)
    return found
