"""How people write places."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territory import wording
from territory.loading import OUTLINES


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("12, Rue de l’Échelle", "12 rue de l echelle"),
        ("Fontaine-lès-Dijon", "fontaine les dijon"),
        ("CŒUR  d'ÎLOT (n° 3)", "coeur d ilot n 3"),
        ("\0\t'; DROP", "drop"),
        ("", ""),
    ],
)
def test_fold(text: str, due: str) -> None:
    assert wording.fold(text) == due


@pytest.mark.parametrize(
    ("address", "due"),
    [
        ("2 rue Verte", "2 rue Verte, Dijon"),
        ("2 rue Verte, 21000 Dijon", "2 rue Verte, 21000 Dijon"),
        ("Place Barbe, Dijon", "Place Barbe, Dijon"),
        ("9 rue de Dijon", "9 rue de Dijon, Dijon"),
        ("", "Dijon"),
    ],
)
def test_a_commune_is_named_once(address: str, due: str) -> None:
    assert wording.placed(address, "Dijon") == due


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = wording.fold(text)
    assert wording.fold(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


LETTERS = "abcXYZ019 -'’,.;/()«»éèêëÉÈàâÀÂçÇîïÎôöÔùûüÙÛÿŸœŒæÆñÑ°"


@pytest.mark.django_db
@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=60))
def test_the_database_folds_alike(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plain(%s)", [text])
        assert cursor.fetchone() == (wording.fold(text.replace("°", " ")),)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 rue Monge", ["12"]),
        ("012 rue Monge", ["12"]),
        ("12 bis rue Monge", ["12bis"]),
        ("12bis, rue Monge 21000 Dijon", ["12bis"]),
        ("12B rue Monge", ["12b"]),
        ("8 rue du 8 mai 1945", ["8", "8", "1945"]),
        ("rue Monge", []),
    ],
)
def test_house_numbers(text: str, numbers: list[str]) -> None:
    assert wording.read_query(text).numbers == numbers


def test_words_weigh_what_they_tell() -> None:
    query = wording.read_query("12 bd de la Trémouille, 21000 DIJON")
    assert query.words == {"tremouille": 6.0, "21000": 1.5, "dijon": 1.5, "boulevard": 1.0, "12": 0.5}
    assert [word for word in query.words if wording.word_tells(word)] == ["tremouille"]
    assert query.first == "12"


def test_at_most_so_many_words() -> None:
    assert len(wording.read_query(" ".join(f"mot{'abcdefghijkl'[n]}" for n in range(12))).words) == wording.MAX_WORDS


def test_locators_are_the_words_of_the_communes() -> None:
    features = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    words = {word for one in features for word in wording.fold(one["properties"]["nom"]).split()}
    assert words - wording.LINKS == wording.LOCATORS


@pytest.mark.parametrize(("name", "due"), [("Dijon", "de Dijon"), ("Ahuy", "d'Ahuy"), ("Ouges", "d'Ouges")])
def test_elision(name: str, due: str) -> None:
    assert wording.of(name) == due
