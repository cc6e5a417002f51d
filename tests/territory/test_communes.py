"""Which commune a point lies in: decided by the database, in one query."""

import random
from itertools import pairwise

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from territory import selectors
from territory.geometry import outer_rings
from territory.loading import known_places, load_territory, outlines
from territory.models import Commune, Perimeter, Place

pytestmark = pytest.mark.django_db
Ring = list[tuple[float, float]]


def in_ring(lon: float, lat: float, ring: Ring) -> bool:
    """The even-odd rule, written apart from PostgreSQL's."""
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        crossings += (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


def test_the_metropolis_is_complete() -> None:
    assert Commune.objects.count() == 23
    assert sum(Commune.objects.values_list("population", flat=True)) == 261_178
    assert Place.objects.filter(kind="town_hall").count() == 23
    dijon = Commune.objects.get(insee="21231")
    assert (str(dijon), dijon.postcodes, dijon.outline["type"]) == ("Dijon", ["21000"], "MultiPolygon")
    assert selectors.communes().first() == Commune.objects.get(insee="21003")
    assert len(Perimeter.objects.filter(commune=dijon)[0].area) == 71


def test_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        found = selectors.commune_at(47.3220, 5.0415)
    assert found is not None
    assert (found.insee, found.name) == ("21231", "Dijon")


@pytest.mark.parametrize(("lat", "lon"), [(48.85, 2.35), (0.0, 0.0), (5.0415, 47.3220), (90.0, 180.0), (47.45, 5.04)])
def test_outside_is_none(lat: float, lon: float) -> None:
    assert selectors.commune_at(lat, lon) is None


def test_every_town_hall_lies_in_its_commune() -> None:
    for commune in Commune.objects.all():
        assert selectors.commune_at(commune.town_hall_lat, commune.town_hall_lon) == commune


def test_agrees_with_a_second_implementation_at_thousands_of_points() -> None:
    rings = {one["id"]: list(outer_rings(one["geometry"])) for one in outlines()}
    dice = random.Random(7)
    points = [(dice.uniform(4.90, 5.21), dice.uniform(47.23, 47.40)) for _ in range(5000)]
    due = [next((i for i, r in rings.items() if any(in_ring(lon, lat, one) for one in r)), None) for lon, lat in points]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT commune_at(lat, lon) FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS t(lon, lat, n)"
            " ORDER BY n",
            [[lon for lon, _ in points], [lat for _, lat in points]],
        )
        found = [insee for (insee,) in cursor.fetchall()]
    assert found == due
    assert len(set(found)) == 24


def test_a_shared_corner_has_exactly_one_answer() -> None:
    rings = {one["id"]: set(next(outer_rings(one["geometry"]))) for one in outlines()}
    shared = sorted(rings["21231"] & rings["21617"])
    assert shared
    for lon, lat in shared:
        found = selectors.commune_at(lat, lon)
        assert found is not None
        assert found.insee == min(insee for insee, ring in rings.items() if (lon, lat) in ring)


def test_nulls_and_no_numbers_have_no_commune() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT commune_at(NULL, 5.0), commune_at('NaN', 5.0), commune_at('Infinity', '-Infinity'), commune_at(1e308, 5.0)"
        )
        assert cursor.fetchone() == (None, None, None, None)


def test_every_known_place_lies_where_the_file_says() -> None:
    places = list(known_places())
    wrong = [
        place.name
        for place in places
        if (found := selectors.commune_at(place.lat, place.lon)) is None or found.insee != place.insee
    ]
    assert wrong == []
    assert len(places) > 300
    assert {place.kind for place in places} == {"named_place", "street"}
    assert len({place.key for place in places}) == len(places)
    assert len({place.insee for place in places}) == 23


def test_loading_again_changes_nothing() -> None:
    before = list(Place.objects.order_by("key").values_list("key", "label", "lat", "lon"))
    load_territory(connection)
    assert list(Place.objects.order_by("key").values_list("key", "label", "lat", "lon")) == before
    assert Perimeter.objects.count() == 23
