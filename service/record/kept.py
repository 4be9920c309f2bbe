"""What is kept whatever its age: all that belongs to a child under legal hold, to an open challenge, or to an exclusion."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, func, or_, select

from service.record.tables import chain, exclusions, held, legal_holds

_PARTS = (chain.c.seq, chain.c.id, chain.c.about)


def kept() -> CompoundSelect[Any]:
    """
    Return a query of the numbers of all entries that are kept.

    They are the entries of a child under hold, a challenge that nobody settled and the score it is about, the entries about
    those, what those are about, and the list that was recorded last before each of the scores, since the child may be on it,
    with who read that. Of a child who is excluded the entries that exclude are kept, and no other.
    """
    down = select(*_PARTS).where(or_(_under_hold(), _challenged())).cte("down", recursive=True)
    down = down.union(select(*_PARTS).join_from(chain, down, chain.c.about == down.c.id))
    up = select(down.c.seq, down.c.id, down.c.about).cte("up", recursive=True)
    up = up.union(select(*_PARTS).join_from(chain, up, chain.c.id == up.c.about))
    score, listed = chain.alias("score"), chain.alias("listed")
    last = (
        select(func.max(listed.c.seq)).where(listed.c.kind == "worklist", listed.c.seq < score.c.seq).scalar_subquery()
    )
    lists = (
        select(last.label("seq"))
        .select_from(up.join(score, score.c.seq == up.c.seq))
        .where(score.c.kind == "score")
        .cte("lists")
    )
    read = chain.alias("read")
    reads = (
        select(read.c.seq)
        .join_from(lists, listed, listed.c.seq == lists.c.seq)
        .join(read, (read.c.about == listed.c.id) & (read.c.kind == "read"))
    )
    return select(up.c.seq).union(_excluding(), select(lists.c.seq).where(lists.c.seq.is_not(None)), reads)


def _under_hold() -> Any:
    subjects = select(legal_holds.c.subject)
    return chain.c.seq.in_(select(held.c.seq).where(held.c.subject.in_(subjects)))


def _challenged() -> Any:
    """The condition of challenges that are not settled, and of what they challenge."""
    settled = select(chain.c.about).where(chain.c.kind == "challenge-outcome", chain.c.about.is_not(None))
    open_ = (chain.c.kind == "challenge") & chain.c.id.not_in(settled)
    return or_(chain.c.seq.in_(select(chain.c.seq).where(open_)), chain.c.id.in_(select(chain.c.about).where(open_)))


def _excluding() -> Select[Any]:
    joined = select(chain.c.seq).join_from(chain, held, held.c.seq == chain.c.seq)
    return joined.where(chain.c.kind == "exclusion", held.c.subject.in_(select(exclusions.c.subject)))
