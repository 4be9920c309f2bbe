"""What people made of a score: seen, agreed or disagreed with, and what was done. Codes and times; never their words."""

from service.actions.forms import FORMS, read_form
from service.actions.recorded import kept_score, note
from service.call import Call, Reply
from service.problems import BREAKS_FORM, refused
from service.slots import fault_at


async def feedback(call: Call) -> Reply:
    """Record that a score was viewed, agreed with or disagreed with; who disagrees says why, by a code."""
    kept = await kept_score(call, writing=True)
    body, said = await read_form(call, "feedback")
    disagreed = said["what"] == "disagreed"
    if disagreed != ("reason" in said):
        raise refused(
            [fault_at(FORMS["feedback"].root, ("reason",), "missing" if disagreed else "not_needed")], BREAKS_FORM
        )
    return await note(
        call, kept, "feedback", body, {name: said.get(name) for name in ("what", "reason", "action", "at")}, 201
    )
