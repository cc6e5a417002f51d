"""Finding a place by what somebody typed."""

import pytest
from pytest_django import DjangoAssertNumQueries

from territory import selectors
from territory.models import Commune, Place
from territory.selectors import nearest_place, search_places

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("Rue de la Liberté", "Rue de la Liberté, 21000 Dijon"),
        ("rue de la liberte dijon", "Rue de la Liberté, 21000 Dijon"),
        ("dijon liberté rue", "Rue de la Liberté, 21000 Dijon"),
        ("RUE DE LA LIBERTEE", "Rue de la Liberté, 21000 Dijon"),
        ("12 rue de la liberte dijon", "Rue de la Liberté, 21000 Dijon"),
        ("place republiqe", "Place de la République, 21000 Dijon"),
        ("pl. wilson", "Place Wilson, 21000 Dijon"),
        ("bd de brosse", "Boulevard de Brosses, 21000 Dijon"),
        ("av jaures", "Avenue Jean-Jaurès, 21000 Dijon"),
        ("saint-benigne place", "Place Saint-Bénigne, 21000 Dijon"),
        ("l’hotel de region", "Hôtel de région, 21000 Dijon"),
        ("gare", "Gare de Dijon-Ville, 21000 Dijon"),
        ("piscine olimpique", "Piscine olympique, 21000 Dijon"),
        ("30 octobre", "Place du 30-Octobre, 21000 Dijon"),
        ("1er mai", "Place du 1er-Mai, 21000 Dijon"),
        ("tallant", "Mairie de Talant, 21240 Talant"),
        ("mairie chenove", "Mairie de Chenôve, 21300 Chenôve"),
        ("mairie", "Mairie de Dijon, 21000 Dijon"),
        ("chevigny st sauveur", "Mairie de Chevigny-Saint-Sauveur, 21800 Chevigny-Saint-Sauveur"),
        ("quetigni", "Mairie de Quetigny, 21800 Quetigny"),
        ("boulangerie rue monge", "Rue Monge, 21000 Dijon"),
        ("republ", "Place de la République, 21000 Dijon"),
    ],
)
def test_the_first_answer(typed: str, due: str) -> None:
    assert search_places(typed)[0].label == due


@pytest.mark.parametrize("typed", ["", "  ", "% _ '", "xyzzy dijon", "wwwwwwww", "\0"])
def test_nothing_to_find(typed: str) -> None:
    assert search_places(typed) == []


def test_one_query_and_the_limit(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        hits = search_places("rue", limit=3)
    assert len(hits) == 3
    assert search_places("rue", limit=0) == []
    assert len(search_places("dijon", limit=500)) <= 500


def test_scores_fall_within_bounds() -> None:
    hits = search_places("rue de la libertee", limit=20)
    assert all(selectors.ENOUGH <= hit.score <= 1 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].distance_m is None


def test_among_equals_the_nearest_comes_first() -> None:
    chenove = Commune.objects.get(insee="21166")
    hits = search_places("mairie", near=(chenove.town_hall_lat, chenove.town_hall_lon))
    assert hits[0].commune == "21166"
    assert hits[0].distance_m == pytest.approx(0, abs=0.2)
    far = search_places("rue de longvic", near=(47.2908, 5.0095))
    assert [hit.distance_m for hit in far[:3]] == sorted(hit.distance_m or 0 for hit in far[:3])
    assert (far[0].label, far[0].distance_m) == ("Rue de Longvic, 21300 Chenôve", 0)
    typed = search_places("place wilson", near=(chenove.town_hall_lat, chenove.town_hall_lon))
    assert typed[0].name == "Place Wilson"


def address(street: Place, number: str) -> Place:
    return Place.objects.create(
        key=f"ban:{street.id}-{number}", kind="address", name=street.name, house_number=number, street=street,
        commune=street.commune, postcode=street.postcode, lat=street.lat + 0.0001, lon=street.lon,
        label=f"{number} {street.name}, {street.postcode} {street.commune.name}",
    )  # fmt: skip


def test_a_house_number_finds_the_address_before_its_street() -> None:
    street = Place.objects.get(key="street:21231:rue de la liberte")
    address(street, "12")
    address(street, "12bis")
    hits = search_places("12 rue de la liberté, 21000 dijon")
    assert [hit.label for hit in hits[:2]] == [
        "12 Rue de la Liberté, 21000 Dijon",
        "Rue de la Liberté, 21000 Dijon",
    ]
    assert (hits[0].kind, hits[0].house_number, hits[0].name) == ("address", "12", "Rue de la Liberté")
    assert search_places("liberte 12 bis")[0].house_number == "12bis"
    assert search_places("14 rue de la liberté")[0].kind == "street"
    assert search_places("rue de la liberté")[0].kind == "street"


def test_the_nearest_known_place(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        hit = nearest_place(47.32125, 5.0414)
    assert hit is not None
    assert hit.name == "Place de la Libération"
    assert hit.distance_m == pytest.approx(5.6, abs=0.5)
    assert nearest_place(47.0, 5.0) is None
