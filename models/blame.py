"""Words that blame, label or frighten a family, and words that would tell a protected characteristic of a child."""

import re

# Whatever people read of a contract, of a child or not, has none of these.
_BLAMING = re.compile(
    r"""\b(
        abandon\w* | abnormal\w* | abus\w+ | addict\w* | alcoholic\w* | alleged\w* | at[ ]risk | bad(ly)?
        | benefit[ ]claim\w* | blam\w+ | broken[ ](home|famil)\w* | chaotic | crimin\w+ | damaged | danger\w* | defect\w*
        | deficien\w+ | deficit\w* | delinquen\w+ | derelict\w* | deserving | deviant\w* | did[ ]not[ ](attend|turn[ ]up)
        | disengag\w+ | disorderly | dna('?[ ]?d|[ ]appointment\w*) | dysfunction\w* | fail\w* | fault\w* | fraud\w*
        | hard[ ]to[ ](engage|reach) | high[- ]risk | hostile | ignor\w+ | illegitimate | inadequa\w+ | incapable
        | incompeten\w+ | inferior | irresponsible | lacks? | lacking | lazy | lone[ ](mother|father|parent)s? | neglect\w*
        | no[- ]shows? | non-?[ ]?complian\w+ | non-?[ ]?engage\w+ | offend\w* | perpetrat\w+ | poor[ ](parent|mother)\w*
        | problem(atic)?[ ](child|famil|parent)\w* | refus\w+ | retard\w* | risk\w* | single[ ](mother|father|parent)s?
        | subnormal | suspect\w* | suspic\w+ | teen(age)?[ ](mother|mum|parent)\w* | threat\w* | toxic | troubled | unfit
        | uncooperative | unwilling | victim\w* | violen\w+ | vulnerab\w+ | workshy
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What is told of one child has none of these either: they judge a child, a parent or a home.
_JUDGING = re.compile(
    r"""\b(
        backward\w* | behind | delay\w* | depriv\w+ | disadvantag\w* | disorder\w* | harm\w* | impair\w* | miss(ed|ing)?
        | normal | poor\w* | poverty | slow\w* | unemploy\w* | weak\w* | workless\w* | worr\w+ | worse | worst
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PROTECTED = re.compile(
    r"""\b(
        boys? | girls? | male | female | sons? | daughters? | ethnic\w* | race | racial | nationalit\w+ | migrant\w*
        | refugee\w* | asylum | travellers? | first[ ]language | mother[ ]tongue | interpreter\w* | religio\w+ | faith
        | disab\w+ | special[ ](educational[ ])?needs | send?[ ]support | ehc
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def blaming(words: str) -> str | None:
    """Return the first of these words that blames or labels people, if one does."""
    return _first(_BLAMING, words)


def judging(words: str) -> str | None:
    """Return the first of these words that should not be said of one child, if any should not."""
    return blaming(words) or _first(_JUDGING, words)


def protected(words: str) -> str | None:
    """Return the first of these words that tells a protected characteristic, if one does."""
    return _first(_PROTECTED, words)


def _first(pattern: re.Pattern[str], words: str) -> str | None:
    found = pattern.search(words)
    return found.group() if found is not None else None
