"""Reads a contract as training needs it: its parts fit together, its rules are allowed, its gateways are in force."""

import datetime
from pathlib import Path

from models.contract import Contract
from models.contract_reading import load_contract
from models.errors import ContractError, Problem
from training.rules import rule_problems


def checked_contract(path: Path, today: datetime.date) -> tuple[Contract, str]:
    """Read a contract with its text; raises ContractError for its rules, and for gateways that have expired, too."""
    contract, text = load_contract(path)
    problems = rule_problems(contract) + [
        Problem(
            f'source "{source.name}" › gateway',
            f"expired on {source.gateway.expires.isoformat()}",
            "Renew the agreement and its date, or take out the source and the features asked of it.",
        )
        for source in contract.expired_gateways(today)
    ]
    if problems:
        raise ContractError(f"{path.name}: {len(problems)} problem{'s' * (len(problems) != 1)}", tuple(problems))
    return contract, text
