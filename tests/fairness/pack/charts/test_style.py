"""The style sheet's own promises; how it looks is for the browser's tests."""

import re

from fairness.pack.charts.style import STYLE, style


def test_nothing_is_fetched() -> None:
    """No font, no picture, no other sheet."""
    assert not re.search(r"url\(|@import|@font-face|src\s*:", STYLE)


def test_what_stands_at_the_foot_of_a_page_cannot_end_its_string_or_the_sheet() -> None:
    """Quotes, backslashes, new lines and tags are escaped as CSS has it."""
    rule = style('a "b" \\ </style>\n').removeprefix(STYLE)
    assert rule == '@page { @bottom-left { content: "a \\22 b\\22  \\5c  \\3c /style>\\a "; } }\n'
