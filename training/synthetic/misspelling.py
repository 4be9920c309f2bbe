"""How a hand slips: on a keyboard, over a digit, over a date."""

import datetime
import string

import numpy as np

from training.synthetic.calendar import AS_AT_DAY, day

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT = {
    key: [near for near in (row[i - 1 : i] + row[i + 1 : i + 2]) + "".join(below[max(i - 1, 0) : i + 1]) if near != key]
    for row, below in zip(_ROWS, (*_ROWS[1:], ""), strict=True)
    for i, key in enumerate(row)
}


def typo(word: str, rng: np.random.Generator) -> str:
    """Return a word with one slip after its first letter: a letter too many, too few, its neighbour, or two swapped."""
    if len(word) < 3:
        return word + word[-1:].lower()
    place = int(rng.integers(1, len(word)))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    match int(rng.integers(4)):
        case 0:
            return before + letter + letter.lower() + after
        case 1:
            return before + after
        case 2 if after and after[0].lower() != letter.lower():
            return before + after[0] + letter + after[1:]
        case _:
            return before + _neighbour(letter, rng) + after


def _neighbour(letter: str, rng: np.random.Generator) -> str:
    near = _NEXT.get(letter.lower()) or list(string.ascii_lowercase)
    return near[int(rng.integers(len(near)))]


def misdialled(number: str, rng: np.random.Generator) -> str:
    """Return a number with one of its digits changed, or two neighbours that differ swapped."""
    digits = [place for place, sign in enumerate(number) if sign.isdigit()]
    swaps = [
        place for place in digits if number[place + 1 : place + 2].isdigit() and number[place] != number[place + 1]
    ]
    if swaps and rng.random() < 0.4:
        place = swaps[int(rng.integers(len(swaps)))]
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    place = digits[int(rng.integers(len(digits)))]
    return number[:place] + str((int(number[place]) + int(rng.integers(1, 10))) % 10) + number[place + 1 :]


def mistyped_postcode(postcode: str, rng: np.random.Generator) -> str:
    """Return a postcode with a digit or a letter of its second half changed, or its last two letters swapped."""
    head, tail = postcode.split(" ")
    if tail[1] != tail[2] and rng.random() < 0.25:
        return f"{head} {tail[0]}{tail[2]}{tail[1]}"
    if rng.random() < 0.5:
        return misdialled(head, rng) + " " + tail
    place = int(rng.integers(1, 3))
    letters = [letter for letter in "ABDEFGHJLNPQRSTUWXYZ" if letter != tail[place]]
    return f"{head} {tail[:place]}{letters[int(rng.integers(len(letters)))]}{tail[place + 1 :]}"


def swapped_day_and_month(born: int) -> int:
    """Return the day (from 1970) whose day and month are those of another swapped; the same where there is none."""
    date = _date(born)
    return day(datetime.date(date.year, date.day, date.month)) if date.day <= 12 else born


def wrong_birth_digit(born: int, rng: np.random.Generator) -> int:
    """Return a date of birth with its day, month or year a little off, as one digit mistyped makes it."""
    date = _date(born)
    near = [
        *(_moved(date, day=date.day + off) for off in (-10, -1, 1, 10)),
        *(_moved(date, month=date.month + off) for off in (-1, 1)),
        *(_moved(date, year=date.year + off) for off in (-1, 1)),
    ]
    possible = [found for found in near if found is not None and found <= AS_AT_DAY]
    return possible[int(rng.integers(len(possible)))]


def _date(number: int) -> datetime.date:
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=number)


def _moved(date: datetime.date, **parts: int) -> int | None:
    try:
        return day(date.replace(**parts))
    except ValueError:
        return None
