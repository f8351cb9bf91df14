import pytest
from sqlalchemy import select

from directory.domain.listings import Listing
from directory.extensions import reading, writing
from directory.models import Clinic, NameWord, NearSpelling
from directory.services import name_index, names
from directory.services.clinics import record
from directory.services.names import find
from tests.services.test_clinics import FULL
from tests.support.clinics import add_named, clinic_row
from tests.support.hostile import strings
from tests.support.statements import counted_statements

NAMES = (
    ("Paper Kite Infusion Center", "Boise", "ID"),
    ("Paper Kite Clinic", "Reno", "NV"),
    ("Tin Walrus", "Boise", "ID"),
    ("Zoë's Owl Lamp Ketamine Clinic", "Saint Louis", "MO"),
    ("St. Luke's Hospital", "Saint Louis", "MO"),
    ("Mount Carmel Health Care", "Columbus", "OH"),
)


@pytest.fixture
def _named(app):
    add_named(*(clinic_row(name=name, city=city, state=state) for name, city, state in NAMES))


def found(text, **options):
    return [clinic.name for clinic in find(text, **options).clinics]


@pytest.mark.usefixtures("_named")
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("tin walrus", "Tin Walrus"),
        ("WALRUS  tin", "Tin Walrus"),
        # a letter lacks, is too many, is another, and two changed places
        ("wlrus", "Tin Walrus"), ("wallrus", "Tin Walrus"), ("walrux", "Tin Walrus"), ("warlus", "Tin Walrus"),
        # alike in sound alone
        ("leuk hospital", "St. Luke's Hospital"), ("cormale mount", "Mount Carmel Health Care"),
        # run together, and cut in two
        ("tinwalrus boise", "Tin Walrus"), ("wal rus", "Tin Walrus"),
        ("mount carmel healthcare", "Mount Carmel Health Care"),
        # folded
        ("zoes owl", "Zoë's Owl Lamp Ketamine Clinic"), ("Saint Lukes Hosp", "St. Luke's Hospital"),
        ("mt. carmel", "Mount Carmel Health Care"), ("clínica Owl Lamp", "Zoë's Owl Lamp Ketamine Clinic"),
        # the city, and the state by code and name, tell two of one name apart
        ("paper kite reno", "Paper Kite Clinic"), ("paper kite NV", "Paper Kite Clinic"),
        ("paper kite nevada", "Paper Kite Clinic"), ("paper kite idaho", "Paper Kite Infusion Center"),
    ],
)  # fmt: skip
def test_a_clinic_is_found_first_by_its_name_however_it_is_typed(typed, name):
    assert found(typed)[0] == name


@pytest.mark.usefixtures("_named")
def test_a_name_is_found_that_is_not_finished():
    assert found("paper ki", unfinished=True) == ["Paper Kite Clinic", "Paper Kite Infusion Center"]
    assert found("walr", unfinished=True) == ["Tin Walrus"]


@pytest.mark.usefixtures("_named")
@pytest.mark.parametrize("typed", ["", " ", "a", "%", "_", "the of and", "\x00", "\ud83d", "qwxyzzy", "63101"])
def test_what_names_no_clinic_finds_none(typed):
    assert find(typed) == names.NameHits()


@pytest.mark.usefixtures("_named")
def test_what_only_part_of_the_words_answers_is_said_to_be_partial():
    assert find("paper kite").is_whole
    assert not find("paper walnut piano").is_whole


@pytest.mark.parametrize("status", ["proposed", "closed"])
def test_only_published_clinics_are_found_by_name(app, status):
    add_named(clinic_row(name="Tin Walrus", status=status))

    assert found("tin walrus") == []


def test_at_most_so_many_are_shown_by_name_and_then_by_place_and_the_rest_is_said(app):
    add_named(*(clinic_row(name=f"Walrus {letter}", city="Reno", state="NV") for letter in "fdcb"))
    add_named(clinic_row(name="Walrus b", city="Boise", state="ID"))

    hits = find("walrus", limit=3)

    assert [(clinic.name, clinic.city) for clinic in hits.clinics] == [
        ("Walrus b", "Boise"), ("Walrus b", "Reno"), ("Walrus c", "Reno"),
    ]  # fmt: skip
    assert hits.more


def test_a_word_of_too_many_clinics_is_no_reason_to_read_them_all(app, monkeypatch):
    monkeypatch.setattr(names, "_MOST_HELD", 3)
    monkeypatch.setattr(names.queries, "COMMON", 2)
    add_named(
        *(clinic_row(name=f"Saint {name} Clinic", city=city) for name in ("Kite", "Owl") for city in ("Reno", "Elko"))
    )

    assert found("saint owl") == ["Saint Owl Clinic"] * 2
    assert found("owl kite reno")[0] in {"Saint Owl Clinic", "Saint Kite Clinic"}  # the bound is reached on the way
    assert found("saint clinic") == ["Saint Kite Clinic"] * 2 + ["Saint Owl Clinic"] * 2
    assert not find("saint walrus clinic").is_whole


@pytest.mark.usefixtures("_named")
@pytest.mark.parametrize(
    "typed", ["walrus", "paper kite clinic boise", "wlrus tn", "x" * 200, "paper " * 40, "a b " * 50]
)
def test_a_search_by_name_takes_at_most_five_statements(typed):
    with counted_statements() as seen:
        find(typed, unfinished=True)

    assert len(seen) <= 5


@pytest.mark.security(36, 38)
def test_hostile_words_find_nothing_that_is_not_there_and_break_nothing(app):
    add_named(clinic_row(name="Tin Walrus"))

    for each in strings():
        assert len(find(each[:200]).clinics) <= 1


def test_a_clinic_recorded_renamed_and_moved_is_found_by_what_it_is_called_now(app):
    record([FULL])
    record([Listing(**{**vars(FULL), "name": "Tin Walrus", "city": "Reno", "state": "NV"})])

    assert found("tin walrus reno") == ["Tin Walrus"]
    assert found("johns ketamine ofallon") == []
    assert words_kept() == {"tin", "walrus", "reno"}


def test_a_spelling_that_somebody_keeps_at_the_same_time_is_kept_once(app):
    add_named(clinic_row(name="Tin Walrus"))
    with writing() as session:
        ids = session.scalars(select(Clinic.id)).all()
        name_index.keep(session, dict.fromkeys(ids, name_index.Named("Tin Walrus", "Saint Louis")))
        name_index.keep(session, {})

    with reading() as session:
        kept = session.execute(select(NearSpelling.key, NearSpelling.word)).all()
    assert len(set(kept)) == len(kept)


def words_kept():
    with reading() as session:
        return set(session.scalars(select(NameWord.word)))
