"""A hundred children as a hundred marks, before any percentage."""

from models.markup import Markup, element, svg, text

_ACROSS, _STEP = 10, 20


def of_hundred(title: str, found: int, words: tuple[str, str]) -> Markup:
    """
    Return a hundred marks, `found` of them full: who the full ones are, and who the hollow ones.

    Raises ValueError where `found` is not of a hundred.
    """
    if not 0 <= found <= _ACROSS * _ACROSS:
        raise ValueError("not of a hundred")
    counts = (found, _ACROSS * _ACROSS - found)
    says = f"{title} {counts[0]} {words[0]}; {counts[1]} {words[1]}"
    rings = _dots(found, _ACROSS * _ACROSS)
    shapes = [_shape("full", _dots(0, found)), _shape("hollow", rings), _shape("hole", rings)]
    icons = svg(says, _ACROSS * _STEP, _ACROSS * _STEP, *shapes, class_="hundred")
    told = [
        element("li", _icon(full=full), element("b", text(str(count))), text(f" {who}"))
        for full, count, who in zip((True, False), counts, words, strict=True)
    ]
    caption = element("figcaption", element("strong", text(title)))
    return element("figure", caption, icons, element("ul", *told, class_="key"), class_="frequency")


def _shape(class_: str, dots: str) -> Markup:
    return element("path", class_=class_, d=dots) if dots else Markup("")


def _dots(first: int, last: int) -> str:
    """Return marks from one to before another, a line for each row of ten: the style draws one round dot each twenty units of it."""
    rows = ((max(first, start), min(last, start + _ACROSS)) for start in range(0, _ACROSS * _ACROSS, _ACROSS))
    # A little beyond the last dot's middle, that rounding does not lose it.
    return "".join(
        f"M{_middle(at % _ACROSS)} {_middle(at // _ACROSS)}H{_middle((end - 1) % _ACROSS) + 1}"
        for at, end in rows
        if at < end
    )


def _middle(place: int) -> int:
    return place * _STEP + _STEP // 2


def _icon(*, full: bool) -> Markup:
    disc = element("circle", class_="full" if full else "hollow", cx=8, cy=8, r=7)
    return element("svg", disc, class_="icon", aria_hidden="true", width=16, height=16)
