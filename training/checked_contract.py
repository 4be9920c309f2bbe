"""
Reads a contract as training needs it: its parts fit, its rules are allowed, its words blame nobody, its gateways are in force.

Words are asked of here and not when a bundle is loaded: a better list of words must not keep an older bundle from opening.
"""

import datetime
from pathlib import Path

from models.contract import Contract
from models.contract_reading import load_contract
from models.errors import Problem
from models.wording_check import wording_problems
from training.draft.unsettled import unsettled_problems
from training.rules import rule_problems


def checked_contract(path: Path, today: datetime.date) -> tuple[Contract, str]:
    """Read a contract with its text; raises ContractError for its rules, its words, what is not settled yet, and expired gateways."""
    return load_contract(
        path, rule_problems, wording_problems, unsettled_problems, lambda contract: _expired(contract, today)
    )


def _expired(contract: Contract, today: datetime.date) -> list[Problem]:
    return [
        Problem(
            f'source "{source.name}" › gateway',
            f"expired on {source.gateway.expires.isoformat()}",
            "Renew the agreement and its date, or take out the source and the features asked of it.",
        )
        for source in contract.expired_gateways(today)
    ]
