"""What a run is found by in MLflow: the plan as parameters, digests and verdicts as tags."""

from collections.abc import Mapping
from typing import Any

from models.bundle import Bundle
from models.canonical import digest
from models.exceptions import POLICY
from models.gates import Gates
from training.findings import Findings, Run

# The longest parameter that MLflow takes.
_LONGEST = 6000


def parameters(findings: Findings) -> dict[str, Any]:
    """
    Return the plan, flat: `glass_box.trees`.

    Not its `contract`, a digest that is a tag already, and by whose name `mlflow run` logs the contract's path; nor who signed
    off what, which stands in the plan itself and in the gates.
    """
    return _flat(findings.plan.model_dump(mode="json", exclude={"contract", "sign_offs"}))


def _flat(fields: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        place = f"{before}{name}"
        flat |= _flat(value, f"{place}.") if isinstance(value, dict) else {place: str(value)[:_LONGEST]}
    return flat


def findings_tags(findings: Findings) -> dict[str, str]:
    """Return what any run is found by: the digests of contract, plan, policy and data, and what each gate said."""
    return {
        "contract": findings.contract.name,
        "contract_digest": digest(findings.contract_text.encode()),
        "plan_digest": digest(findings.plan_text.encode()),
        "policy_digest": digest(findings.policy_text.encode()),
        "data_digest": findings.data_digest,
        "evidence": findings.gates.evidence,
        **gate_tags(findings),
    }


def gate_tags(findings: Findings) -> dict[str, str]:
    """Return `gate.<code>` for the whole run, and `gate.<code>.<landmark>.<outcome>` for each that a gate was asked of."""
    return _verdicts(findings.gates)


def _verdicts(gates: Gates) -> dict[str, str]:
    tags: dict[str, str] = {}
    for gate in gates.gates:
        of_all, of_one = f"gate.{gate.code}", f"gate.{gate.code}.{gate.landmark}.{gate.outcome}"
        tags[of_all] = _worst(tags.get(of_all, gate.verdict), gate.verdict)
        if gate.landmark is not None:
            tags[of_one] = _worst(tags.get(of_one, gate.verdict), gate.verdict)
    return tags


def _worst(first: str, second: str) -> str:
    return next(verdict for verdict in ("blocked", "signed off", "passed") if verdict in {first, second})


def run_tags(run: Run, bundle: Bundle) -> dict[str, str]:
    """Return what a run that left a bundle is found by besides: the bundle, who signed it, and what ships."""
    return {
        **findings_tags(run),
        "bundle_id": bundle.id,
        "signature": "unsigned" if bundle.signature is None else bundle.signature.key_id,
        **{f"ships.{e['landmark']}.{e['outcome']}": e["ships"] for e in run.evaluation["evaluations"]},
    }


def version_tags(run: Run, bundle: Bundle) -> dict[str, str]:
    """
    Return the tags of a registered version that a governance board asks of it, those of them that a run knows.

    Who validated and approved it, and when it is to be looked at again, no run knows: the ledger does.
    """
    return _tags_of(bundle, run.gates) | {"data_snapshot_digest": run.data_digest}


def bundle_tags(bundle: Bundle) -> dict[str, str]:
    """Return those tags of a version that stand in its bundle, where no run is known that made it."""
    return _tags_of(bundle, Gates.model_validate_json(bundle.files["gates.json"]))


def _tags_of(bundle: Bundle, asked: Gates) -> dict[str, str]:
    gates = _verdicts(asked)
    known = {
        "artefact_sha256": bundle.id,
        "bundle_id": bundle.id,
        "signature_bundle": "unsigned" if bundle.signature is None else bundle.signature.key_id,
        "protocol_digest": digest(bundle.files["plan.toml"]),
        "feature_catalogue_version": digest(bundle.files["contract.toml"]),
        "fairness_report_digest": digest(bundle.files["audit.json"]),
        "outcome_spec_version": ", ".join(f"{o.name} {o.definition}" for o in bundle.contract.outcomes),
        # Where nobody has agreed to a policy, that gate is asked in place of the other.
        "fairness_verdict": gates.get("gate.fairness", gates.get(f"gate.{POLICY}")),
        "calibration_verdict": gates.get("gate.calibration"),
    }
    return {name: value for name, value in known.items() if value is not None}
