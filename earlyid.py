"""The command `earlyid`: hands each verb to the package that owns it, importing nothing else."""

import importlib
import sys

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
    "verify": ("service.commands", "check a bundle's digests, golden cases, documents and signature"),
    "release": ("service.release_commands", "draw a bundle's bands again for what a team can see"),
    "model": ("service.model_commands", "write a bundle's whole model on one page, curve by curve"),
    "pack": ("service.pack_commands", "write the board's pack of a bundle: a page, its figures, a PDF to print"),
    "keys": ("service.commands", "make a signing key, or the secret of pseudonyms"),
    "serve": ("service.commands", "serve explained scores from a bundle"),
}

EXTRAS = {"training": "train", "fairness": "train", "service": "serve"}


def main() -> None:
    """Run the verb named on the command line; exit 0 done, 2 usage, 3 bad input, 4 a gate said no, 5 integrity."""
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb not in VERBS:
        asked = verb in {"--help", "-h", "help"}
        print(_usage(), file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else 2)
    try:
        importlib.import_module(VERBS[verb][0]).main(sys.argv[1:])
    except EarlyidError as error:
        sys.exit(_refuse(error))
    except ModuleNotFoundError as error:
        extra = "parquet" if (verb, error.name) == ("score", "pyarrow") else EXTRAS[VERBS[verb][0].split(".")[0]]
        print(f"earlyid {verb}: {error.name} is not installed; install early-identification[{extra}]", file=sys.stderr)  # noqa: T201
        sys.exit(2)


def _refuse(error: EarlyidError) -> int:
    print(f"earlyid: {error}", file=sys.stderr)  # noqa: T201
    return exit_code(error)


def _usage() -> str:
    verbs = "\n".join(f"  {verb:<12}{about}" for verb, (_, about) in VERBS.items())
    return f"usage: earlyid VERB [options]\n\n{verbs}\n\nearlyid VERB --help says what a verb takes."
