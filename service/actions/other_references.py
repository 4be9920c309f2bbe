"""
References that come along with a child's: of a text in the caller's own system, and of the person who asks.

They are kept as they are, so neither may be the reference of the child, of which only what stands for it is kept.
"""

from collections.abc import Mapping
from typing import Any

from service.actions.forms import FORMS
from service.call import Call
from service.problems import BREAKS_FORM, Refused, refused
from service.slots import fault_at


def check_user(call: Call, child: bytes | None) -> None:
    """Raise Refused (422) where the person who asks is given by the reference of the child, by what stands for that."""
    user = call.caller.user
    if user is not None and call.service.references.of(user) == child:
        raise Refused(BREAKS_FORM, "Earlyid-User is a reference of whoever asks, never of a child.")


def check_text(call: Call, form: str, field: str, said: Mapping[str, Any], child: bytes | None) -> None:
    """Raise Refused (422) where a field that refers to a text is the reference of the child."""
    given = said.get(field)
    if given is not None and call.service.references.of(given) == child:
        raise refused([fault_at(FORMS[form].root, (field,), "is_the_child")], BREAKS_FORM)
