"""
The commands of releases: those of the ledger, and `earlyid release reband`.

A bundle's bands are people's to own. To draw them for another capacity takes no data and no learning, and makes another
bundle, with an audit and signatures of its own.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from fairness.pack.page import pack
from models.band_policy import capacities_of, share_of
from models.bands import Bands, Figure, Policy
from models.blame import judging
from models.bundle import Bundle, load_bundle
from models.bundle_writing import write_bundle
from models.errors import BadInput
from models.estimator import expit
from models.reband import read_capacities, rebanded
from models.signature import load_key
from service.ledger.commands import Mirror, release

commands = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)
commands.add_typer(release, name="release")


def main(argv: list[str], mirror: Mirror) -> None:
    """Run one command of releases; `mirror` copies to the tracker what is live."""
    commands(args=argv, prog_name="earlyid", obj=mirror)


@release.command()
def reband(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder of the bundle; it is left as it is.")],
    *,
    capacity: Annotated[
        float | None, typer.Option(metavar="SHARE", help="The share of children the team can see, such as 0.10.")
    ] = None,
    children_a_month: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Or how many children the team can see in a month.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="Whose capacity it is; as before if left out.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who agreed to it: a role, not only a name.")] = None,
    agreed: Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When it was agreed.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder bundles are written under; beside the bundle if left out.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(envvar="EARLYID_SIGNING_KEY", help="Sign the new bundle with this private key.")
    ] = None,
) -> None:
    """Draw a bundle's bands for another capacity: the same model in a new bundle, with the audit at that capacity."""
    if (capacity is None) == (children_a_month is None):
        raise typer.BadParameter("give exactly one of --capacity and --children-a-month")
    if (owner is None) != (agreed is None):
        raise typer.BadParameter("give --owner and --agreed together, or neither")
    signing_key = load_key(key) if key is not None else None
    held = load_bundle(bundle)
    capacities = read_capacities(held.files)
    share = capacity if capacity is not None else share_of(children_a_month or 1, capacities)
    policy = _policy(
        held.scorer.policy,
        team=team if team is not None else held.scorer.policy.team,
        owner=owner,
        agreed=agreed.date() if agreed is not None else None,
        children_a_month=children_a_month,
        capacities=capacities_of(share),
    )
    written = write_bundle(out or bundle.resolve().parent, rebanded(held.files, policy, pack), signing_key)
    if policy.capacity != share:
        typer.echo(
            f"{share:.1%} was asked; {policy.capacity:.0%} is the longest list under it of the twenty that were audited"
        )
    for line in _told(load_bundle(written)):
        typer.echo(line)
    typer.echo(str(written))


def _policy(before: Policy, **changed: object) -> Policy:
    """Return the policy with these parts changed; raises BadInput when a word of it cannot be used."""
    if (found := judging(str(changed["team"]))) is not None:
        raise BadInput(f'the team is named in every answer: "{found}" blames or labels people')
    try:
        return Policy.model_validate(before.model_dump() | changed)
    except ValidationError as error:
        named = ", ".join(sorted({str(details["loc"][0]) for details in error.errors() if details["loc"]}))
        raise BadInput(f"the policy cannot be used: {named}: give each of them as one to 200 characters") from None


def _told(bundle: Bundle) -> Iterator[str]:
    bands = Bands.model_validate_json(bundle.files["bands.json"])
    policy = bands.policy
    agreed = f"agreed by {policy.owner} on {policy.agreed}" if policy.owner is not None else "agreed by nobody yet"
    yield f"Bands of {policy.team}: {', '.join(f'{capacity:.0%}' for capacity in policy.capacities)}; {agreed}"
    for one in bands.thresholds:
        at = one.at[-1]
        score = "none is short enough" if at.log_odds is None else f"from {100 * expit(at.log_odds):.0f} of 100"
        yield (
            f"  {one.outcome:<20}{one.landmark:<14}{score:<18} PPV {_figure(at.ppv)}  recall {_figure(at.recall)} "
            f"(cannot exceed {at.recall_ceiling:.2f})"
        )
    yield "Each outcome has a list of its own: a team that goes by several has the children of all their lists."
    yield "It needs signatures of its own: those of the bundle it was made from do not count for it."


def _figure(figure: Figure) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "none"
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
