"""Writes one source of a draft, and its columns, each guess with its evidence."""

from collections.abc import Iterator

from training.draft.column import Guess
from training.draft.source import SourceGuess
from training.draft.told import MARK, MARK_NAME, WORDS
from training.draft.toml import listed, table, text_of, timing


def source_lines(source: SourceGuess) -> Iterator[str]:
    """Yield the lines of a source."""
    timed = source.timed
    yield from (
        "",
        "[[source]]",
        f"name = {text_of(source.name)}",
        f"label = {text_of(f'{MARK}: what this source is called')}  {WORDS}",
    )
    yield f"agency = {text_of(f'{MARK}: whose it is')}"
    yield f"file = {text_of(source.extract.file)}"
    yield f"child = {text_of(source.child)}  # guessed: the key that most extracts share"
    yield f"rows = {text_of(source.rows)}  # guessed: {source.rows_why}"
    yield f"happened = {timing(timed.happened)}  # guessed: {timed.why}"
    yield f"known = {timing(timed.known)}  # {'not guessed: see above' if timed.unsure else 'guessed: by its name'}"
    if timed.date_format is not None:
        yield f"date_format = {text_of(timed.date_format)}  # guessed: so are most of its dates written"
    yield 'absence = "not_known"  # never guessed to be "none"'
    agreed = table(
        name=text_of(f"{MARK}: nobody has agreed this"), purposes=f"[{text_of(MARK_NAME)}]", expires="2000-01-01"
    )
    yield f"gateway = {agreed}"
    yield from (
        "column = [",
        *(f"    {_column(column)}," + f"  # guessed: {column.why}" for column in source.columns),
        "]",
    )


def _column(column: Guess) -> str:
    said: dict[str, object] = {"name": text_of(column.name), "type": text_of(column.type)}
    if column.step != "1":
        said["step"] = text_of(column.step)
    if column.range is not None:
        said["range"] = f"[{column.range[0]}, {column.range[1]}]"
    if column.codes:
        said["codes"] = listed(column.codes)
    if column.flags:
        said["codes"] = "{ " + ", ".join(f"{text_of(code)} = {value}" for code, value in column.flags) + " }"
    if column.missing and column.type != "key":
        said["missing"] = listed(column.missing)
    said |= {key: text_of(value) for key in ("units", "characteristic", "proxy") if (value := getattr(column, key))}
    if column.roles:
        said["roles"] = listed(column.roles)
    return table(**said)
