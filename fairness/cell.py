"""What a group of two attributes together is called: no two are called the same, whatever their groups are called."""

_BETWEEN, _OPEN, _CLOSE = ", ", "“", "”"


def cell(first: str, second: str) -> str:
    """Return "first, second"; a name that holds what stands between the two, or begins as a quotation, stands in quotation marks."""
    return _BETWEEN.join(map(_whole, (first, second)))


def _whole(name: str) -> str:
    if _BETWEEN not in name and not name.startswith(_OPEN):
        return name
    return f"{_OPEN}{name.replace(_CLOSE, 2 * _CLOSE)}{_CLOSE}"
