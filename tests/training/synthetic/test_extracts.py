"""The extracts, as written: what the shipped contract needs, of nobody, and nothing that nobody could hold."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.contract import Contract
from models.identifiers import is_identifier
from training.ingest import ingest
from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.calendar import AS_AT_DAY
from training.synthetic.chance import Chance
from training.synthetic.extracts import Recorder, dated, one_each, street_codes, table, together
from training.synthetic.foresight import england as england_contract
from training.synthetic.residence import NEVER

Ask = Callable[[str], list[tuple[Any, ...]]]
AS_AT = "2026-09-01"
# What happened while a child lived here; an antenatal contact is before it was born.
WHILE_HERE = {
    "health_visits": ("contact_date", "contact <> 'antenatal'"),
    "reviews": ("review_date", "true"),
    "two_year_list": ("listed_on", "true"),
    "headcount": ("headcount_date", "true"),
    "hub": ("session_date", "true"),
    "early_help": ("earl_episode_start_date", "true"),
    "programmes": ("started_on", "true"),
    "referrals": ("cinreferraldate", "true"),
    "cin": ("cinplanstartdate", "true"),
    "cpp": ("cppstartdate", "true"),
    "looked_after": ("decom", "true"),
    "reception": ("census_date", "true"),
    "eyfsp": ("assessed_on", "true"),
    "addresses": ("moved_in", "true"),
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    """The shipped contract for England."""
    return england_contract()


def _header(folder: Path, name: str) -> list[str]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return file.readline().strip().split(",")


def test_every_source_is_there(invented: Path, contract: Contract) -> None:
    """There is an extract for every source of the contract, and nothing else but the truth."""
    files = {source.file for source in contract.sources}
    assert files == {f"{name}.csv" for name in EXTRACTS}
    assert {path.name for path in invented.iterdir()} == files | {"truth"}


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_column_is_there(invented: Path, contract: Contract, name: str) -> None:
    """An extract has the columns its source declares, its key and dates, each once, and no other."""
    source = contract.source(name)
    held = [moment.date for moment in (source.happened, source.known) if moment.date is not None]
    declared = {source.child, *held, *(column.name for column in source.columns)}
    header = _header(invented, name)
    assert len(header) == len(set(header))
    assert set(header) == declared


def test_no_row_is_set_aside(invented: Path, contract: Contract) -> None:
    """Ingested by the shipped contract, every row of every extract is kept."""
    _, reports = ingest(contract, invented)
    assert {report.source: dict(report.set_aside) for report in reports} == {name: {} for name in EXTRACTS}
    for report in reports:
        with (invented / f"{report.source}.csv").open(encoding="utf-8") as file:
            assert report.kept == sum(1 for _ in file) - 1 > 0


@pytest.mark.parametrize("name", EXTRACTS)
def test_nothing_is_dated_later_than_today(rows: Ask, invented: Path, name: str) -> None:
    """No date of an extract is after the day as at which it is invented."""
    found = {column: rows(f'SELECT max("{column}") FROM {name}')[0][0] for column in _header(invented, name)}
    dates = {column: latest for column, latest in found.items() if re.fullmatch(r"\d{4}-\d\d-\d\d", str(latest))}
    assert dates
    assert {column: latest for column, latest in dates.items() if latest > AS_AT} == {}


@pytest.mark.parametrize("name", EXTRACTS)
def test_recorded_after_it_happened(rows: Ask, contract: Contract, name: str) -> None:
    """Nothing is recorded before it happened; what is of birth or of being registered, not before birth."""
    source = contract.source(name)
    known = source.known.date
    happened, place = source.happened.date, name
    if happened is None:
        happened, place = "person_birth_date", f"{name} JOIN register r USING (pseudonym)"
        place = name if name == "register" else place
    ((early, missing),) = rows(
        f"SELECT count(*) FILTER ({known} < {happened}), count(*) FILTER ({known} IS NULL OR {happened} IS NULL) "
        f"FROM {place}"
    )
    assert (early, missing) == (0, 0)


@pytest.mark.parametrize("name", WHILE_HERE)
def test_nothing_before_arrival_or_after_leaving(rows: Ask, name: str) -> None:
    """Nothing happens to a child here before it arrived, or from the day it left."""
    on, among = WHILE_HERE[name]
    ((before, after),) = rows(
        f"SELECT count(*) FILTER ({on} < arrived_on), count(*) FILTER ({on} >= left_on) "
        f"FROM {name} JOIN truth USING (pseudonym) WHERE {among}"
    )
    assert (before, after) == (0, 0)


def test_every_child_is_registered(rows: Ask) -> None:
    """Every extract is of registered children alone, each registered once, with an address."""
    for name in EXTRACTS:
        assert rows(f"SELECT count(*) FROM {name} WHERE pseudonym NOT IN (SELECT pseudonym FROM register)") == [(0,)]
    ((count, distinct),) = rows("SELECT count(*), count(DISTINCT pseudonym) FROM register")
    assert count == distinct
    assert rows("SELECT count(DISTINCT pseudonym) FROM addresses") == [(count,)]


def test_what_register_and_births_hold(rows: Ask) -> None:
    """The register holds the truth's household and cohort; births are of those born here, one each."""
    assert rows("SELECT count(*) FROM register JOIN truth USING (pseudonym, household)") == rows(
        "SELECT count(*) FROM register"
    )
    academic = "year(person_birth_date::DATE) - (month(person_birth_date::DATE) < 9)::INTEGER"
    assert rows(f"SELECT count(*) FROM register JOIN truth USING (pseudonym) WHERE cohort::INTEGER <> {academic}") == [
        (0,)
    ]
    month = "(month(person_birth_date::DATE) + 3) % 12"
    assert rows(f"SELECT count(*) FROM register WHERE month_in_year::INTEGER <> {month}") == [(0,)]
    assert rows(
        "SELECT count(*), count(DISTINCT pseudonym) FROM births JOIN truth USING (pseudonym) WHERE born_here = '1'"
    ) == rows("SELECT count(*), count(*) FROM births")


def test_results_only_as_england_had_them(rows: Ask) -> None:
    """There are results for cohorts 2016 to 2020 alone, each in the June of its Reception year, of one profile."""
    found = rows("SELECT DISTINCT cohort, assessed_on, profile FROM eyfsp JOIN truth USING (pseudonym) ORDER BY cohort")
    assert found == [(str(c), f"{c + 6}-06-24", "2021") for c in range(2016, 2021)]


def test_siblings_results(rows: Ask) -> None:
    """What an older child's profile said is what it says, of a child of the household in an earlier cohort."""
    good = " AND ".join(f"{goal} = '2'" for goal in _IN_GLD)
    matched = rows(f"""
        SELECT count(*) FROM siblings SEMI JOIN (
            SELECT y.pseudonym, e.assessed_on AS sibling_assessed_on, e.recorded_on,
                (({good})::INTEGER)::VARCHAR AS sibling_gld
            FROM truth y JOIN truth o ON o.household = y.household AND o.cohort::INTEGER < y.cohort::INTEGER
            JOIN eyfsp e ON e.pseudonym = o.pseudonym) USING (pseudonym, sibling_assessed_on, recorded_on, sibling_gld)""")
    assert matched == rows("SELECT count(*) FROM siblings")
    assert rows("SELECT count(*) > 500 FROM siblings") == [(True,)]


def test_nothing_is_told_of_a_child_who_left(rows: Ask) -> None:
    """An older child's result is not told of a child who had left, or died, by then."""
    late = "SELECT count(*) FROM siblings JOIN truth USING (pseudonym) WHERE sibling_assessed_on >= left_on"
    assert rows(late) == [(0,)]


@pytest.mark.parametrize("name", EXTRACTS)
def test_nobody_is_named(rows: Ask, invented: Path, name: str) -> None:
    """No column is of names or national identifiers, and no value is shaped like one."""
    header = _header(invented, name)
    assert not {word for column in header for word in column.split("_")} & {
        *("surname", "forename", "name", "upn", "nhs", "postcode", "address", "uprn", "email", "phone")
    }
    for column in header:
        values = [str(value) for (value,) in rows(f'SELECT DISTINCT "{column}" FROM {name}')]
        assert [value for value in values if is_identifier(value)] == []


def test_small_areas_are_nowhere(rows: Ask) -> None:
    """Codes of small areas lie outside the range in use, and all of one small area has one decile."""
    found = rows("SELECT lsoa, count(DISTINCT idaci_decile) FROM addresses GROUP BY lsoa")
    assert all(code[:3] == "E01" and len(code) == 9 and int(code[3:]) >= 900_000 for code, _ in found)
    assert {deciles for _, deciles in found} == {1}


def test_addresses_follow_one_another(rows: Ask) -> None:
    """A child's addresses follow one another without a gap from its arrival on, but for moves not yet recorded."""
    gaps = rows("""
        SELECT count(*) FROM (SELECT moved_out, lead(moved_in) OVER (PARTITION BY pseudonym ORDER BY moved_in) AS next
        FROM addresses) WHERE next IS NOT NULL AND moved_out IS DISTINCT FROM next AND next < '2026-01-01'""")
    assert gaps == [(0,)]
    first = "SELECT count(*) FROM (SELECT pseudonym, min(moved_in) AS first FROM addresses GROUP BY 1) "
    assert rows(f"{first} JOIN truth USING (pseudonym) WHERE first <> arrived_on") == [(0,)]


def test_contacts_become_known_later(rows: Ask) -> None:
    """Most contacts are recorded within days, some weeks later, so that what happened and what was known differ."""
    ((median, tail),) = rows(
        "SELECT median(lag), quantile_cont(lag, 0.99) FROM "
        "(SELECT recorded_on::DATE - contact_date::DATE AS lag FROM health_visits)"
    )
    assert 0 < median <= 6
    assert tail > 20


def test_a_questionnaire_s_interval(rows: Ask) -> None:
    """The questionnaire is that of the child's age: 24 months until day 790, 27 until 870, and then 30."""
    found = rows("""
        SELECT asq_interval, min(age), max(age) FROM (SELECT asq_interval, review_date::DATE - person_birth_date::DATE AS age
        FROM reviews JOIN register USING (pseudonym)) GROUP BY 1 ORDER BY 1""")
    assert [interval for interval, _, _ in found] == ["24", "27", "30"]
    assert [low for _, low, _ in found] == [730, 791, 871]
    assert [high for _, _, high in found] == [790, 870, 912]


def test_what_is_held(batch: Batch) -> None:
    """What never happened, happened elsewhere, or is not recorded yet, is not held."""
    recorder = Recorder(batch, Chance(1, 0))
    count = len(batch.children.key)
    arrived = batch.children.arrived
    assert not recorder.held(np.full(count, NEVER), np.zeros(count, dtype=np.int64)).any()
    assert not recorder.held(arrived - 1, arrived).any()
    assert not recorder.held(arrived, np.full(count, AS_AT_DAY + 1)).any()
    assert np.array_equal(recorder.held(arrived, arrived), arrived + 14 <= AS_AT_DAY)


def test_lags(batch: Batch) -> None:
    """One record in ten is late, up to eight times the usual, and none is early."""
    recorder = Recorder(batch, Chance(1, 0))
    lags = recorder.lag(np.random.default_rng(1), 50_000, 10)
    assert lags.min() >= 0
    assert lags.max() < 80
    assert abs((lags >= 10).mean() - 0.1) < 0.01


def test_a_table_is_in_the_order_of_children(batch: Batch) -> None:
    """Rows of several parts come in the order of children; what is not known, or not yet, is empty."""
    recorder = Recorder(batch, Chance(1, 0))
    born = batch.children.born
    some = np.where(np.arange(len(born)) % 2 == 0, batch.children.arrived, NEVER)
    parts = [
        one_each(recorder, on, on, {"on": dated(on), "left": dated(batch.residence.leaves)}) for on in (some, some)
    ]
    found = table(together(parts), batch.children.key)
    keys = found.column("pseudonym").to_pylist()
    position = {key: i for i, key in enumerate(batch.children.key.tolist())}
    places = [position[key] for key in keys]
    assert places == sorted(places)
    assert places[0] == places[1]
    left = batch.residence.leaves[places] <= AS_AT_DAY
    assert [day is not None for day in found.column("left").to_pylist()] == left.tolist()


@pytest.mark.parametrize("per_decile", [4, 40, 3275])
def test_street_codes(per_decile: int) -> None:
    """However large the area, codes stay nine characters outside the range in use, and of one decile each."""
    streets = np.random.default_rng(1).integers(0, 2**31, 5000)
    deciles = np.random.default_rng(2).integers(1, 11, 5000)
    codes = street_codes(streets, deciles, per_decile).tolist()
    assert all(len(code) == 9 and code >= "E01900000" for code in codes)
    assert len(set(zip(codes, deciles.tolist(), strict=True))) == len(set(codes)) <= 10 * per_decile


def test_each_extract_is_its_own(batch: Batch, england: Area) -> None:
    """An extract is the same whether or not another was made before it."""
    alone = EXTRACTS["reviews"](england, batch, Recorder(batch, Chance(3, 0)))
    recorder = Recorder(batch, Chance(3, 0))
    EXTRACTS["births"](england, batch, recorder)
    after = EXTRACTS["reviews"](england, batch, recorder)
    keys = batch.children.key
    assert table(alone, keys).equals(table(after, keys))


_IN_GLD = (
    *("fsp_com_e01", "fsp_com_e02", "fsp_pse_e03", "fsp_pse_e04", "fsp_pse_e05", "fsp_phy_e06", "fsp_phy_e07"),
    *("fsp_lit_e08", "fsp_lit_e09", "fsp_lit_e10", "fsp_mat_e11", "fsp_mat_e12"),
)
