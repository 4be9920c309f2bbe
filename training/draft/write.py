"""Writes a draft as TOML that a person edits: each guess with its evidence, and first of all what could not be guessed."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.draft.birth import Birth
from training.draft.questions import FeatureGuess, OutcomeGuess, audited, features_of, landmark_of
from training.draft.source import SourceGuess, family_of
from training.draft.told import MARK, MARK_NAME, WORDS
from training.draft.toml import table, text_of
from training.draft.write_source import source_lines

_WIDTH = 118
_ALWAYS = (
    "codes: ten children or more have each that is listed. Read them before the draft is passed on: they are the extracts' own.",
    "gateways: by what agreement, for what, until when each source may be used. Until then training refuses the contract.",
    "absence: no row is drafted as not known everywhere. That nothing happened is never guessed: it needs proof (coverage).",
    "landmarks: at what ages a score is wanted is for people to say; one stands here so that the rest fits together.",
    "words: what is said of each source and feature; which way each is expected to push; what a family could correct.",
    "ties: which of two values of one day holds. Not known, until a column says otherwise.",
    "ranges: they hold what was seen, an end that few children have moved out to a round number. Say what is possible.",
    "derived columns, cut-offs and the rules that a model must beat.",
    "scope: who must not be scored.",
    "proxies: a column that stands in for a protected characteristic, where no name gave it away.",
    "linkage: how the records of one child are found, where the agencies share no key.",
)


@dataclass(frozen=True, slots=True)
class Found:
    """All that was guessed of a folder, and what could not be."""

    sources: tuple[SourceGuess, ...]
    birth: Birth | None
    outcome: OutcomeGuess
    unsure: tuple[str, ...]


def draft_text(found: Found) -> str:
    """Return the draft, which is the same for the same extracts."""
    lines = [*_top(found), *_outcome(found.outcome), *_audit(found.sources), *_helps(found.sources)]
    for source in found.sources:
        lines += source_lines(source)
    for feature in features_of(found.sources, found.outcome):
        lines += _feature(feature)
    return "\n".join(lines) + "\n"


def _top(found: Found) -> Iterator[str]:
    age, until = landmark_of(found.outcome)
    yield "# A draft, made from names and counts. Nobody has agreed it, and nothing can be learned by it until somebody has:"
    yield "# `earlyid contract check` names what is left to settle. Edit each line; take its comment out when it is settled."
    yield "#"
    for told in (*found.unsure, *_ALWAYS):
        yield from _comment(f"could not guess: {told}")
    yield from ("", "format = 1", 'name = "draft"', f"label = {text_of(f'{MARK}: what this contract is called')}")
    yield f"description = {text_of(f'{MARK}: what is foreseen, from what, for whom, and what it is not for')}"
    if found.birth is not None:
        yield f"# guessed: {found.birth.why}"
        yield f"birth = {table(source=text_of(found.birth.source), column=text_of(found.birth.column))}"
        yield "# guessed: the school year of England; cohorts are years of birth from this month on"
        yield "cohort = { year_starts_month = 9 }"
    family = family_of(found.sources)
    if family is not None:
        yield "# guessed: by its name, the key that brothers and sisters share"
        yield f"family = {table(source=text_of(family[0]), column=text_of(family[1]))}"
    yield "# not guessed: one plausible age, in days, and the age before which a score of it may be asked for"
    landmark = table(name=text_of(MARK_NAME), label=text_of(f"{MARK}: {age} days"), age=age, until=until)
    yield f"landmark = [{landmark}]"


def _outcome(outcome: OutcomeGuess) -> Iterator[str]:
    hint = outcome.known
    yield from ("", "[[outcome]]")
    if hint is None:
        yield "# not guessed: no extract has columns that are known to tell an outcome. This stands here, and is met by no row."
        words = {"name": MARK_NAME, "label": f"{MARK}: the outcome", "happens": f"{MARK}: what happened"}
    else:
        yield f"# guessed: the extract has its {len(hint.columns)} columns. Read the rule against the definition you go by."
        words = {"name": hint.name, "label": hint.label, "happens": hint.happens, "plainly": hint.plainly}
    yield from (f"{key} = {text_of(value)}" for key, value in words.items())
    yield f"source = {text_of(outcome.source.name)}"
    yield f"window = [{outcome.window[0]}, {outcome.window[1]}]  # guessed: round ages, in days, that hold nearly all its rows"
    if hint is None:
        yield from (
            'take = "latest"',
            'rule = "age < -9999"',
            f"definition = {text_of(f'{MARK}: which definition, of which year')}",
        )
        return
    yield f"valid = {text_of(' AND '.join(f'{column} {hint.each.valid}' for column in hint.columns))}"
    yield from (
        'take = "latest"',
        f"rule = {text_of('NOT (' + ' AND '.join(f'{c} {hint.each.reached}' for c in hint.columns) + ')')}",
    )
    yield f"definition = {text_of(hint.definition)}"
    if outcome.definition_column is not None:
        yield f"definition_column = {text_of(outcome.definition_column)}  # guessed: by its name, and a code that is the definition"


def _audit(sources: Sequence[SourceGuess]) -> Iterator[str]:
    for name, source, column in audited(sources):
        yield from (
            "",
            "[[audit]]",
            "# guessed: a protected characteristic, by its name. Its labels say what the codes mean.",
        )
        yield from (f"name = {text_of(name)}", f"label = {text_of(f'{MARK}: {column.name}')}")
        yield from (f"source = {text_of(source.name)}", f"column = {text_of(column.name)}")


def _helps(sources: Sequence[SourceGuess]) -> Iterator[str]:
    for source in sources:
        if source.with_role("intervention"):
            yield from (
                "",
                "[[intervention]]",
                "# guessed: by a column's name. Help that may change the outcome is never a feature.",
            )
            yield from (f"name = {text_of(source.name)}", f"label = {text_of(f'{MARK}: what the help is called')}")
            yield from (f"source = {text_of(source.name)}", 'handling = "report"')
            yield f"reason = {text_of(f'{MARK}: why it is handled so')}"


def _feature(feature: FeatureGuess) -> Iterator[str]:
    asked = f"{feature.source} {feature.column}" if feature.column is not None else f"rows of {feature.source}"
    yield from ("", "[[feature]]", f"name = {text_of(feature.name)}", f"label = {text_of(f'{MARK}: {asked}')}  {WORDS}")
    yield from (f"source = {text_of(feature.source)}", f"take = {text_of(feature.take)}")
    if feature.column is not None:
        yield f"column = {text_of(feature.column)}"
    if feature.units is not None:
        yield f"units = {text_of(feature.units)}"
    yield 'direction = "none"  # not guessed: raises, lowers or none'
    for way in ("raises", "lowers", "not_known"):
        yield f"{way} = {text_of(f'{MARK}: what is said of it')}"
    yield "correctable = false  # not guessed: whether a family could check it or have it put right"


def _comment(words: str) -> list[str]:
    return textwrap.wrap(words, _WIDTH, initial_indent="# ", subsequent_indent="#     ", break_long_words=False)
