"""The link report's page: all that the figures say, in words and drawings, and nothing that they do not say."""

import copy
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairness.verdicts import Verdict
from training.linkage.page.figures import chance, count, many, percent, points
from training.linkage.page.whole import page

Report = dict[str, Any]
MINUS, SPACE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


class _Page(HTMLParser):
    """What a page holds: its tags, whether each is closed in order, its attributes, its headings and its text."""

    def __init__(self, drawn: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.pieces: list[tuple[str, str]] = []
        self.feed(drawn)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and wait for its end unless it can have none."""
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an end that ends nothing, or something else."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep a piece of text with the tag that it stands in."""
        self.pieces.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        """What is read on the page, its style left out."""
        return "".join(data for tag, data in self.pieces if tag != "style").replace(SPACE, " ")


def _rate(value: float | None, spread: float = 0.01) -> dict[str, float] | None:
    return None if value is None else {"value": value, "low": value - spread, "high": min(1.0, value + spread)}


def _group(name: str, families: int, recall: float | None, gap: float | None, verdict: Verdict) -> dict[str, Any]:
    found = None if gap is None else {**(_rate(gap) or {}), "high": gap + 0.01, "smallest_gap_seen": 0.0143}
    return {
        "group": name,
        "pairs": 20 * families,
        "families": families,
        "recall": _rate(recall),
        "gap": found,
        "verdict": verdict.value,
    }


def _audit() -> dict[str, Any]:
    ethnicity = [
        _group("White", 900, 0.99, 0.0021, Verdict.WITHIN_MARGIN),
        _group("Black", 80, 0.91, -0.081, Verdict.LARGER_THAN_AGREED),
        _group("Asian", 60, 0.95, -0.0204, Verdict.KEEP_WATCHING),
        _group("Chinese", 12, 0.97, 0.004, Verdict.CANNOT_TELL),
        _group("Irish", 7, None, None, Verdict.CANNOT_TELL),
        _group("not recorded", 0, None, None, Verdict.CANNOT_TELL),
    ]
    sex = [
        _group("Boys", 520, 0.985, 0.0, Verdict.WITHIN_MARGIN),
        _group("Girls", 530, 0.985, 0.0, Verdict.WITHIN_MARGIN),
    ]
    return {
        "margin": 0.03,
        "minimum_cell": 10,
        "overall": {"pairs": 21_180, "families": 1_059, "recall": _rate(0.98461)},
        "attributes": [{"attribute": "ethnic_group", "groups": ethnicity}, {"attribute": "sex", "groups": sex}],
    }


def _agency(name: str, label: str, people: int, linked: int, parts: list[str]) -> dict[str, Any]:
    held = {part: {"held": people - 30, "empty": 20, "unusable": 10} for part in parts}
    return {
        "agency": name,
        "label": label,
        "rows": people,
        "people": people,
        "without_id": 0,
        "undated": 0,
        "crowded": 0,
        "unreadable": 0,
        "parts": held,
        "one_id_a_child": name != "hub",
        "children": people,
        "linked": linked,
    }


def _source(name: str) -> dict[str, Any]:
    return {"source": name, "rows": 4_321, "unknown_id": 0, "unreadable": 0, "cells_withheld": 0, "no_place": 0}


def _model() -> dict[str, Any]:
    same = {"level": "the same", "among_one_child": 0.92, "among_strangers": 0.00022, "weight": 12.03}
    other = {"level": "not alike", "among_one_child": 0.08, "among_strangers": 0.9998, "weight": -3.64}
    return {
        "two_random_records_match": 0.00004,
        "relatives_a_child": {"twins": 0.022, "family": 0.477},
        "parts": [{"part": part, "levels": [same, other]} for part in ("forename", "date_of_birth")],
        "pairs_tried_where": ["date_of_birth.year and forename.sound", "forename.sound=surname.sound"],
    }


def _estimate(linked: int, wrong: float, missed: float) -> dict[str, Any]:
    right = linked - wrong
    return {
        "linked": linked,
        "expected_wrong": wrong,
        "expected_missed": missed,
        "precision": right / linked,
        "recall": right / (right + missed),
    }


def _truth() -> dict[str, Any]:
    return {
        "exact_on_all_but_numbers": 0.737,
        "precision": [
            {"agencies": None, "linked": 2_000, "precision": _rate(0.9971)},
            {"agencies": ["health", "hub"], "linked": 2_000, "precision": _rate(0.9971)},
        ],
        "recall_by_agencies": [{"agencies": ["health", "hub"], "pairs": 2_031, "recall": 0.9819}],
        "recall": _audit(),
        "outcomes": [{"outcome": "not_ready", "share_on_true_identities": 0.318}],
    }


@pytest.fixture
def known() -> Report:
    """A report of two agencies' invented children, with their true identities."""
    shared = [("health", 2_400), ("hub", 2_100)]
    ready = {"results": 1_200, "usable": 1_080, "share": 0.324, "share_usable": 0.311, "foreseen_difference": -0.013}
    return {
        "contract": "An invented borough",
        "backend": "duckdb",
        "threshold": 0.9,
        "review_from": 0.3,
        "agencies": [
            _agency("health", "Child health", 2_400, 2_300, ["forename", "date_of_birth"]),
            _agency("hub", "Family hubs", 2_100, 2_000, ["forename", "postcode"]),
        ],
        "shared": [{"agency": name, "of": of, "also": dict(shared) | {name: of}} for name, of in shared],
        "sources": [_source("register"), _source("visits")],
        "model": _model(),
        "weights": [
            {"bits": -3, "pairs": 9, "linked": 2, "to_review": 3},
            {"bits": 21, "pairs": 2_000, "linked": 1_998, "to_review": 2},
        ],
        "children": {
            "children": 2_500,
            "families": 1_900,
            "without_date_of_birth": 0,
            "by_number_of_agencies": {"1": 500, "2": 2_000},
            "by_weakest_link": {"0.99 to 0.999": 1_700, "one agency only": 500, "under 0.95": 300},
        },
        "changes": {"merged": 0, "split": 0, "moved": 0},
        "review": {
            "pairs_to_look_at": 1_462,
            "decided_about_nobody": 0,
            "decided_same": 3,
            "decided_different": 4,
            "files_that_identify_children": ["to-review.csv", "the-map.csv"],
        },
        "estimates": {
            "overall": _estimate(2_000, 12.4, 31.2),
            "by_agencies": [{"agencies": ["health", "hub"], **_estimate(2_000, 12.4, 31.2)}],
        },
        "linked_by_group": [{"agency": "health", **_audit()}],
        "outcomes": [{"outcome": "not_ready", **ready}],
        "truth": _truth(),
    }


@pytest.fixture
def plain(known: Report) -> Report:
    """The same without true identities, as every authority has it, and with no gap larger than agreed."""
    attributes = known["linked_by_group"][0]["attributes"]
    attributes[0]["groups"][1]["verdict"] = Verdict.WITHIN_MARGIN.value
    return known | {"truth": None}


@pytest.fixture(params=["known", "plain"])
def report(request: pytest.FixtureRequest) -> Report:
    """Each of the two reports."""
    found: Report = request.getfixturevalue(request.param)
    return found


def _row(drawn: str, name: str) -> list[str]:
    """Return the texts of the cells of the first row with that name, the titles of drawings left out."""
    (row,) = re.findall(rf'<tr><th scope="row">{re.escape(name)}</th>(.*?)</tr>', drawn)[:1]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", re.sub(r"<svg.*?</svg>", "", row))
    return [unescape(re.sub(r"<[^>]*>", " ", cell)).replace(SPACE, " ") for cell in cells]


def test_every_tag_is_closed(report: Report) -> None:
    """Every tag that was opened is closed, in order."""
    parsed = _Page(page(report))
    assert parsed.wrong == []
    assert parsed.open == []


def test_it_needs_nothing_else(report: Report) -> None:
    """The page runs nothing and asks for nothing: no script, no address; its links lead to its own sections."""
    drawn = page(report)
    parsed = _Page(drawn)
    assert not re.search(r"<script|http|url\(|@import", drawn)
    assert not {name for _, name, _ in parsed.attributes} & {"src", "srcset", "action", "style"}
    assert not [name for _, name, _ in parsed.attributes if name.startswith("on")]
    ids = {value for _, name, value in parsed.attributes if name == "id"}
    assert {str(value)[1:] for _, name, value in parsed.attributes if name == "href"} == ids


def test_it_can_be_read_aloud(report: Report) -> None:
    """Tables have captions, their headings say what they head, and drawings are images with titles."""
    drawn = page(report)
    tags = _Page(drawn).tags
    assert (
        tags["table"]
        == tags["caption"]
        == drawn.count("<table><caption>") + drawn.count('<table class="heat"><caption>')
    )
    assert tags["th"] == len(re.findall(r'<th [^>]*\bscope="(?:col|row|rowgroup)"', drawn))
    assert tags["svg"] == len(re.findall(r'<svg role="img" [^>]*><title>[^<]+</title>', drawn))
    levels = [int(level) for level in re.findall(r"<h([1-6])", drawn)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_the_order_of_the_page(report: Report) -> None:
    """Who reads on finds what was linked, who is missing, coverage, how sure, how it was decided, what agencies hold."""
    titles = re.findall(r"<h2[^>]*>(.*?)</h2>", page(report))
    assert titles == [
        "What was linked",
        "Who is missing",
        "Coverage",
        "How sure",
        "How it was decided",
        "What each agency holds",
    ]


def test_everything_is_named(report: Report) -> None:
    """Every agency, part, extract, outcome, attribute and group is on the page, whatever its size."""
    text = _Page(page(report)).text
    groups = [group["group"] for one in _audit()["attributes"] for group in one["groups"]]
    named = ["Child health", "Family hubs", "forename", "date of birth", "postcode", "register", "visits", "not ready"]
    assert [name for name in [*named, "ethnic group", "sex", *groups] if name not in text] == []


def test_attributes_and_outcomes_are_called_as_the_contract_reads_them_out(report: Report) -> None:
    """Where the report gives an attribute or an outcome a label, the page says that and not its name."""
    named = report["outcomes"][0]["outcome"]
    drawn = page(report | {"labels": {named: "Not at a <good> level"}})
    assert "Not at a &lt;good&gt; level" in drawn
    assert f">{named.replace('_', ' ')}<" in page(report)
    assert f">{named.replace('_', ' ')}<" not in drawn


def test_without_true_identities_nothing_is_said_of_them(plain: Report) -> None:
    """Where nobody knows the true identities the page has no word of a truth, nor of a count beside it."""
    text = _Page(page(plain)).text
    assert not re.search(r"\btru(e|th|ly)\b|\bcounted\)|Recall by group", text, re.IGNORECASE)
    assert "It is not recall: a child whom no other agency ever met is rightly found nowhere" in text
    assert "Child health: share linked, by group" in text


def test_how_sure_in_plain_words(known: Report, plain: Report) -> None:
    """The first paragraph says how many children, how many pairs may be wrong, and that these are estimates."""
    for report in (known, plain):
        text = _Page(page(report)).text
        assert (
            "found to be of 2,500 children in 1,900 families. 500 children were found in one agency only (20.0 %)"
            in text
        )
        assert (
            "Of 2,000 pairs of records joined, about 12 are expected to be of two children (precision 99.4 %)" in text
        )
        assert "These are estimates by the match probabilities themselves, not counts" in text
        assert ("99.7 % of the pairs joined are of one child" in text) == (report is known)


def test_what_to_do_next(report: Report) -> None:
    """The page names the pairs to look at, where decisions are written, and the two files that identify children."""
    text = _Page(page(report)).text
    assert "Look at 1,462 pairs of records in to-review.csv" in text
    assert "Write same or different in the column decision" in text
    assert "Decided up to now: 3 the same, 4 different." in text
    assert "Both files, to-review.csv and the-map.csv, identify children." in text
    assert "mode 0600" in text
    report["review"]["pairs_to_look_at"] = 0
    assert "No pair of records waits for a person." in _Page(page(report)).text


def _set(*keys: str | int, value: int) -> Callable[[Report], None]:
    def change(report: Report) -> None:
        place: Any = report
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("agencies", 1, "linked", value=1_800), "Family hubs: only 85.7 % of its ids"),
        (_set("agencies", 0, "without_id", value=12), "Child health: 12 rows of people have no id."),
        (_set("agencies", 0, "unreadable", value=1), "Child health: 1 row could not be read."),
        (_set("children", "without_date_of_birth", value=82), "82 children have no date of birth."),
        (_set("sources", 0, "unknown_id", value=1_200), "Extract register: 1,200 rows have an id that"),
        (_set("sources", 1, "cells_withheld", value=1), "Extract visits: 1 cell was withheld"),
        (_set("sources", 1, "no_place", value=7), "Extract visits: 7 rows have a postcode that"),
        (_set("sources", 1, "unreadable", value=7), "Extract visits: 7 rows could not be read."),
        (_set("changes", "merged", value=2), "2 pseudonyms were merged into another"),
        (_set("changes", "split", value=1), "1 pseudonym was split in two"),
    ],
)
def test_warnings(plain: Report, change: Callable[[Report], None], words: str) -> None:
    """A figure that calls for a warning gets it, with what to do about it; without one there is none."""
    none = "None of the figures calls for a warning."
    assert none in _Page(page(plain)).text
    change(plain)
    drawn = page(plain)
    (warned,) = re.findall(
        r"<li><strong>(.*?)</strong>(.*?)</li>", drawn.split("What to be wary of")[1].split("<h2")[0]
    )
    assert warned[0].replace(SPACE, " ").startswith(words)
    assert len(warned[1]) > 20
    assert none not in drawn


def test_a_gap_larger_than_agreed_is_warned_of(known: Report) -> None:
    """A group whose gap is larger than agreed is among the warnings, by name."""
    warned = page(known).split("What to be wary of")[1].split("<h2")[0]
    assert "by more than was agreed: ethnic group: Black." in warned


def test_verdicts_stand_beside_their_groups(known: Report) -> None:
    """Each group has its recall and gap with their intervals, and one of the four phrases as it is."""
    drawn = page(known)
    assert _row(drawn, "White") == [
        "",
        "within margin",
        "99.0 % (98.0 to 100.0)",
        f"+0.2 ({MINUS}0.8 to +1.2)",
        "18,000",
        "900",
    ]
    verdicts = {name: _row(drawn, name)[1] for name in ("Black", "Asian", "Chinese", "Irish", "Boys")}
    assert verdicts == {
        "Black": "gap larger than agreed",
        "Asian": "possible gap, keep watching",
        "Chinese": "not enough data to tell",
        "Irish": "not enough data to tell",
        "Boys": "within margin",
    }
    assert "Verdicts of the 7 groups with records" in drawn
    assert (
        "within margin: 3; gap larger than agreed: 1; possible gap, keep watching: 1; not enough data to tell: 2"
        in drawn
    )


def test_small_groups_are_listed_and_hidden(report: Report) -> None:
    """A group of too few families is listed without any figure, one without records as such, and a legend says so."""
    drawn = page(report)
    assert _row(drawn, "Irish") == ["", "not enough data to tell", "[c]", "[c]", "[c]", "[c]"]
    assert _row(drawn, "not recorded") == ["", "not enough data to tell", "[z]", "[z]", "0", "0"]
    assert "[c]: hidden, fewer than 10 families in the group or among everyone else" in drawn
    assert "[z]: no records, nothing to measure" in drawn


def test_what_could_have_been_seen(report: Report) -> None:
    """A group that cannot be judged is listed with the smallest gap that could have been seen, where that may be shown."""
    drawn = page(report)
    assert _row(drawn, "ethnic group: Chinese") == ["1.4"]
    assert _row(drawn, "ethnic group: Irish") == ["[c]"]
    assert "ethnic group: not recorded</th>" not in drawn


def test_outcomes(known: Report, plain: Report) -> None:
    """Each outcome has its share among all and among usable results, their difference, and the truth where it is known."""
    found = ["1,200", "1,080", "90.0 %", "32.4 %", "31.1 %", f"{MINUS}1.3"]
    assert _row(page(plain), "not ready") == found
    assert _row(page(known), "not ready") == [*found, "31.8 %", f"{MINUS}0.7"]
    nothing = dict.fromkeys(("share", "share_usable", "foreseen_difference")) | {"results": 0, "usable": 0}
    plain["outcomes"][0] |= nothing
    assert _row(page(plain), "not ready") == ["0", "0", "[z]", "[z]", "[z]", "[z]"]


def test_estimates_beside_counts(known: Report, plain: Report) -> None:
    """Expected errors are there by agencies, and what was counted stands beside them only where it was."""
    estimated = ["2,000", "12.4", "31.2", "99.4 %", "98.5 %"]
    assert _row(page(plain), "All agencies") == estimated
    assert _row(page(known), "All agencies") == [*estimated, "99.7 %", "21,180", "98.5 %"]
    pair = page(known).split("Child health, and</th>")[1]
    assert _row(pair, "Family hubs") == [*estimated, "99.7 %", "2,031", "98.2 %"]


def test_coverage(report: Report) -> None:
    """Each agency's linked share is there, and how many of its children each other agency has."""
    drawn = page(report)
    assert _row(drawn, "Family hubs")[:4] == ["2,100", "2,100", "2,000", "95.2 %"]
    heat = drawn.split('class="heat"')[1]
    assert _row(heat, "Child health") == ["2,400 all ", "2,100 87.5 % "]


def test_how_it_was_decided(report: Report) -> None:
    """Weights, the probabilities they come from, the rule, relatives, and the pairs tried are all there, in words."""
    drawn = page(report)
    assert _row(drawn, "the same") == ["", "+12.0", "92.0 %", "1 in 4,550"]
    assert _row(drawn, "not alike") == ["", f"{MINUS}3.6", "8.0 %", ">99.9 %"]
    text = _Page(drawn).text
    assert "with a probability of 90.0 % or more. Pairs from 30.0 % up to 90.0 %" in text
    assert "100 children have 2.2 twins and 47.7 other relatives" in text
    assert "year of date of birth and sound of forename" in text
    assert "sound of forename, in one record, as sound of surname in the other" in text


def test_holdings(report: Report) -> None:
    """What each agency holds of each part, empty and unusable apart, is there."""
    held = page(report).split("Parts of an identity, by agency</span>")[1]
    assert _row(held, "date of birth") == ["2,370", "20", "10", "98.8 %", ""]


def test_strengths(report: Report) -> None:
    """Children by weakest link come surest first, as percentages; pairs by weight are also in figures."""
    drawn = page(report)
    bands = [drawn.index(f">{band}</th>") for band in ("99 % to 99.9 %", "under 95 %", "one agency only: no link")]
    assert bands == sorted(bands)
    assert _row(drawn, f"{MINUS}10 to under 0") == ["9", "2", "3", "4"]


def test_a_linkage_that_found_nothing(plain: Report) -> None:
    """A page is drawn, and says so, where nothing was linked, no pair is kept, and no agency tells of any group."""
    nothing = {"linked": 0, "expected_wrong": 0.0, "expected_missed": 0.0, "precision": None, "recall": None}
    empty = plain | {"estimates": {"overall": nothing, "by_agencies": []}, "weights": [], "linked_by_group": []}
    empty["agencies"] = [agency | {"people": 0, "children": 0, "linked": 0} for agency in plain["agencies"]]
    parsed = _Page(page(empty))
    assert parsed.wrong == []
    assert "No two records of different agencies were joined." in parsed.text
    assert "No agency's own extracts tell of any group that the contract audits." in parsed.text


def _renamed(found: Any, hostile: str) -> Any:
    """Return a report in which every text but verdicts, names that are looked up, and the bands is hostile."""
    if isinstance(found, dict):
        kept = {"verdict", "agency", "agencies"}
        return {
            key: value if key in kept and isinstance(value, str) else _renamed(value, hostile)
            for key, value in found.items()
        }
    if isinstance(found, list):
        return [_renamed(one, hostile) for one in found]
    return hostile if isinstance(found, str) else found


@pytest.mark.parametrize("hostile", ['<b>&"', "<script>alert(1)</script>", "'><b>", "</table>", "</style>", "a & b"])
def test_text_is_escaped(report: Report, hostile: str) -> None:
    """A label, a group, a part, a level, a file's name or a key with signs of HTML in it is text on the page, and no more."""
    looked_up = copy.deepcopy(report)
    strange = _renamed(report, hostile)
    for part, kept in (("estimates", "by_agencies"), ("truth", "precision"), ("truth", "recall_by_agencies")):
        if strange[part] is not None:
            for now, before in zip(strange[part][kept], looked_up[part][kept], strict=True):
                now["agencies"] = before["agencies"]
    parsed = _Page(page(strange))
    assert parsed.wrong == []
    assert parsed.open == []
    assert not set(parsed.tags) & {"script", "b"}
    assert parsed.text.count(hostile) > 30


@given(st.floats(0, 1))
def test_percentages_say_what_they_mean(share: float) -> None:
    """A percentage is right to its one decimal, and only all is 100.0 % and only nothing 0.0 %."""
    shown = percent(share)
    bare = shown.replace(f"{SPACE}%", "")
    if bare.startswith((">", "<")):
        assert (share > 0.999) if bare == ">99.9" else (0 < share < 0.001)
    else:
        assert abs(float(bare) - 100 * share) <= 0.0501
        assert (bare == "100.0") == (share == 1)
        assert (bare == "0.0") == (share == 0)


@given(st.floats(-1, 1))
def test_points_keep_their_sign(difference: float) -> None:
    """A difference is right to its last decimal, and has a sign unless it says nothing to two decimals."""
    shown = points(difference)
    value = float(shown.replace(MINUS, "-"))
    assert abs(value - 100 * difference) <= (0.0501 if len(shown.split(".")[1]) == 1 and value else 0.0051)
    assert (value == 0) == (shown == "0.0")
    assert value * difference >= 0


def test_figures() -> None:
    """Thousands are parted, one thing is singular, and what is rare is one in so many."""
    assert (count(1_234_567), count(None)) == ("1,234,567", "[c]")
    assert (many(1, "row", "rows"), many(2_000, "row", "rows")) == ("1 row", "2,000 rows")
    assert (chance(0.0000217), chance(0.25), chance(0.0)) == ("1 in 46,100", f"25.0{SPACE}%", f"0.0{SPACE}%")
    assert (percent(None), points(None)) == ("[z]", "[z]")
