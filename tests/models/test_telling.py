"""Scores told in plain words: whatever the child, the texts are short, easy, kind and true to the answer."""

import math
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from benchmarks.small_bundle import bundle_files
from models.blame import judging, protected
from models.bundle import scorer_of
from models.head import Score
from models.links import LinkDoubt
from models.narrative import FAMILY, PRACTITIONER, SUMMARY
from models.readability import grade, measure
from models.scorer import Scored, Scorer
from models.telling import FAMILY_SHOWN, Teller
from training.invented import golden_cases

ROOT = Path(__file__).parents[2]
CONTRACTS = (
    "models/contracts/england.toml",
    "examples/smocc/contract.toml",
    "tests/contracts/borough.toml",
    "tests/contracts/town.toml",
)
ROWS = 60
# Likely values of some feature or another, and values far outside what any has.
VALUES = (0.0, 1.0, 2.0, 3.0, 7.5, 11.0, 38.0, 52.5, 400.0, 3250.0, -40.0, 4999.0)


@cache
def _scorer(contract: str) -> Scorer:
    return scorer_of(bundle_files((ROOT / contract).read_text()))


@cache
def _answers(contract: str) -> tuple[Scored, ...]:
    """Answers to rows of which little or much is known, and to invented records."""
    scorer, chance = _scorer(contract), random.Random(11)  # noqa: S311 (no secret)
    given = [scorer.score(case.record(), case.age) for case in golden_cases(scorer, 5)]
    for landmark in scorer.contract.landmarks:
        asked = len(scorer.contract.features_at(landmark))
        for _ in range(ROWS):
            unknown = chance.choice((0.0, 0.1, 0.5, 0.9))
            row = [math.nan if chance.random() < unknown else chance.choice(VALUES) for _ in range(asked)]
            given.append(scorer.score_row(landmark, row))
    return tuple(answer for answer in given if isinstance(answer, Scored))


@pytest.fixture(params=CONTRACTS, ids=lambda path: Path(path).parent.name + "/" + Path(path).stem)
def contract(request: pytest.FixtureRequest) -> str:
    """Every contract there is, by its path."""
    return str(request.param)


def _each(contract: str) -> Iterator[tuple[Teller, Scored, Score]]:
    teller = Teller(_scorer(contract))
    for answer in _answers(contract):
        for score in answer.scores:
            yield teller, answer, score


def _everything(teller: Teller, answer: Scored, score: Score) -> list[str]:
    reasons = [teller.reason(reason, answer, score) for reason in score.explanation.shown]
    texts = [teller.practitioner(answer, score), teller.family(answer, score), teller.summary(score)]
    texts += [teller.frequency(score), teller.band(score).words, *teller.interval_words(score)]
    texts += [*teller.reliability(score), *teller.limits(answer)]
    texts += [change.words for change in teller.would_change(answer, score)]
    return texts + [words for told in reasons for words in (*told.labels, told.words, told.value, told.typical or "")]


def test_lengths_and_grades(contract: str) -> None:
    """Every practitioner's text has at most 1,200 letters and grade 8, every family's 700 and grade 6, every line 139."""
    for teller, answer, score in _each(contract):
        told = ((teller.practitioner(answer, score), PRACTITIONER), (teller.family(answer, score), FAMILY))
        for text, limits in told:
            assert len(text) <= limits.letters
            assert grade(*measure(text)) <= limits.grade, text
        assert len(teller.summary(score)) < SUMMARY


def test_kind(contract: str) -> None:
    """No text blames, labels or frightens, names a protected characteristic, gives a date, or holds anything like an id."""
    for teller, answer, score in _each(contract):
        for words in _everything(teller, answer, score):
            assert judging(words) is None, words
            assert protected(words) is None, words
            assert re.search(r"\d{4}|\d[ -]\d{3}[ -]\d|\d/\d|\d-\d\d-\d", words) is None, words


def test_no_cause_and_no_command(contract: str) -> None:
    """A family's text says nothing of causes, and nothing of what they should do; both texts say that nothing is decided."""
    for teller, answer, score in _each(contract):
        family, practitioner = teller.family(answer, score), teller.practitioner(answer, score)
        assert re.search(r"\b(because|cause\w*|due to|leads? to|should|must|need to|have to)\b", family) is None, family
        assert re.search(r"\b(because|caused?|leads? to)\b", practitioner) is None, practitioner
        assert "It decides nothing." in family
        assert "It decides nothing. Your own judgement comes first." in practitioner
        assert "You can ask us to check or correct" in family
        assert "put right" in practitioner


def test_the_reasons_are_the_sum(contract: str) -> None:
    """Told reasons are at most five each way and all that is not known, in order, and add up with everything else."""
    for teller, answer, score in _each(contract):
        raises, lowers, not_known, rest = score.explanation
        told = [teller.reason(reason, answer, score) for reason in score.explanation.shown]
        assert max(len(raises), len(lowers)) <= 5
        total = math.fsum([score.scored.baseline, rest, *(reason.contribution for reason in told)])
        assert total == pytest.approx(score.scored.log_odds, abs=1e-9)
        directions = [reason.direction for reason in told[: len(raises) + len(lowers)]]
        assert directions == ["raises"] * len(raises) + ["lowers"] * len(lowers)
        unknown = told[len(raises) + len(lowers) :]
        assert [reason.value for reason in unknown] == ["not known"] * len(not_known)
        assert {reason.features[0] for reason in unknown} == {feature.name for feature in answer.not_known}


def test_where_a_reason_is_from(contract: str) -> None:
    """A reason has the labels and agencies of its features, each once, and is checkable where one of them is."""
    declared = _scorer(contract).contract
    features = {feature.name: feature for feature in declared.features}
    for teller, answer, score in _each(contract):
        for reason in score.explanation.shown:
            told, of = teller.reason(reason, answer, score), [features[name] for name in reason.features]
            assert told.labels == tuple(feature.label for feature in of)
            assert set(told.agencies) == {declared.source(feature.source).agency for feature in of}
            assert len(set(told.agencies)) == len(told.agencies)
            assert told.checkable == any(feature.correctable for feature in of)
            assert (told.typical is None) == (len(of) == 2)
            assert (told.as_of is None) == (told.as_of_words is None)
            assert len(told.value.split("; ")) == len(of)


def test_the_age_of_a_reason() -> None:
    """A reason is as old as the latest event behind it, the older of two; one that is not known has no age."""
    teller = Teller(_scorer(CONTRACTS[0]))
    found = set()
    for answer in _answers(CONTRACTS[0]):
        for score in answer.scores:
            for reason in score.explanation.shown:
                told = teller.reason(reason, answer, score)
                days = [answer.as_of[name] for name in reason.features if name in answer.as_of]
                assert told.as_of == min(days, default=None)
                found.add((len(days), told.as_of_words == "at birth"))
    assert {(0, False), (1, False), (1, True), (2, False)} <= found


def test_every_term_can_be_told(contract: str) -> None:
    """Every term is told, and so is what the bound of the log-odds cut off, which is of no feature."""
    scorer = _scorer(contract)
    teller = Teller(scorer)
    for answer in _answers(contract)[-5:]:
        for score in answer.scores:
            head = scorer.head(answer.landmark.name, score.outcome.name)
            every = head.explainer.everything(answer.row, score.scored)
            told = [teller.reason(reason, answer, score) for reason in every]
            assert [reason.contribution for reason in told] == score.scored.contributions
            assert (told[-1].labels, told[-1].value, told[-1].agencies, told[-1].checkable) == ((), "", (), False)


def test_what_would_change(contract: str) -> None:
    """Only what a family could have put right would change a score: all of that which is not known, and what is shown."""
    correctable = {feature.name for feature in _scorer(contract).contract.features if feature.correctable}
    for teller, answer, score in _each(contract):
        changes = teller.would_change(answer, score)
        named = [name for change in changes for name in change.features]
        assert set(named) <= correctable
        assert len(set(named)) == len(named)
        missing = {name for change in changes if change.kind == "not_known" for name in change.features}
        assert missing == {feature.name for feature in answer.not_known} & correctable
        shown = {
            name
            for reason in score.explanation.raises + score.explanation.lowers
            for name, value in zip(reason.features, reason.values, strict=True)
            if value is not None
        }
        assert set(named) - missing == shown & correctable


def test_not_all_is_correctable() -> None:
    """The area of a home is shown as a reason, and is not what a family could have put right."""
    shown = {
        name for _, _, score in _each(CONTRACTS[0]) for reason in score.explanation.shown for name in reason.features
    }
    assert "idaci_decile" in shown


def test_what_is_not_known_is_said(contract: str) -> None:
    """Both texts say that things are not known exactly where some are, and the practitioner's how many."""
    for teller, answer, score in _each(contract):
        practitioner, family = teller.practitioner(answer, score), teller.family(answer, score)
        asked = len(answer.row)
        count = f"Not known: {len(answer.not_known)} of the {asked} things asked."
        assert (count in practitioner) == bool(answer.not_known)
        assert ("Some things are not known." in family) == bool(answer.not_known)


def test_bands(contract: str) -> None:
    """A practitioner reads the band, near a threshold that it is, and never the last band's name on an open floor."""
    last = _scorer(contract).policy.bands[-1].label
    for teller, answer, score in _each(contract):
        text, band = teller.practitioner(answer, score), teller.band(score)
        assert ("reaches into another band" in text) == band.near_threshold == score.banding.near_threshold
        is_open = not score.banding.floor_established
        assert ("could put this child in an earlier band" in text) == is_open == (band.floor == "not established")
        assert f"- {band.label[0].upper()}{band.label[1:]}: {band.offer.removesuffix('.')}." in text
        assert not (is_open and band.label == last)


def test_a_family_is_told_nothing_private() -> None:
    """What is private is told to a practitioner, and in no family's text, which then says that a person can tell more."""
    private = {f.name: f for f in _scorer(CONTRACTS[0]).contract.features if f.private}
    told_to_practitioners = False
    for teller, answer, score in _each(CONTRACTS[0]):
        family, practitioner = teller.family(answer, score), teller.practitioner(answer, score)
        rests = {name for r in score.explanation.raises + score.explanation.lowers for name in r.features} & set(
            private
        )
        for feature in private.values():
            words = (feature.raises, feature.lowers, feature.not_known)
            assert not any(f"- {said}." in family for said in words)
            told_to_practitioners |= any(f"- {said}." in practitioner for said in words)
        assert ("best told by a person" in family) == bool(rests)
    assert told_to_practitioners


def test_a_family_reads_a_few_of_one_thing_each(contract: str) -> None:
    """A family reads at most three things each way and three that are not known, none of them two things together."""
    for teller, answer, score in _each(contract):
        lines = [line for line in teller.family(answer, score).split("\n") if line.startswith("- ")]
        assert len(lines) <= 3 * FAMILY_SHOWN
        assert not any("together with" in line for line in lines)


def test_most_of_what_counts_is_told(contract: str) -> None:
    """The limits leave room: what counts most each way is told to practitioners, and nearly every family is told some."""
    wanted = told = empty = scores = 0
    for teller, answer, score in _each(contract):
        text = teller.practitioner(answer, score)
        first = [*score.explanation.raises[:1], *score.explanation.lowers[:1]]
        wanted += len(first)
        told += sum(f"- {reason.words}." in text for reason in first)
        scores += 1
        empty += "\n- " not in teller.family(answer, score)
    assert told >= 0.99 * wanted
    assert empty <= 0.05 * scores


def test_intervals(contract: str) -> None:
    """An interval is told in counts of 100, with what it does not cover, and as wider where a source is not known."""
    widened = set()
    for teller, _, score in _each(contract):
        numbers, level, not_covered = teller.interval_words(score)
        assert numbers.startswith("Of 100 children with this score, ")
        assert "elsewhere or later" in not_covered
        assert ("made wider" in level) == score.interval.widened
        widened.add(score.interval.widened)
    assert widened == {False, True}


def test_frequency(contract: str) -> None:
    """A score is told among children like this one, at this authority's own rate, beside what it is knowing nothing."""
    teller, answer, score = next(_each(contract))
    del answer
    told = score._replace(scored=score.scored._replace(probability=0.004), base_rate=0.996)
    assert teller.frequency(told) == (
        f"Of 100 children here with records like these, fewer than 1 {score.outcome.happens}; "
        "knowing nothing of a child here, more than 99."
    )


def test_links() -> None:
    """The weakest link is told where there is one, of the score that it is asked of."""
    teller, answer, score = next(_each(CONTRACTS[2]))
    source = _scorer(CONTRACTS[2]).contract.source("hub")
    assert teller.link(answer, 0) is None
    linked = Scored(
        answer.landmark,
        answer.row,
        answer.scores,
        (),
        (),
        (),
        (),
        link=LinkDoubt(0.93, (source,), (score.banding.place,)),
    )
    assert teller.link(linked, 0) == (
        "The least certain link is to the records of Family hub (of 100 such links, about 93 are right). "
        "Without it the band would be the same."
    )
