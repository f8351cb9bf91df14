import json
import random
import re
from datetime import date

import pytest
from geopy.distance import geodesic
from sqlalchemy import insert, select, text

from directory.domain import geo
from directory.domain.checklist import PUBLISHED
from directory.domain.errors import AmbiguousPlace, UnknownPlace
from directory.domain.facets import GROUPS
from directory.domain.findings import Verdict
from directory.domain.nearby import SIGNS, Order, Wishes
from directory.domain.places import FoundPlace, Precision
from directory.domain.profile import ROUTES, mask
from directory.domain.scoring import Grade
from directory.extensions import db, reading
from directory.models import Clinic, StoredScore
from directory.queries.nearby import statements
from directory.services import checklists
from directory.services.search import UNMAPPED_SHOWN, find_place, nearby
from tests.support.clinics import add_clinic, add_clinics, clinic_row
from tests.support.scores import scored, stored_score
from tests.support.statements import counted_statements

SAINT_LOUIS = (38.6346, -90.1913)


def test_500_random_world_queries_equal_brute_force(world):
    draw = random.Random(20261121)
    for _ in range(500):
        centre = draw_point(draw, world)
        wishes = Wishes(
            radius_miles=draw.choice([1, 5, 10, 25, 50, 99, 100]),
            order=draw.choice([Order.DISTANCE, Order.DISTANCE, Order.SIGNS, Order.SIGNS, Order.NAME]),
            facets=draw.choice([0, 0, 1, 6, 8]),
            without_confirmed=draw.random() < 0.3,
            checked_at_least=draw.choice([0, 0, 0, 1, 2, 3, 4, 5]),
            words=draw.choice(["", "", "", "tea pot", "élan"]),
            limit=draw.choice([20, 100, 100]),
        )

        found, results = all_pages(centre, wishes)

        expected = brute_force(world, centre, wishes)
        assert found == expected, (centre, wishes)
        assert results.count.total == min(len(expected), 1000)
        assert results.count.is_capped == (len(expected) > 1000)


@pytest.mark.parametrize("order", list(Order))
def test_more_than_a_thousand_are_paged_through_without_loss(app, order):
    draw = random.Random(3)
    rows = add_clinics([
        clinic_row(
            name=draw.choice("ABC"), at=(38.6 + draw.gauss(0, 0.15), -90.2 + draw.gauss(0, 0.15)), **drawn_score(draw)
        )
        for _ in range(1300)
    ])  # fmt: skip

    found, results = all_pages(geo.Point(38.6, -90.2), Wishes(order=order, limit=100))

    assert results.count == (1000, True)
    assert found == brute_force(list(enumerate(rows)), geo.Point(38.6, -90.2), Wishes(order=order))


def test_distances_agree_with_the_geodesic(app):
    row = add_clinic(at=(38.9, -90.5))

    [clinic] = nearby(place(SAINT_LOUIS), Wishes(radius_miles=50)).clinics

    metres_off = (
        abs(clinic.distance_miles - geodesic(SAINT_LOUIS, (row["latitude"], row["longitude"])).miles) * 1609.344
    )
    assert metres_off < 0.1


@pytest.mark.parametrize("status", ["proposed", "closed"])
def test_only_published_clinics_are_found(app, status):
    add_clinic(at=SAINT_LOUIS, status=status)
    add_clinic(at=None, status=status)

    results = nearby(place(SAINT_LOUIS), Wishes())

    assert (results.count.total, list(results.clinics), list(results.unmapped), results.beyond) == (0, [], [], None)


@pytest.mark.parametrize("words", ["100%", "_", "%", "\\", "a%b", "'; DROP TABLE clinic; --"])
def test_wildcards_in_the_words_are_plain_letters_or_nothing(app, words):
    add_clinic(at=SAINT_LOUIS, name="Plain Name")
    literal = add_clinic(at=SAINT_LOUIS, name=f"Odd {words} Name")

    found = {clinic.public_id for clinic in nearby(place(SAINT_LOUIS), Wishes(words=words)).clinics}

    # A string of marks alone folds to nothing and so asks for nothing.
    assert literal["public_id"] in found
    assert len(found) == (1 if Wishes(words=words).folded_words else 2)


@pytest.mark.parametrize(
    ("beyond_at", "label"),
    [((38.6346, -91.0), "about 43 miles"), ((34.0, -98.0), "about 530 miles"), ((13.47, 144.75), "on Guam")],
)
def test_an_empty_circle_names_the_nearest_clinic_beyond_it(app, beyond_at, label):
    add_clinic(at=(-33.87, 151.21), name="Far Away")
    add_clinic(at=beyond_at, name="Nearest")

    results = nearby(place(SAINT_LOUIS), Wishes(radius_miles=10))

    assert results.count.total == 0
    assert results.beyond.name == "Nearest", label
    assert results.beyond.distance_miles == pytest.approx(geodesic(SAINT_LOUIS, beyond_at).miles, rel=0.006)


def test_the_nearest_beyond_fits_the_filters(app):
    add_clinic(at=(38.6346, -90.5), name="Other Treatment", routes=2)
    add_clinic(at=(38.6346, -91.5), name="Wished Treatment", routes=1)

    assert nearby(place(SAINT_LOUIS), Wishes(radius_miles=5, facets=1)).beyond.name == "Wished Treatment"
    assert (
        nearby(place(SAINT_LOUIS), Wishes(radius_miles=5, words="treatment wished")).beyond.name == "Wished Treatment"
    )


def test_the_nearest_beyond_fits_what_was_asked_of_its_warning_signs(app):
    add_clinic(at=(38.6346, -90.5), name="Red", **scored("confirmed cleared cleared cleared cleared"))
    add_clinic(at=(38.6346, -91.0), name="Unchecked", **scored())
    add_clinic(at=(38.6346, -91.5), name="Half", **scored("cleared cleared unknown unknown unknown"))

    def beyond(**wishes):
        return nearby(place(SAINT_LOUIS), Wishes(radius_miles=5, **wishes)).beyond

    assert beyond().name == "Red"
    assert beyond(without_confirmed=True).name == "Unchecked"
    assert beyond(without_confirmed=True, checked_at_least=2).name == "Half"
    assert beyond(without_confirmed=True, checked_at_least=3) is None


def test_fewest_warning_signs_first_follows_the_published_rule(app):
    for name, verdicts in (
        ("everything unknown", "unknown unknown unknown unknown unknown"),
        ("only suspected", "suspected suspected unknown unknown unknown"),
        ("worst", "confirmed confirmed confirmed confirmed confirmed"),
        ("one confirmed, rest cleared", "cleared cleared cleared confirmed cleared"),
        ("one disputed, rest cleared", "cleared cleared cleared disputed cleared"),
        ("green", "cleared cleared cleared cleared cleared"),
        ("four cleared", "cleared cleared cleared cleared unknown"),
        ("confirmed and nothing else", "confirmed unknown unknown unknown unknown"),
        ("less confirmed and nothing else", "unknown unknown unknown confirmed unknown"),
    ):
        add_clinic(at=SAINT_LOUIS, name=name, **scored(verdicts))
    add_clinic(at=(38.9, -90.2), name="green and far", **scored("cleared cleared cleared cleared cleared"))

    found = [clinic.name for clinic in nearby(place(SAINT_LOUIS), Wishes(order=Order.SIGNS)).clinics]

    assert found == [
        "green",
        "green and far",
        "one confirmed, rest cleared",  # at least 80, all five settled
        "one disputed, rest cleared",  # at least 80 too, four settled, nothing confirmed
        "four cleared",
        "worst",
        "less confirmed and nothing else",
        "confirmed and nothing else",
        "everything unknown",  # nothing settled: the order in which they were entered
        "only suspected",
    ]


def test_the_points_of_all_signs_leave_room_in_the_rank():
    for version in PUBLISHED:
        assert sum(sign.points for sign in checklists.version(version).signs) < 1000
        assert len(checklists.version(version).signs) == SIGNS


def test_a_row_shows_the_score_of_its_clinic_and_the_day_of_its_newest_check(app):
    add_clinic(at=SAINT_LOUIS, **scored("confirmed cleared disputed cleared unknown", seen_on=date(2026, 11, 2)))

    [clinic] = nearby(place(SAINT_LOUIS), Wishes()).clinics

    assert (clinic.score.grade, clinic.score.low, clinic.score.high) == (Grade.RED, 0, 50)
    assert [verdict.value for verdict in clinic.score.verdicts.values()] == [
        "confirmed", "cleared", "disputed", "cleared", "unknown",
    ]  # fmt: skip
    assert clinic.signs_seen_on == date(2026, 11, 2)


@pytest.mark.parametrize("at", [SAINT_LOUIS, None])
def test_a_clinic_whose_checks_have_run_out_is_not_one_that_nobody_has_checked(app, at):
    add_clinic(at=at, name="A Never Checked")
    add_clinic(at=at, name="B Checked Long Ago")
    add_stored_score("B Checked Long Ago")

    results = nearby(place(SAINT_LOUIS), Wishes(order=Order.NAME))

    assert [clinic.was_checked for clinic in (*results.clinics, *results.unmapped)] == [False, True]


def test_clinics_without_coordinates_are_found_by_their_city_and_name(app):
    green = scored("cleared cleared cleared cleared cleared")
    add_clinic(at=None, city="St. Louis", name="Seven Umbrellas", routes=1, **green)
    add_clinic(at=None, city="Saint Louis", name="Blue Teapot", routes=2, **scored("confirmed" + 4 * " unknown"))
    add_clinic(at=None, city="Saint Louis", state="MI", name="Another State")

    def names(**wishes):
        return [clinic.name for clinic in nearby(place(SAINT_LOUIS), Wishes(**wishes)).unmapped]

    assert names() == ["Blue Teapot", "Seven Umbrellas"]
    assert names(words="umbrella") == ["Seven Umbrellas"]
    assert names(facets=2) == ["Blue Teapot"]
    assert names(without_confirmed=True) == ["Seven Umbrellas"]
    assert names(checked_at_least=1) == ["Blue Teapot", "Seven Umbrellas"]
    assert names(checked_at_least=2) == ["Seven Umbrellas"]


def test_more_clinics_without_coordinates_than_shown_are_said(app):
    add_clinics([clinic_row(at=None) for _ in range(UNMAPPED_SHOWN + 1)])

    results = nearby(place(SAINT_LOUIS), Wishes())

    assert len(results.unmapped) == UNMAPPED_SHOWN
    assert results.more_unmapped


def test_a_search_begins_at_the_place_that_was_typed_or_says_what_to_type(app):
    add_clinic(name="Blue Teapot", at=SAINT_LOUIS)
    geocoder = app.extensions["geocoder"]

    found = nearby(find_place(geocoder, "63101"), Wishes())

    assert (found.place.label, [clinic.name for clinic in found.clinics]) == ("Saint Louis, MO 63101", ["Blue Teapot"])
    with pytest.raises(AmbiguousPlace):
        find_place(geocoder, "Springfield")
    with pytest.raises(UnknownPlace, match="Type a ZIP code"):
        find_place(geocoder, "qwxyzzy")


def test_given_coordinates_have_no_city_to_list_clinics_of(app):
    add_clinic(at=None)

    assert nearby(FoundPlace("38.63, -90.19", geo.Point(*SAINT_LOUIS), Precision.POINT), Wishes()).unmapped == []


def test_the_counts_of_the_filters_come_with_the_count_in_one_statement(app):
    add_clinics([clinic_row(at=SAINT_LOUIS, routes=mask(ROUTES, [each])) for each in ("iv_infusion", "lozenge_troche")])
    with counted_statements() as alone:
        nearby(place(SAINT_LOUIS), Wishes())
    with counted_statements() as with_counts:
        found = nearby(place(SAINT_LOUIS), Wishes(), with_counts=True)

    assert len(with_counts) == len(alone)
    assert found.count.total == 2
    assert (found.counts["route"]["lozenge_troche"], found.counts["route"]["im_injection"]) == (1, 0)


@pytest.mark.parametrize(
    ("clinics", "wishes", "most"),
    [
        (0, Wishes(), 3),
        (30, Wishes(), 3),
        (1500, Wishes(radius_miles=100), 5),
        (1500, Wishes(order=Order.NAME), 3),
        (1500, Wishes(radius_miles=100, order=Order.SIGNS, without_confirmed=True), 3),
        (1500, Wishes(radius_miles=100, limit=100), 5),
    ],
)
def test_a_page_takes_at_most_five_statements_beside_the_place(app, clinics, wishes, most):
    draw = random.Random(clinics)
    if clinics:
        add_clinics([
            clinic_row(at=(38.6 + draw.gauss(0, 0.5), -90.2 + draw.gauss(0, 0.5))) for _ in range(clinics)
        ])  # fmt: skip

    with counted_statements() as seen:
        nearby(place(SAINT_LOUIS), wishes)

    assert len(seen) <= most


@pytest.mark.parametrize(
    "pick",
    [
        lambda found: found.count,
        lambda found: found.facets,
        lambda found: found.pages[Order.DISTANCE].element,
        lambda found: found.pages[Order.SIGNS].element,
        lambda found: found.beyond.element,
    ],
    ids=["count", "facets", "by distance", "by signs", "beyond"],
)
def test_every_look_stays_inside_the_covering_index(app, pick):
    # A plan that reads the table would be right and slow; nobody would notice before the directory has grown.
    add_clinics([clinic_row(at=(38 + i / 400, -90 - i / 400)) for i in range(2000)])
    x, y, z = geo.earth_centred(geo.Point(*SAINT_LOUIS))
    cover = json.dumps(geo.cover(geo.Point(*SAINT_LOUIS), 25))
    parameters = {
        "cover": cover, "near_cover": cover, "far_cover": cover, "x": x, "y": y, "z": z, "facets": 1,
        **{group.name: group.all for group in GROUPS}, "checked_at_least": 3, "without_confirmed": 1,
        "reach": geo.chord_squared(25), "near_reach": 9e9, "far_reach": 9e9,
        "cap": 1001, "after_rank": -1, "after": -1.0, "after_id": 0, "limit": 21,
    }  # fmt: skip
    with reading() as session:
        engine = session.get_bind().dialect.name
        if engine == "postgresql":
            session.connection().exec_driver_sql("VACUUM ANALYZE clinic")
        statement = pick(statements(engine, with_words=False)).text
        explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "
        plan = [str(row) for row in session.execute(text(explain + statement), parameters)]

    # `c` is what is looked through; `k` the rows that were found, which are then read whole.
    read = [line for line in plan if re.search(r"(SEARCH|SCAN) c |Scan .*on clinic c", line)]
    expected = "USING COVERING INDEX ix_clinic_nearby|Index Only Scan using ix_clinic_nearby"
    assert read, plan
    assert all(re.search(expected, line) for line in read), plan


def place(at):
    return FoundPlace("Saint Louis, MO", geo.Point(*at), Precision.CITY, 5.0, city="Saint Louis", state="MO")


def all_pages(centre, wishes):
    """Return the names of all pages in order, and the first page."""
    where = FoundPlace("anywhere", centre, Precision.POINT)
    first = results = nearby(where, wishes)
    names = [clinic.public_id for clinic in results.clinics]
    while results.next:
        assert results.next.shown == len(names)
        results = nearby(where, wishes, results.next)
        names += [clinic.public_id for clinic in results.clinics]
        assert len(set(names)) == len(names), "a page begins where one before it did"
    return names, first


def brute_force(world, centre, wishes):
    """Look at every clinic there is; the words are checked by hand for the two that the test asks for."""
    here = geo.earth_centred(centre)
    reach = geo.chord_squared(wishes.radius_miles)
    words = wishes.folded_words
    found = []
    for number, row in world:
        distance = sum((row[axis] - own) * (row[axis] - own) for axis, own in zip("xyz", here, strict=True))
        fits = (
            (not wishes.facets or row["routes"] & wishes.facets)
            and all(word in row["search_text"] for word in words)
            and row["settled"] >= wishes.checked_at_least
            and not (wishes.without_confirmed and row["confirmed_points"])
        )
        if distance <= reach and fits:
            key = {
                Order.DISTANCE: (distance,),
                Order.NAME: (row["name_key"],),
                Order.SIGNS: (-row["score_low"], -row["settled"], row["confirmed_points"], distance),
            }[wishes.order]
            found.append((key, number, row["public_id"]))
    return [public_id for _, _, public_id in sorted(found)]


def drawn_score(draw):
    """Draw the verdicts of a clinic: of the unchecked there are many, and of equal scores too."""
    if draw.random() < 0.4:
        return scored()
    if draw.random() < 0.3:
        return scored("cleared cleared cleared cleared unknown")
    return scored(" ".join(draw.choices(list(Verdict), [3, 5, 1, 1, 1], k=5)))


def add_stored_score(name):
    clinic_id = db.session.scalar(select(Clinic.id).where(Clinic.name == name))
    db.session.execute(insert(StoredScore), [stored_score(clinic_id)])
    db.session.commit()


def draw_point(draw, world):
    near_one = draw.choice(world)[1]
    return draw.choice([
        geo.Point(near_one["latitude"], near_one["longitude"]),
        geo.Point(max(-90, min(90, near_one["latitude"] + draw.gauss(0, 0.5))), near_one["longitude"]),
        geo.Point(draw.uniform(-90, 90), draw.uniform(-180, 180)),
        geo.Point(draw.choice([-90, 90, 89.7, -89.9]), draw.uniform(-180, 180)),
        geo.Point(draw.uniform(-70, 70), draw.choice([-180, 180, 179.999, -179.999])),
    ])  # fmt: skip


@pytest.fixture
def world(app):
    """3,000 clinics: everywhere, at the poles, along the antimeridian, in a crowd, at equal distances, on one spot."""
    draw = random.Random(7)
    points = [(draw.uniform(-90, 90), draw.uniform(-180, 180)) for _ in range(800)]
    points += [(draw.choice([90, -90, 89.95, -89.8, 89.99]), draw.uniform(-180, 180)) for _ in range(200)]
    points += [(draw.uniform(-75, 75), draw.choice([180, -180, 179.99, -179.98])) for _ in range(400)]
    points += [(38.6 + draw.gauss(0, 0.3), -90.2 + draw.gauss(0, 0.3)) for _ in range(1200)]
    points += [(10.0, 20.0)] * 100
    points += [(52 + north / 10, 13 + east / 10) for north in range(-8, 9) for east in range(-8, 9)]
    names = ("Blue Tea Pot", "Élan", "Tea House", "Zebra", "Pot of Tea", "élan vital")
    rows = [
        clinic_row(
            at=point,
            name=f"{draw.choice(names)} {draw.randint(1, 40)}",
            routes=draw.choice([0, 1, 2, 4, 8, 15]),
            **drawn_score(draw),
        )
        for point in points
    ]
    return list(enumerate(add_clinics(rows)))
