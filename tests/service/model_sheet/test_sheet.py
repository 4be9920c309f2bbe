"""The whole page: nothing of the model is left out, every figure is the model's, and it stands alone."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.bundle import Bundle
from models.errors import IntegrityError
from models.estimator import Estimator, expit
from models.feature import Feature
from models.plain_words import NOT_CONSIDERED, STAMP
from models.terms import LinearTerm, PairTerm, StepTerm
from service.model_sheet.figures import initial
from service.model_sheet.parts import Part, parts_of
from service.model_sheet.sheet import sheet
from service.model_sheet.term_article import HELD_TO

Read = Callable[[str], ET.Element]
Files = dict[str, bytes]
ROOT = Path(__file__).parents[3]
MINUS, FEW = "\N{MINUS SIGN}", "°"
NAN = float("nan")


def _text(node: ET.Element) -> str:
    return "".join(node.itertext())


def _number(words: str) -> float:
    return float(words.replace(MINUS, "-").removesuffix(FEW).replace(",", ""))


def _articles(tree: ET.Element) -> dict[str, ET.Element]:
    """Return the terms on the page by the name that links lead to them by."""
    return {article.attrib["aria-labelledby"]: article for article in tree.iter("article")}


def _rows(article: ET.Element) -> list[list[str]]:
    """Return the rows of a term's table, headings left out, each with its name first."""
    return [[_text(cell) for cell in row] for body in article.iter("tbody") for row in body.iter("tr")]


def _grid(article: ET.Element) -> list[list[str]]:
    """Return a pair's table with its headings, the feature named first going down."""
    headings = [_text(heading) for heading in next(article.iter("thead")).iter("th")]
    return [headings, *_rows(article)]


@pytest.fixture(scope="module")
def england(filled: Callable[[str], Files], bundled: Callable[[Files], Bundle]) -> Bundle:
    """A bundle of the contract that is shipped, which is as large as they come."""
    return bundled(filled((ROOT / "models/contracts/england.toml").read_text(encoding="utf-8")))


def test_every_term_with_its_words(england: Bundle, read: Read) -> None:
    """Every term of every estimator has a place of its own, with the words, units, source and agency of its features."""
    articles = _articles(read(sheet(england)))
    parts = parts_of(england)
    assert len(articles) == sum(len(part.spec.terms) for part in parts) > 300
    for part in parts:
        features = {feature.name: feature for feature in part.features}
        for place, term in enumerate(part.spec.terms, start=1):
            told = _text(articles[f"{part.name}-{place}"])
            for name in term.features:
                assert _labelled(told, features[name])
                source = england.contract.source(features[name].source)
                assert f"{source.label} ({source.agency})" in told
            if not isinstance(term, PairTerm):
                feature = features[term.feature]
                words = (
                    feature.raises,
                    feature.lowers,
                    feature.not_known,
                    feature.units or "",
                    HELD_TO[feature.direction],
                )
                assert all(one in told for one in words)


def _labelled(told: str, feature: Feature) -> bool:
    return feature.label in told or initial(feature.label) in told


def test_every_value_is_the_models(shown: Bundle, tree: ET.Element) -> None:
    """Every contribution on the page is the one that is served, to three places, and stands in its cell's place."""
    articles = _articles(tree)
    kinds: Counter[str] = Counter()
    for part in parts_of(shown):
        slope = part.calibration.slope
        for place, term in enumerate(part.spec.terms, start=1):
            article, kinds[term.kind] = articles[f"{part.name}-{place}"], kinds[term.kind] + 1
            if isinstance(term, PairTerm):
                assert [[_number(cell) for cell in row[1:]] for row in _rows(article)] == [
                    [round(slope * value, 3) for value in line] for line in term.values
                ]
            elif isinstance(term, StepTerm):
                assert [_number(row[1]) for row in _rows(article)] == [round(slope * value, 3) for value in term.values]
            else:
                at = (term.low, part.inputs[term.feature].typical, term.high)
                ends = [slope * term.coefficient * (x - term.centre) for x in at]
                assert [_number(row[1]) for row in _rows(article)] == [
                    round(x, 3) for x in (*ends, slope * term.not_known)
                ]
    assert set(kinds) == {"linear", "step", "pair"}


def test_refits(shown: Bundle, tree: ET.Element) -> None:
    """Every curve has its bounds over the refits beside each value, those of *not known* last."""
    articles = _articles(tree)
    for part in parts_of(shown):
        for place, term in enumerate(part.spec.terms, start=1):
            if isinstance(term, StepTerm):
                bounds = [row[3] for row in _rows(articles[f"{part.name}-{place}"])]
                wanted = [f"{MINUS}{0.6 + 0.01 * i:.3f} to +{0.6 + 0.01 * i:.3f}" for i in range(len(term.values))]
                assert bounds == wanted


@pytest.fixture(scope="module")
def by_hand(shown: Bundle, tree: ET.Element) -> list[tuple[Part, list[ET.Element], float]]:
    """For each landmark and outcome: its terms on the page, and the baseline that the page says."""
    articles = _articles(tree)
    told = []
    for part in parts_of(shown):
        section = next(s for s in tree.iter("section") if s.attrib["aria-labelledby"] == part.name)
        baseline = re.search(rf"Baseline: ([{MINUS}+0-9.]+) on the log-odds", _text(section))
        assert baseline
        terms = [articles[f"{part.name}-{place}"] for place in range(1, len(part.spec.terms) + 1)]
        told.append((part, terms, _number(baseline[1])))
    return told


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(data=st.data())
def test_a_score_by_hand(by_hand: list[tuple[Part, list[ET.Element], float]], data: st.DataObject) -> None:
    """Whoever adds up what the page says of a child gets the score that is served, as nearly as three places allow."""
    part, articles, baseline = by_hand[data.draw(st.integers(0, len(by_hand) - 1), label="which")]
    row = {name: data.draw(_values(part, name), label=name) for name in part.inputs}
    total = baseline
    for term, article in zip(part.spec.terms, articles, strict=True):
        total += _added(term.features, article, row)
    assert isinstance(part.head.estimator, Estimator)
    served = part.head.estimator.score([row[name] for name in part.inputs])
    assert total == pytest.approx(served.log_odds, abs=0.0006 * (len(articles) + 1))
    assert 100 * expit(total) == pytest.approx(100 * served.probability, abs=0.015 * (len(articles) + 1))


# What the borough's columns can hold; other features of it are counts, days, or fractions.
RANGES = {"birthweight": (200, 7000), "decile": (1, 10)}
OF_QUARTERS = {"childcare_hours", "communication", "first_problem_solving"}


def _values(part: Part, name: str) -> st.SearchStrategy[float]:
    feature = next(feature for feature in part.features if feature.name == name)
    whole = {"any": (0, 1), "min": (0, 3)}.get(feature.take) or RANGES.get(name, (0, 1500))
    known = st.integers(*whole).map(float)
    if feature.take in {"mean", "max"} or name in OF_QUARTERS:
        known = st.integers(-200, 6000).map(lambda quarters: quarters / 4)
    return st.one_of(st.just(NAN), known)


def _added(names: tuple[str, ...], article: ET.Element, row: dict[str, float]) -> float:
    """Look a child up in a term's table, or work out its line, as a person would."""
    if len(names) == 2:
        headings, *lines = _grid(article)
        line = next(line for line in lines if _holds(line[0], row[names[0]]))
        column = next(i for i, words in enumerate(headings[1:], start=1) if _holds(words, row[names[1]]))
        return _number(line[column])
    x = row[names[0]]
    formula = re.search(
        rf"([{MINUS}0-9.e-]+) × \(.* ([{MINUS}+]) ([0-9.e+-]+)\), taking a value under ([{MINUS}0-9.e+-]+) as \S+ "
        rf"and one over ([{MINUS}0-9.e+-]+) as",
        _text(article),
    )
    if formula and x == x:
        coefficient, sign, centre, low, high = formula.groups()
        off = _number(centre) if sign == "+" else -_number(centre)
        return _number(coefficient) * (min(max(x, _number(low)), _number(high)) + off)
    return next(_number(line[1]) for line in _rows(article) if _holds(line[0], x))


def _holds(words: str, x: float) -> bool:
    """Whether the cell of these words holds a value."""
    words = re.sub(r" \([^)]*\)", "", words).replace(MINUS, "-")
    if x != x or words == "not known":
        return x != x and words == "not known"
    if words in {"yes", "no"}:
        return x == (words == "yes")
    number = r"(-?[0-9.]+)"
    for pattern, holds in (
        (rf"up to {number}", lambda high: x <= high),
        (rf"over {number}, up to {number}", lambda low, high: low < x <= high),
        (rf"over {number}", lambda low: x > low),
        (rf"{number} or more", lambda low: x >= low),
        (rf"{number} to {number}", lambda low, high: low <= x <= high),
        (number, lambda only: x == only),
    ):
        found = re.fullmatch(pattern, words)
        if found:
            return bool(holds(*map(float, found.groups())))
    raise AssertionError(f"{words!r} are no words of a cell")


def test_bands_and_figures(shown: Bundle, tree: ET.Element) -> None:
    """The policy, its thresholds, what is expected of them, and how well each score foresaw are all on the page."""
    told = _text(tree)
    policy = shown.scorer.policy
    assert all(band.label in told and band.offer in told for band in policy.bands)
    assert "Nobody has agreed to these bands yet" in told
    thresholds = [
        _text(cell) for row in tree.iter("tr") for cell in row if _text(row).startswith("5\N{NO-BREAK SPACE}%")
    ]
    assert {"81.8", "+1.500", "100\N{NO-BREAK SPACE}%", "not worked out"} <= set(thresholds)
    for words in (
        "0.710.68 to 0.75",
        "0.680.65 to 0.71",
        "1,070",
        "about 31",
        f"{MINUS}0.04{MINUS}0.07 to {MINUS}0.01",
    ):
        assert words in told
    assert "3 cohorts before (in real use: 6)" in told
    assert "learned again 7 times" in told


def test_what_it_is(shown: Bundle, tree: ET.Element) -> None:
    """The page says whose model it is, that it is unsigned and not for use, and what it never looks at."""
    told, contract = _text(tree), shown.contract
    assert shown.id in told
    assert "It is unsigned." in told
    assert told.count(STAMP) >= 2
    assert all(words[1:] in told for words in NOT_CONSIDERED)
    assert all(attribute.label in told for attribute in contract.audit)
    assert all(landmark.label[1:] in told for landmark in contract.landmarks)
    assert all(outcome.happens in told for outcome in contract.outcomes)
    assert "it does not say what brings the outcome about" in told


def test_it_stands_alone(page: str, tree: ET.Element) -> None:
    """Nothing runs and nothing is fetched: no script, no frame, no picture, no address but those on the page."""
    tags = {node.tag for node in tree.iter()}
    assert not tags & {"script", "iframe", "object", "embed", "link", "img", "form", "input", "base", "use", "image"}
    names = {name for node in tree.iter() for name in node.attrib}
    assert not any(name.startswith("on") or name in {"src", "style", "srcdoc"} for name in names)
    assert not re.search(r"url\(|@import|https?:|//", page)


def test_links_lead_somewhere(tree: ET.Element) -> None:
    """Every name on the page is given once, and every link and label leads to one."""
    names = Counter(node.attrib["id"] for node in tree.iter() if "id" in node.attrib)
    assert set(names.values()) == {1}
    links = [node.attrib["href"] for node in tree.iter("a")]
    assert len(links) > 40
    assert {link.removeprefix("#") for link in links} <= set(names)
    assert {node.attrib["aria-labelledby"] for node in tree.iter() if "aria-labelledby" in node.attrib} <= set(names)


def test_whoever_cannot_see_it(tree: ET.Element) -> None:
    """Every drawing says in words what it shows and is followed by its figures; every table is named, no two alike."""
    drawings = list(tree.iter("svg"))
    assert drawings
    assert all(
        drawing.attrib["role"] == "img" and _text(drawing[0]) and drawing[0].tag == "title" for drawing in drawings
    )
    for article in tree.iter("article"):
        assert len(list(article.iter("table"))) == 1
    captions = Counter(_text(caption) for caption in tree.iter("caption"))
    assert set(captions.values()) == {1}
    assert all(heading.attrib.get("scope") for heading in tree.iter("th"))
    assert tree.attrib["lang"] == "en-GB"
    levels = [int(node.tag[1]) for node in tree.iter() if re.fullmatch("h[1-6]", node.tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_weightiest_first(shown: Bundle, tree: ET.Element) -> None:
    """Terms stand in the order of their spread, in the contents and on the page alike."""
    order = [article.attrib["aria-labelledby"] for article in tree.iter("article")]
    wanted = []
    for part in parts_of(shown):
        spreads = [term.spread for term in part.terms]
        assert spreads == sorted(spreads, reverse=True)
        wanted += [f"{part.name}-{term.place + 1}" for term in part.terms]
    assert order == wanted
    links = [node.attrib["href"].removeprefix("#") for node in tree.iter("a")]
    assert [link for link in links if link in set(wanted)] == wanted


HOSTILE = "<script>alert('1')</script> & \"all\""


def test_hostile_words(
    borough_text: str, filled: Callable[[str], Files], bundled: Callable[[Files], Bundle], read: Read
) -> None:
    """Words of a contract that would be markup are words on the page."""
    planted = borough_text.replace('label = "birthweight"', f"label = '''{HOSTILE}'''")
    planted = planted.replace('agency = "Health visiting"', f"agency = '''{HOSTILE}'''")
    assert planted != borough_text
    tree = read(sheet(bundled(filled(planted))))
    assert not list(tree.iter("script"))
    assert _text(tree).count(HOSTILE) > 10


def test_the_same_bytes(
    borough_text: str, filled: Callable[[str], Files], bundled: Callable[[Files], Bundle], page: str
) -> None:
    """The same bundle gives the same page."""
    assert sheet(bundled(filled(borough_text))) == page


@pytest.mark.parametrize("name", ["refits.json", "evaluation.json"])
@pytest.mark.parametrize("data", [b"", b"[]\n", b'{"refits":[{}],"evaluations":[{}]}\n'])
def test_a_file_of_no_use(shown: Bundle, bundled: Callable[[Files], Bundle], name: str, data: bytes) -> None:
    """A bundle whose refits or evaluation are something else is refused, with that said."""
    with pytest.raises(IntegrityError, match=name.removesuffix(".json")):
        sheet(bundled(dict(shown.files) | {name: data}))


def test_nothing_to_tell(shown: Bundle, bundled: Callable[[Files], Bundle], read: Read) -> None:
    """Without an evaluation and refits the page says that they were not worked out, and holds the whole model still."""
    bare = {"refits.json": b'{"refits":[]}\n', "evaluation.json": b"{}\n"}
    tree = read(sheet(bundled(dict(shown.files) | bare)))
    assert "not worked out" in _text(tree)
    assert "It was not learned again" in _text(tree)
    assert len(_articles(tree)) == sum(len(part.spec.terms) for part in parts_of(shown))


def test_a_line_is_drawn_where_it_lies(shown: Bundle) -> None:
    """The fixture has lines, so that what is tested of them is tested."""
    assert any(isinstance(term, LinearTerm) for part in parts_of(shown) for term in part.spec.terms)
