import csv

import pytest

from directory import ROOT
from directory.domain.evidence import host_of
from directory.domain.identifiers import STATES
from directory.domain.registers import RegisterKind
from directory.services import registers

#: In American Samoa and the three states in free association with the US; and in three territories.
WITHOUT_ANY = {"AS", "FM", "MH", "PW"}
WITH_A_BOARD_ALONE = {"GU", "MP", "VI"}
FIELDS = ["scope", "jurisdiction", "kind", "name", "host", "url", "other_hosts"]


@pytest.mark.parametrize(
    "host",
    [
        # a board, a license register, the national register of prescribers, and an older address of a board
        "albme.gov",
        "search.dca.ca.gov",
        "npiregistry.cms.hhs.gov",
        "albme.org",
    ],
)
def test_well_known_registers_are_among_them(host):
    assert host in registers.hosts()


@pytest.mark.parametrize("host", ["facebook.com", "google.com", "clinic.example", "com", "gov", ""])
def test_nobody_elses_word_is_that_of_a_register(host):
    assert host not in registers.hosts()


def test_each_register_is_known_by_the_host_of_its_own_address():
    for row in shipped():
        assert host_of(row["url"]) in registers.hosts(), row["name"]
        assert host_of(row["url"]) == host_of(row["host"]), row["name"]


def test_each_host_is_written_as_links_are_compared():
    assert len(registers.hosts()) > 100
    assert {host for host in registers.hosts() if host_of(host) != host} == set()


def test_older_addresses_of_a_register_are_known_too():
    older = [host for row in shipped() for host in row["other_hosts"].split()]

    assert older
    assert {host_of(host) for host in older} <= registers.hosts()


def test_each_kind_of_register_has_its_own_words_for_people():
    assert len({kind.label for kind in RegisterKind}) == len(RegisterKind)
    assert (RegisterKind.LOOKUP.label, RegisterKind.NURSING.label) == ("License look-up", "Nursing board")


def test_each_row_is_whole_and_leads_to_a_page():
    for row in shipped():
        assert list(row) == FIELDS
        assert all(row[name] for name in FIELDS[:-1]), row
        assert row["url"].startswith(("https://", "http://"))


def test_each_state_names_where_to_look_a_license_up_first_then_its_boards():
    for state in sorted(STATES.keys() - WITHOUT_ANY):
        kinds = [register.kind for register in registers.of_state(state)]

        assert RegisterKind.MEDICAL in kinds, state
        assert kinds == sorted(kinds, key=list(RegisterKind).index), state
        assert {RegisterKind.LOOKUP, RegisterKind.NURSING} <= set(kinds) or state in WITH_A_BOARD_ALONE


def test_of_a_few_far_islands_no_register_is_known():
    assert {state for state in STATES if registers.of_state(state) == ()} == WITHOUT_ANY


def test_a_state_with_a_board_of_its_own_for_osteopathic_physicians_names_both():
    names = {register.kind: register.name for register in registers.of_state("CA")}

    assert names[RegisterKind.MEDICAL] == "Medical Board of California"
    assert names[RegisterKind.OSTEOPATHIC] == "Osteopathic Medical Board of California"


def test_across_the_states_one_register_is_of_physicians_and_one_of_nurses():
    found = [(register.kind, host_of(register.url)) for register in registers.national()]

    assert found == [(RegisterKind.PHYSICIANS, "docinfo.org"), (RegisterKind.NURSES, "nursys.com")]


def shipped():
    with (ROOT / "directory" / "registers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
