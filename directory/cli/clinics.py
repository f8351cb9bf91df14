"""`flask clinics`: brings clinics in from files."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click
from flask.cli import AppGroup

from directory.cli.readiness import stop_unless_ready
from directory.domain.errors import BadFile
from directory.domain.profile import PointPrecision
from directory.services.exchange.findings import Doubt, Warned
from directory.services.exchange.importing import ImportOrder, Outcome, import_clinics
from directory.services.exchange.records import load
from directory.services.exchange.sheets import AUTO, PRESETS

clinics = AppGroup("clinics", help="Bring clinics in.")

_MOST_WARNINGS = 50
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@clinics.command("import")
@click.argument("file", type=_FILE)
@click.option("--preset", type=click.Choice([AUTO, *PRESETS]), default=AUTO, help="Whose columns the file has.")
@click.option("--publish", "publishes", is_flag=True, help="Publish what is proposed; closed clinics stay closed.")
@click.option("--dry-run", "is_rehearsal", is_flag=True, help="Check and count, and write nothing.")
@click.option("--skip-bad", "skips_bad_rows", is_flag=True, help="Leave bad rows out instead of refusing the file.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of what the file does not date. [today]")
@click.option("--warnings", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write all here.")
def import_file(file: Path, as_of: datetime | None, warnings: Path | None, **choices: str | bool) -> None:
    """Import the clinics in FILE, all of them or none.

    Our own CSV has the columns name, address, city, state, zip and, where known, phone, website, latitude, longitude,
    source_id, npi, contact_email, status, organisation, price_min and price_max (whole dollars a session), and routes,
    settings, conditions, psychotherapy, insurance, payment_help and accepts (words of a fixed list, with | between;
    a wrong one is answered with the list). The same file a second time changes nothing.
    """
    stop_unless_ready()
    _refuse_what_cannot_be_written(warnings, file)
    order = ImportOrder(as_of=(as_of or datetime.now(UTC)).date(), **choices)  # type: ignore[arg-type] # click checked them
    try:
        outcome = import_clinics(load(file), order, track=_bar)
    except BadFile as error:
        click.echo(f"{error} Nothing was written.", err=True)
        sys.exit(1)
    _say_how_it_was_read(outcome)
    _list_warnings(outcome, warnings)
    for bad in outcome.findings.bad_rows:
        click.echo(f"line {bad.line}: {bad}", err=True)
    _sum_up(outcome, order)
    if outcome.recorded is None or not outcome.listings:
        sys.exit(1)


def _refuse_what_cannot_be_written(warnings: Path | None, file: Path) -> None:
    """Stop before the import where its list of warnings could not be kept, or would replace the clinics themselves."""
    if warnings is None:
        return
    try:
        warnings.open("a").close()
        is_the_file = warnings.samefile(file)
    except OSError as error:
        raise click.ClickException(f"{warnings} cannot be written: {error.strerror}. Nothing was written.") from error
    if is_the_file:
        raise click.ClickException("--warnings names the file of clinics. Name another. Nothing was written.")


@contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def _say_how_it_was_read(outcome: Outcome) -> None:
    sheet = outcome.sheet
    click.echo(f"Read as {sheet.preset.title} ({sheet.preset.name}).")
    if sheet.encoding != "UTF-8":
        click.echo(f"The file is not UTF-8; it was read as {sheet.encoding}.")
    if sheet.unread:
        click.echo(f"Columns not used: {', '.join(sheet.unread)}.")


def _list_warnings(outcome: Outcome, file: Path | None) -> None:
    kinds = list(Doubt)
    found = sorted(outcome.findings.warnings, key=lambda warned: kinds.index(warned.doubt))
    if file:
        _keep("".join(f"{line}\n" for line in _grouped(found, len(found))), file)
    for line in _grouped(found, _MOST_WARNINGS):
        click.echo(line)
    if len(found) > _MOST_WARNINGS:
        more = f"and {len(found) - _MOST_WARNINGS:,} more; "
        click.echo(more + (f"{file} has them all." if file else "--warnings FILE writes them all."))


def _keep(text: str, file: Path) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        # A full disk must not hide what became of the clinics.
        click.echo(f"{file} could not be written: {error.strerror}. Its list is not whole.", err=True)


def _grouped(found: list[Warned], most: int) -> Iterator[str]:
    """Yield each kind of warning with its whole count, and under it those among the first `most` of all."""
    place = 0
    for doubt, group in groupby(found, key=attrgetter("doubt")):
        warnings = list(group)
        yield f"{doubt.label}: {len(warnings):,}"
        for warned in warnings[: max(0, most - place)]:
            yield f"  line {warned.line}: {warned.sentence}"
        place += len(warnings)


def _sum_up(outcome: Outcome, order: ImportOrder) -> None:
    recorded = outcome.recorded
    if recorded is None:
        click.echo("Nothing was written. Mend the rows named above, or leave them out with --skip-bad.")
    elif not outcome.listings:
        click.echo("Nothing was written: no row of the file could be used. Mend the rows named above.")
    elif order.is_rehearsal:
        click.echo("Dry run: nothing was written.")
    elif not recorded.new and not recorded.changed:
        click.echo("Nothing changed: every listing was already as the file has it.")
    click.echo(
        f"{len(outcome.sheet.rows):,} rows read: {_counts(outcome)}; "
        f"{len(outcome.findings.warnings):,} warnings, {outcome.bad_lines:,} bad rows."
    )


def _counts(outcome: Outcome) -> str:
    recorded = outcome.recorded
    if recorded is None:
        return "none written"
    by_zip, by_city = outcome.placed_by(PointPrecision.ZIP), outcome.placed_by(PointPrecision.CITY)
    return (
        f"{recorded.new:,} new, {recorded.changed:,} changed, {recorded.unchanged:,} unchanged; "
        f"{outcome.closed:,} closed; geocoded {by_zip:,} by ZIP and {by_city:,} by city, "
        f"{outcome.placed_by(None):,} not on the map"
    )
