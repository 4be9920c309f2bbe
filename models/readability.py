"""
How hard a text is to read: the Flesch-Kincaid grade (Kincaid and others, 1975), the school year of the United States.

Syllables are counted by rule; a number counts as it is read aloud, a code such as ASQ-3 letter by letter.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_END = re.compile(r"[.!?](?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
# Vowels side by side that are two syllables.
_TWO = re.compile(
    r"(?<![cgtxsln])i(?=[ao]|u(?!s$)|ous)(?!our)"  # vari-ous, tri-al, peri-od
    r"|(?<=[ct])i(?=at)"  # associ-ation
    r"|(?<![cgtxs])i(?=et|en[ct])"  # vari-ety, experi-ence
    r"|(?<=..)i(?=er$|est$)"  # earli-er
    r"|(?<!p)e(?=o)(?!ou)|(?<=cr)e(?=at)"  # the-ory, cre-ate
    r"|(?<=[aeiouy])(?=ing)"  # go-ing
    r"|(?<![qg])u(?=[ao]|e[ln])"  # usu-al, cru-el
    r"|(?<=[aeo])y(?=[aeo])(?!ed)"  # play-er
    r"|o(?=e[mt])|(?<=s)(?=m$)"  # po-em, autis-m
)
# An e that is not said: at the end but for -le, in -es and -ed, and at the end of a word that another follows.
_SILENT = re.compile(
    r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$"
    r"|(?<=[^aeiouyscxzglh])es$|(?<=[aeiouy]l)es$|(?<=th)es$"
    r"|(?<=[^aeiouytdl])ed$|(?<=[aeiouyl]l)ed$"
    r"|(?<=[aeiouy][^aeiouyl])e(?=(?:ment|ly|ful|less|ness|care|where|thing|times?|teen|stone)s?)"
)
_ODD = {
    word: count
    for count, words in (
        (1, "aged eye eyes"),
        (2, "being business colleague elsewhere every evening giant judgement leopard lion maybe milestone milestones"),
        (2, "people react reacts real really rhythm ruin fluid science soldier someone themselves therefore triplet"),
        (3, "alliance area areas cereal different everyone idea ideas liable museum recipe reliance somebody theatre"),
        (4, "reliable society"),
        (6, "reliability"),
    )
    for word in words.split()
}
_DIGITS = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1)
_TEENS = (1, 3, 1, 2, 2, 2, 2, 3, 2, 2)
_TENS = (0, 0, 2, 2, 2, 2, 2, 3, 2, 2)


class Measure(NamedTuple):
    """What a text's grade is made of; measures of sentences add up."""

    sentences: int
    words: int
    syllables: int


def grade(sentences: int, words: int, syllables: int) -> float:
    """Return the Flesch-Kincaid grade; a text without a full stop is one sentence, and that of no words is 0."""
    return 0.39 * words / (sentences or 1) + 11.8 * syllables / words - 15.59 if words else 0.0


@lru_cache(maxsize=8192)
def measure(text: str) -> Measure:
    """Count a text's sentences (by their full stops), words and syllables."""
    words = _WORD.findall(text)
    syllables = 0
    for word in words:
        syllables += count_syllables(word)
    return Measure(len(_END.findall(text)), len(words), syllables)


def count_syllables(word: str) -> int:
    """Return the syllables of one word, as it is read aloud."""
    if word[0].isdigit():
        return _of_number(word)
    if len(word) > 1 and word.isupper():
        return len(word) + 2 * word.count("W")
    plain = word.lower().removesuffix("'s").replace("'", "")
    return _ODD.get(plain) or _by_rule(plain)


def _by_rule(word: str) -> int:
    return max(1, len(_VOWELS.findall(word)) + len(_TWO.findall(word)) - len(_SILENT.findall(word)))


def _of_number(written: str) -> int:
    whole, _, decimals = written.replace(",", "").partition(".")
    count = _of_whole(int(whole))
    if decimals:
        count += 1
        for digit in decimals:
            count += _DIGITS[int(digit)]
    return count


def _of_whole(number: int) -> int:
    if number >= 1000:
        return _of_whole(number // 1000) + 2 + (_of_whole(number % 1000) if number % 1000 else 0)
    if number >= 100:
        return _DIGITS[number // 100] + 2 + (1 + _of_whole(number % 100) if number % 100 else 0)
    if number >= 20:
        return _TENS[number // 10] + (_DIGITS[number % 10] if number % 10 else 0)
    return _TEENS[number - 10] if number >= 10 else _DIGITS[number]
