"""Reads a contract as training needs it: its parts fit together, its rules are allowed, its gateways are in force."""

import datetime
from pathlib import Path

from models.contract import Contract
from models.contract_reading import load_contract
from models.errors import Problem
from training.rules import rule_problems


def checked_contract(path: Path, today: datetime.date) -> tuple[Contract, str]:
    """Read a contract with its text; raises ContractError for its rules, and for gateways that have expired, too."""
    return load_contract(path, rule_problems, lambda contract: _expired(contract, today))


def _expired(contract: Contract, today: datetime.date) -> list[Problem]:
    return [
        Problem(
            f'source "{source.name}" › gateway',
            f"expired on {source.gateway.expires.isoformat()}",
            "Renew the agreement and its date, or take out the source and the features asked of it.",
        )
        for source in contract.expired_gateways(today)
    ]
