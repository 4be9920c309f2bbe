"""What is wrong with the columns of a table that say which groups children are of: never what stands in them."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fairness.scored import NOT_RECORDED, audit_column
from fairness.table_file import Faults
from models.identifiers import is_identifier

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
# A characteristic divides many children into a few groups; what names nearly each child is none.
_MOST_GROUPS, _CHILDREN_A_GROUP = 30, 20


def check_names(attributes: Sequence[str], faults: Faults) -> None:
    """Keep a problem of each attribute whose column is not named as a contract would name it."""
    for name in attributes:
        if not _NAME.fullmatch(name):
            what = 'a column "audit_..." is not named as a characteristic is'
            faults.say(what, "Use small letters, digits and _, a letter first: audit_language.")


def check_groups(rows: pd.DataFrame, declared: Mapping[str, Sequence[str]], faults: Faults) -> None:
    """
    Keep what is wrong with the groups of each attribute of `declared` (its groups; none where they are whatever is found).

    Groups that are not declared, national identifiers, and as many groups as only children have are faults.
    """
    for attribute, groups in declared.items():
        column = audit_column(attribute)
        found = rows[column].to_numpy(dtype=np.str_)
        names, of = np.unique(found, return_inverse=True)
        if len(names) > max(_MOST_GROUPS, len(found) // _CHILDREN_A_GROUP):
            faults.say(
                "names nearly as many groups as children", "Audit a characteristic, or wider groups of it.", column
            )
            continue
        identifiers = np.array([is_identifier(name) for name in names.tolist()], dtype=np.bool_)
        faults.rows(rows, identifiers[of], column, "hold an NHS number or a unique pupil number", "Name groups.")
        if groups:
            undeclared = ~np.isin(names, [*groups, NOT_RECORDED]) & ~identifiers
            remedy = f"Write one of {', '.join(groups)}, or {NOT_RECORDED}."
            faults.rows(rows, undeclared[of], column, "hold a group that is not declared", remedy)
