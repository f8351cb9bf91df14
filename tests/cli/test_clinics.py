import os

import pytest
from sqlalchemy import delete, func, select

from directory.extensions import db, reading
from directory.models import Clinic, Place
from directory.services.exchange.decoding import MAX_FILE_BYTES

HEADER = "name,address,city,state,zip,phone,status"
GOOD = "Quiet Rooms,1 Main St,Saint Louis,MO,63101,3145550123,"
CLOSED = "Gone Rooms,2 Main St,Saint Louis,MO,,,closed"
BAD = ",3 Main St,Saint Louis,ZZ,63101,,"
ENDS = "not on the map; 0 warnings, 0 bad rows.\n"


def test_an_import_sums_up_what_it_did(run, file):
    outcome = run(file(GOOD, CLOSED))

    assert outcome.exit_code == 0
    assert "Read as The directory's own list (directory)." in outcome.stdout
    assert outcome.stdout.endswith(
        "2 rows read: 2 new, 0 changed, 0 unchanged; 1 closed; geocoded 1 by ZIP and 1 by city, 0 " + ENDS
    )
    assert statuses() == {"proposed": 1, "closed": 1}


def test_the_same_file_again_changes_nothing_and_says_so(run, file):
    run(file(GOOD, CLOSED))

    outcome = run(file(GOOD, CLOSED), "--as-of", "2030-01-01")

    assert outcome.exit_code == 0
    assert "Nothing changed: every listing was already as the file has it.\n" in outcome.stdout
    assert "0 new, 0 changed, 2 unchanged" in outcome.stdout


def test_publishing_publishes_what_is_not_closed(run, file):
    run(file(GOOD, CLOSED))

    assert "0 new, 1 changed, 1 unchanged" in run(file(GOOD, CLOSED), "--publish").stdout
    assert statuses() == {"published": 1, "closed": 1}


def test_every_bad_row_is_named_and_nothing_is_written(run, file):
    outcome = run(file(GOOD, *[BAD] * 60))

    assert outcome.exit_code == 1
    for line in range(3, 63):
        assert f"line {line}: name is empty. Each clinic needs one.\n" in outcome.stderr
        assert f"line {line}: state “ZZ” is not a US state. Use its two letters.\n" in outcome.stderr
    assert "Nothing was written. Mend the rows named above, or leave them out with --skip-bad.\n" in outcome.stdout
    assert outcome.stdout.endswith("61 rows read: none written; 0 warnings, 60 bad rows.\n")
    assert statuses() == {}


def test_bad_rows_are_left_out_on_demand_and_still_named(run, file):
    outcome = run(file(GOOD, BAD), "--skip-bad")

    assert outcome.exit_code == 0
    assert "line 3: name is empty" in outcome.stderr
    assert outcome.stdout.endswith("0 warnings, 1 bad rows.\n")
    assert statuses() == {"proposed": 1}


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_a_file_of_nothing_but_bad_rows_fails_also_when_they_are_left_out(run, file, option):
    outcome = run(file(BAD, BAD), "--skip-bad", *option)

    assert outcome.exit_code == 1
    assert "Nothing was written: no row of the file could be used. Mend the rows named above.\n" in outcome.stdout
    assert "already" not in outcome.stdout
    assert outcome.stdout.endswith("0 warnings, 2 bad rows.\n")


def test_a_dry_run_counts_and_writes_nothing(run, file):
    outcome = run(file(GOOD, CLOSED), "--dry-run")

    assert outcome.exit_code == 0
    assert "Dry run: nothing was written.\n" in outcome.stdout
    assert "2 new" in outcome.stdout
    assert statuses() == {}


def test_the_day_of_what_the_file_does_not_date_may_be_given(run, file):
    run(file(GOOD), "--as-of", "2024-05-06")

    with reading() as session:
        assert session.scalars(select(Clinic.facts_as_of)).one().isoformat() == "2024-05-06"


def test_warnings_are_grouped_with_their_lines(run, file):
    outcome = run(file(GOOD, "A,B,Nowhere,MO,,call us,", CLOSED.replace(",,,", ",,1,")))

    assert (
        "Telephone numbers left empty: 2\n"
        "  line 3: phone “call us” is not a US telephone number.\n"
        "  line 4: phone “1” is not a US telephone number.\n"
        "Not on the map: 1\n"
        "  line 3: Neither ZIP (none) nor Nowhere, MO is in the gazetteer.\n"
    ) in outcome.stdout
    assert "more;" not in outcome.stdout
    assert outcome.stdout.endswith("1 not on the map; 3 warnings, 0 bad rows.\n")


@pytest.mark.parametrize(("count", "more"), [(50, None), (51, "1"), (1200, "1,150")])
def test_more_than_fifty_warnings_are_counted_and_written_on_demand(run, file, tmp_path, count, more):
    rows = [GOOD.replace("Quiet", f"Quiet {number}").replace("3145550123", "none") for number in range(count)]

    outcome = run(file(*rows))

    assert f"Telephone numbers left empty: {count:,}\n" in outcome.stdout
    assert outcome.stdout.count("  line ") == min(count, 50)
    assert ("more;" in outcome.stdout) == bool(more)
    assert (f"and {more} more; --warnings FILE writes them all.\n" in outcome.stdout) == bool(more)

    listed = tmp_path / "warnings.txt"
    outcome = run(file(*rows), "--warnings", str(listed))

    assert (f"{listed} has them all." in outcome.stdout) == bool(more)
    assert listed.read_text(encoding="utf-8").count("  line ") == count


def test_a_list_of_warnings_that_cannot_be_kept_stops_before_anything_is_written(run, file, tmp_path):
    missing = tmp_path / "nowhere" / "warnings.txt"

    outcome = run(file(GOOD), "--warnings", str(missing))

    assert outcome.exit_code == 1
    assert outcome.stderr == (f"Error: {missing} cannot be written: No such file or directory. Nothing was written.\n")
    assert statuses() == {}


def test_the_list_of_warnings_does_not_replace_the_clinics(run, file):
    clinics = file(GOOD)
    before = clinics.read_bytes()

    outcome = run(clinics, "--warnings", str(clinics))

    assert outcome.exit_code == 1
    assert "--warnings names the file of clinics. Name another." in outcome.stderr
    assert clinics.read_bytes() == before
    assert statuses() == {}


def test_a_disk_that_fills_up_does_not_hide_what_became_of_the_clinics(run, file):
    outcome = run(file(GOOD.replace("3145550123", "none")), "--warnings", "/dev/full")

    assert "/dev/full could not be written: No space left on device. Its list is not whole.\n" in outcome.stderr
    assert outcome.stdout.endswith("1 warnings, 0 bad rows.\n")
    assert statuses() == {"proposed": 1}


def test_a_pipe_is_no_file_of_clinics(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")

    outcome = run(tmp_path / "pipe")

    assert outcome.exit_code == 1
    assert outcome.stderr == (
        "This is no ordinary file. Write what it gives into a file, and import that. Nothing was written.\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty. Its first line must name the columns, each further line is a clinic."),
        (b"PK\x03\x04", "This is a packed file or a spreadsheet, not CSV. Unpack it, or export it as CSV first."),
        (b"a,b\n1,2\n", "Line 1 is not a header that we know"),
        (b"x" * (MAX_FILE_BYTES + 1), "The file is larger than 64 MB. Split it."),
    ],
    ids=["empty", "packed", "other", "large"],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(run, tmp_path, content, message):
    path = tmp_path / "clinics.csv"
    path.write_bytes(content)

    outcome = run(path)

    assert outcome.exit_code == 1
    assert outcome.stderr.startswith(message)
    assert outcome.stderr.endswith("Nothing was written.\n")
    assert outcome.stdout == ""


def test_an_encoding_other_than_utf_8_and_columns_not_used_are_told(run, tmp_path):
    path = tmp_path / "clinics.csv"
    path.write_bytes(f"{HEADER};notes\n{GOOD};x\n".replace(",", ";").replace("Quiet", "Café").encode("cp1252"))

    outcome = run(path)

    assert outcome.exit_code == 0
    assert "The file is not UTF-8; it was read as Windows-1252.\nColumns not used: notes.\n" in outcome.stdout


def test_a_preset_may_be_named(run, file):
    assert run(file(GOOD), "--preset", "directory").exit_code == 0
    outcome = run(file(GOOD), "--preset", "cms")
    assert outcome.exit_code == 1
    assert "nearest is cms, which lacks Facility ID" in outcome.stderr
    assert run(file(GOOD), "--preset", "other").exit_code == 2


def test_a_bar_shows_the_progress(run, file):
    outcome = run(file(GOOD))

    assert "Checking" in outcome.stderr
    assert "Writing" in outcome.stderr


def test_a_directory_without_its_gazetteer_says_what_to_run_first(app, run, file):
    with app.app_context():
        places = [dict(row) for row in db.session.execute(select(*Place.__table__.columns)).mappings()]
        db.session.execute(delete(Place))
        db.session.commit()
    try:
        outcome = run(file(GOOD))
    finally:
        db.session.execute(Place.__table__.insert(), places)
        db.session.commit()

    assert outcome.exit_code == 1
    assert "flask places load" in outcome.stderr
    assert statuses() == {}


def statuses():
    with reading() as session:
        return dict(session.execute(select(Clinic.status, func.count()).group_by(Clinic.status)).all())


@pytest.fixture
def run(app):
    def run_import(path, *options):
        return app.test_cli_runner().invoke(args=["clinics", "import", str(path), *options])

    return run_import


@pytest.fixture
def file(tmp_path):
    def write(*rows):
        path = tmp_path / "clinics.csv"
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        return path

    return write
