from dataclasses import replace
from datetime import date

import pytest

from directory.domain.gazetteer import PlaceRow
from directory.domain.geo import Point
from directory.domain.listings import Listing
from directory.domain.profile import PointPrecision
from directory.services.exchange.findings import Findings
from directory.services.exchange.placing import placed
from directory.services.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("origin", "precision", "warnings"),
    [("own", PointPrecision.ZIP, 1), ("city", PointPrecision.CITY, 1), ("prefix", PointPrecision.ZIP, 0)],
)
def test_a_zip_that_stands_where_its_city_is_has_a_citys_precision(origin, precision, warnings):
    gazetteer = Gazetteer([PlaceRow("zip", "63101", "Saint Louis", "MO", 38.6, -90.2, 2.0, 0, origin)])
    findings = Findings()
    listing = Listing(
        source="test", source_key="1", source_title="A test", seen_on=date(2026, 1, 1), name="A", city="B", state="MO",
        postal_code="63101",
    )  # fmt: skip

    assert placed(listing, 2, gazetteer, findings).point_precision is precision
    placed(replace(listing, point=Point(41.9, -87.6)), 3, gazetteer, findings)
    # the middle of all ZIPs that begin alike is nothing to measure from
    assert len(findings.warnings) == warnings
