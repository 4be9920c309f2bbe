"""The borough as a run has read it: events, cohorts and one study; nothing in them may be changed."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from models.contract import Contract
from models.contract_reading import load_contract
from training.cohort import CohortTable, assemble
from training.ingest import ingest
from training.plan import Plan
from training.study import Study, study_of


@dataclass(frozen=True, slots=True)
class AsRead:
    """A contract, its events, its extracts and the cohorts of its landmarks."""

    contract: Contract
    con: duckdb.DuckDBPyConnection
    folder: Path
    cohorts: dict[str, CohortTable]

    def study(self) -> Study:
        """Return the study of the last landmark and of the first outcome."""
        landmark, outcome = self.contract.landmarks[-1], self.contract.outcomes[0]
        return study_of(self.contract, landmark, outcome, self.cohorts[landmark.name], Plan())


@pytest.fixture(scope="session")
def as_read(borough_contract: Path, borough_extracts: Path) -> AsRead:
    """The borough."""
    contract, _ = load_contract(borough_contract)
    con, _ = ingest(contract, borough_extracts)
    return AsRead(contract, con, borough_extracts, {at.name: assemble(con, contract, at) for at in contract.landmarks})
