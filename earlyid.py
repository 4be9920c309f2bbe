"""The command `earlyid`: hands each verb to the package that owns it, importing nothing else."""

import importlib
import sys
from pathlib import Path

from models.errors import EarlyidError, exit_code

VERBS = {
    "demo": ("training.commands", "invent England, link its agencies, train, explain one child's score, then serve"),
    "synth": ("training.synth_commands", "invent an authority whose figures are those published"),
    "contract": ("training.contract_commands", "check or draft a contract, or print its schema for editors"),
    "link": ("training.link_commands", "find each child's records in agencies that share no identifier"),
    "plan": ("training.plan_commands", "print the default plan of a contract, every field spelled out"),
    "policy": ("training.policy_commands", "print what a board could ask of the gaps between groups, to be agreed on"),
    "train": ("training.commands", "learn from extracts and write a bundle"),
    "recalibrate": (
        "training.recalibrate_commands",
        "set a bundle's intercept and slope anew on your own recent outcomes",
    ),
    "audit": (
        "fairness.commands",
        "audit scored children by a policy, or how a score was used; write the board's pack",
    ),
    "compare": ("training.champion.commands", "set a new bundle beside the live one, on children neither learned from"),
    "snapshots": ("training.snapshot_commands", "write the matrix of every child in scope at a landmark"),
    "score": ("service.score_commands", "score a file: requests, or a matrix, child by child or by area"),
    "verify": ("service.verify_commands", "check a bundle's digests, golden cases, documents and signature"),
    "release": (
        "service.release_commands",
        "propose, sign, promote and roll back bundles; say what was live, and when",
    ),
    "model": ("service.model_commands", "write a bundle's whole model on one page, curve by curve"),
    "pack": ("service.pack_commands", "write the board's pack of a bundle: a page, its figures, a PDF to print"),
    "keys": ("service.key_commands", "make signing keys, say whose are trusted; make the secret of pseudonyms"),
    "access": ("service.access.commands", "say who may ask: list the sharing agreements, make and end API keys"),
    "load": ("service.loaded.load_commands", "put linked child records where the service scores them by reference"),
    "record": (
        "service.record.commands",
        "verify the decision record, tell what it holds of a child, erase, hold, back up",
    ),
    "serve": ("service.commands", "answer scoring requests by what is live, or from a bundle to be evaluated"),
    "conformance": ("service.conformance.commands", "write what case systems run to see that they are understood"),
}

EXTRAS = {"training": "train", "fairness": "train", "service": "serve"}
# What one way of using a verb needs beyond its extra.
EXTRA_OF = {("score", "pyarrow"): "parquet", ("release", "mlflow"): "train", ("load", "duckdb"): "train"}


def main() -> None:
    """Run the verb named on the command line; exit 0 done, 2 usage, 3 bad input, 4 a gate said no, 5 integrity."""
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb not in VERBS:
        asked = verb in {"--help", "-h", "help"}
        print(_usage(), file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else 2)
    try:
        importlib.import_module(VERBS[verb][0]).main(sys.argv[1:], *JOINED.get(verb, ()))
    except EarlyidError as error:
        sys.exit(_refuse(error))
    except ModuleNotFoundError as error:
        extra = EXTRA_OF.get((verb, str(error.name)), EXTRAS[VERBS[verb][0].split(".")[0]])
        print(f"earlyid {verb}: {error.name} is not installed; install early-identification[{extra}]", file=sys.stderr)  # noqa: T201
        sys.exit(2)


def _mirror(aliases: dict[str, str], home: Path, releases: Path) -> None:
    """Copy what the service's ledger says to the tracker, which is the training's: the doors do not know each other."""
    importlib.import_module("training.tracking.mirroring").mirror(aliases, home, releases)


def _write_lines(*asked: object) -> object:
    """Make child records of linked extracts, which is the training's, for the service to load."""
    return importlib.import_module("training.child_lines").write_child_lines(*asked)


# What a verb of one door needs of the other.
JOINED = {"release": (_mirror,), "load": (_write_lines,)}


def _refuse(error: EarlyidError) -> int:
    print(f"earlyid: {error}", file=sys.stderr)  # noqa: T201
    return exit_code(error)


def _usage() -> str:
    verbs = "\n".join(f"  {verb:<12}{about}" for verb, (_, about) in VERBS.items())
    return f"usage: earlyid VERB [options]\n\n{verbs}\n\nearlyid VERB --help says what a verb takes."
