"""`flask places`: fills the offline gazetteer."""

import click
from flask.cli import AppGroup

from directory.cli.readiness import stop_without_tables
from directory.services import places as gazetteer

places = AppGroup("places", help="Fill the offline gazetteer of ZIP codes and cities.")


@places.command("load")
@click.option("--force", is_flag=True, help="Load again even where nothing has changed.")
def load(*, force: bool) -> None:
    """Fill the offline gazetteer from the installed package zipcodes."""
    stop_without_tables()
    wanted = gazetteer.survey()
    if not force and gazetteer.is_loaded(wanted):
        click.echo("The gazetteer is already loaded. Use --force to load it again.")
        return
    with click.progressbar(length=len(wanted.rows), label="Loading places") as bar:
        gazetteer.load(wanted, on_progress=bar.update)
    click.echo(f"{wanted.count('zip'):,} ZIP codes and {wanted.count('city'):,} names of cities are loaded.")
    for reason, number in sorted(wanted.left_out.items()):
        click.echo(f"Left out: {number:,} ZIP codes {reason}.")
