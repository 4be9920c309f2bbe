"""An authority as its agencies hold it: whose every row is, what is held, and how much of it is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from models.identifiers import is_nhs_number, is_upn
from training.synthetic.agencies import EXTRACTS
from training.synthetic.area import Area
from training.synthetic.batch import Batch
from training.synthetic.chance import Chance
from training.synthetic.extracts import Recorder, table
from training.synthetic.held_apart import tables
from training.synthetic.household import MAIN_OF, MAINS
from training.synthetic.mistakes import Mistakes, load_mistakes
from training.synthetic.postcodes import invent_postcodes
from training.synthetic.registers import AGENCIES, Agency

Frames = dict[str, pd.DataFrame]
KEPT = [(agency, name) for agency in AGENCIES for name in agency.extracts]


def _frames(england: Area, batch: Batch, mistakes: Mistakes) -> Frames:
    found = tables(england, batch, Chance(5, 0), mistakes, 2500)
    return {name: made.to_pandas() for name, made in found}


@pytest.fixture(scope="module")
def default(england: Area, batch: Batch) -> Frames:
    """The tables of the batch with the default mistakes."""
    return _frames(england, batch, load_mistakes("default"))


@pytest.fixture(scope="module")
def right(england: Area, batch: Batch) -> Frames:
    """The tables of the batch if nobody made a mistake."""
    return _frames(england, batch, Mistakes(rates={}))


def _with_child(frames: Frames, agency: Agency, name: str) -> pd.DataFrame:
    whose = frames["truth/identities"].query("agency == @agency.name").set_index("id")["child"]
    return frames[name].assign(child=frames[name][agency.key].map(whose))


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.name)
def test_people_files(default: Frames, agency: Agency) -> None:
    """A people file has its columns, its key first, and every id of the agency's extracts and no other."""
    people = default[agency.people]
    assert list(people.columns) == [agency.key, *agency.columns]
    ids = set(people[agency.key])
    assert ids == {own for name in agency.extracts for own in default[name][agency.key]}
    assert ids == set(default["truth/identities"].query("agency == @agency.name")["id"])
    assert agency.every_address or len(ids) == len(people)
    required = [column for column in people.columns if column not in {"nhs_number", "upn", "date_of_birth", "postcode"}]
    assert people[required].notna().all().all()


@pytest.mark.parametrize(("agency", "name"), KEPT, ids=lambda part: getattr(part, "name", part))
def test_extracts_hold_what_they_held(
    default: Frames, read_plain: Callable[[str], pd.DataFrame], agency: Agency, name: str
) -> None:
    """An extract is that of the same seed keyed by pseudonym, row for row, but for its key and what is not held there."""
    own, plain = _with_child(default, agency, name), read_plain(name)
    assert own.columns[0] == agency.key
    dropped = set(plain.columns) - set(own.columns) - {"pseudonym"}
    assert dropped == {
        "register": {"person_birth_date", "month_in_year", "household"},
        "addresses": {"lsoa", "idaci_decile"},
    }.get(name, set())
    columns = [column for column in plain.columns if column in own.columns and (name, column) != ("register", "sex")]
    by = ["child", *columns]
    left = own[by].sort_values(by, ignore_index=True)
    right = plain.rename(columns={"pseudonym": "child"})[by].sort_values(by, ignore_index=True)
    pd.testing.assert_frame_equal(left, right, check_dtype=False)


@pytest.fixture(scope="module")
def read_plain(england: Area, batch: Batch) -> Callable[[str], pd.DataFrame]:
    """Return an extract of the batch keyed by pseudonym."""
    return lambda name: table(
        EXTRACTS[name](england, batch, Recorder(batch, Chance(5, 0))), batch.children.key
    ).to_pandas()


def test_siblings_are_not_told(default: Frames) -> None:
    """Nothing says whose brother or sister a child is: no results of siblings are written."""
    assert "siblings" not in default


def test_addresses_have_a_postcode_of_their_area(right: Frames, read_plain: Callable[[str], pd.DataFrame]) -> None:
    """Without mistakes every address has the postcode of a small area of the decile that it lies in."""
    look_up = invent_postcodes(2500).table().to_pandas().set_index("postcode")["idaci_decile"]
    own = _with_child(right, AGENCIES[0], "addresses")
    merged = own.merge(
        read_plain("addresses").rename(columns={"pseudonym": "child"})[["child", "moved_in", "idaci_decile"]],
        on=["child", "moved_in"],
    )
    assert len(merged) == len(own)
    assert (merged["postcode"].map(look_up) == merged["idaci_decile"]).all()


def test_people_and_addresses_are_one_system(default: Frames) -> None:
    """Child health's people file has a line for each of its addresses, with the same postcode; one name and sex a person."""
    people, addresses = default["people_child_health"], default["addresses"]
    one = people.rename(columns={"updated_on": "recorded_on"})[["local_patient_id", "recorded_on", "postcode"]]
    by = ["local_patient_id", "recorded_on", "postcode"]
    pd.testing.assert_frame_equal(
        one.sort_values(by, ignore_index=True), addresses[by].sort_values(by, ignore_index=True)
    )
    for column in ("forename", "nhs_number", "date_of_birth", "sex"):
        assert people.groupby("local_patient_id")[column].nunique(dropna=False).max() == 1
    sexes = people.groupby("local_patient_id")["sex"].first()
    assert (default["register"].set_index("local_patient_id")["sex"] == sexes).all()
    surnames = people.sort_values("updated_on").groupby("local_patient_id")["surname"]
    assert 0 < (surnames.first() != surnames.last()).mean() < 0.07


def test_without_mistakes(right: Frames, batch: Batch) -> None:
    """If nobody makes mistakes, all agencies agree on forename, sex and date of birth, and every number is valid."""
    known: dict[tuple[str, str], set[Any]] = {}
    for agency in AGENCIES:
        people = _with_child(right, agency, agency.people)
        for column in ("forename", "date_of_birth", "sex", "nhs_number"):
            if column in people:
                for child, value in zip(people["child"], people[column], strict=True):
                    known.setdefault((child, column), set()).add(value.upper() if isinstance(value, str) else value)
    assert all(len(values) == 1 for values in known.values())
    health = right["people_child_health"].drop_duplicates("local_patient_id")
    assert health["nhs_number"].map(is_nhs_number).all()
    assert health["nhs_number"].is_unique
    born = dict(zip(batch.children.key.tolist(), batch.children.born.tolist(), strict=True))
    days = pd.to_datetime(_with_child(right, AGENCIES[0], "people_child_health")["date_of_birth"])
    children = _with_child(right, AGENCIES[0], "people_child_health")["child"]
    assert ((days - pd.Timestamp("1970-01-01")).dt.days == children.map(born)).all()


def test_pupils_numbers(default: Frames, right: Frames) -> None:
    """Schools hold every pupil's UPN; school nurseries' children have theirs; social care knows few."""
    assert default["people_schools"]["upn"].map(is_upn).all()
    nursery = set(right["headcount"].query("setting_type == 'SCH'")["child_reference"])
    early = right["people_early_years"].set_index("child_reference")["upn"]
    assert set(early[early.notna()].index) == nursery
    school = _with_child(right, AGENCIES[-1], "people_schools").set_index("child")["upn"]
    both = _with_child(right, AGENCIES[4], "people_early_years").set_index("child")["upn"].dropna()
    assert (both[both.index.isin(school.index)] == school.reindex(both.index).dropna()).all()
    care = default["people_social_care"]
    assert 0.7 < care["upn"].isna().mean() < 0.9


@pytest.mark.parametrize(
    ("file", "key"), [("people_child_health", "local_patient_id"), ("people_maternity", "maternity_id")]
)
def test_national_numbers_are_good_but_not_perfect(default: Frames, file: str, key: str) -> None:
    """About 2 % of NHS numbers are missing, and of some 0.7 % the check digit says that they are wrong."""
    people = default[file].drop_duplicates(key)
    assert 0.016 < people["nhs_number"].isna().mean() < 0.025
    held = people["nhs_number"].dropna()
    assert 0.004 < 1 - held.map(is_nhs_number).mean() < 0.009


def test_maternity(default: Frames) -> None:
    """About 4 % of babies have no name yet; all is in capitals; children of one mother have her number."""
    people = default["people_maternity"]
    assert 0.034 < (people["forename"] == "BABY").mean() < 0.046
    assert (people["surname"] == people["surname"].str.upper()).all()
    assert people["mother_nhs_number"].map(is_nhs_number).all()
    assert people["mother_nhs_number"].duplicated().mean() > 0.2


ANCHOR = """
    WITH known AS (
        SELECT agency, id, child, lower(last(forename ORDER BY line)) AS forename, lower(last(surname ORDER BY line)) AS surname,
            last(date_of_birth ORDER BY line) AS born, list(DISTINCT postcode) FILTER (postcode IS NOT NULL) AS postcodes
        FROM everyone GROUP BY ALL)
    SELECT coalesce(a.forename = b.forename AND a.surname = b.surname AND a.born = b.born
        AND len(list_intersect(a.postcodes, b.postcodes)) > 0, false) AS exact, a.child
    FROM known a JOIN known b ON a.child = b.child AND a.agency < b.agency"""


def _exact(frames: Frames) -> pd.DataFrame:
    """Return, of every two records of one child at two agencies, whether name, birth and a postcode agree to the letter."""
    everyone = pd.concat(
        _with_child(frames, agency, agency.people)
        .assign(agency=agency.name, line=lambda people: people.get("updated_on", 0))
        .rename(columns={agency.key: "id"})[
            ["agency", "id", "child", "forename", "surname", "date_of_birth", "postcode", "line"]
        ]
        .astype({"line": str})
        for agency in AGENCIES
    )
    with duckdb.connect() as con:
        con.register("everyone", everyone)
        return con.execute(ANCHOR).df()


def test_the_level_of_mistakes(default: Frames, england: Area, batch: Batch) -> None:
    """Name, birth and postcode agree to the letter for 75 to 90 % of true pairs, by either mistakes, within a point."""
    found = [
        float(_exact(frames)["exact"].mean()) for frames in (default, _frames(england, batch, load_mistakes("equal")))
    ]
    assert all(0.75 < share < 0.90 for share in found)
    assert found[0] == pytest.approx(found[1], abs=0.01)


def test_who_is_missed(default: Frames, batch: Batch) -> None:
    """By the default, fewer records of black and mixed children, and of the most deprived, agree to the letter."""
    pairs = _exact(default)
    main = MAIN_OF[batch.households.ethnic[batch.children.family]]
    of = pd.DataFrame(
        {"main": [MAINS[i] for i in main.tolist()], "decile": batch.residence.deciles[batch.children.family, 0]},
        index=batch.children.key,
    )
    pairs = pairs.join(of, on="child")
    shares = pairs.groupby("main")["exact"].mean()
    assert 0.03 < shares["white"] - shares["black"] < 0.12
    assert 0.01 < shares["white"] - shares["mixed"] < 0.08
    fifths = pairs.groupby((pairs["decile"] + 1) // 2)["exact"].mean()
    assert 0.005 < fifths[4] - fifths[1] < 0.06


def test_the_same_chance_the_same_tables(default: Frames, england: Area, batch: Batch) -> None:
    """Asked again, every table is the same."""
    again = _frames(england, batch, load_mistakes("default"))
    assert list(again) == list(default)
    for name, frame in again.items():
        pd.testing.assert_frame_equal(frame, default[name])


def test_nothing_is_named_beyond_people_files(held_apart: Path) -> None:
    """No extract holds a name, a number or an address beside the agency's own id and postcode of an address."""
    for agency, name in KEPT:
        header = (held_apart / f"{name}.csv").read_text(encoding="ascii").split("\n", 1)[0].split(",")
        assert header[0] == agency.key
        assert not {"forename", "surname", "date_of_birth", "address", "nhs_number", "pseudonym"} & set(header)
        assert ("postcode" in header) == (name == "addresses")
