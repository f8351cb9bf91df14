import csv

import pytest

from directory import ROOT
from directory.domain.evidence import host_of
from directory.services import registers

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


def test_each_row_is_whole_and_leads_to_a_page():
    for row in shipped():
        assert list(row) == FIELDS
        assert all(row[name] for name in FIELDS[:-1]), row
        assert row["url"].startswith(("https://", "http://"))


def shipped():
    with (ROOT / "directory" / "registers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
