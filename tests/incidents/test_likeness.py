"""Likeness of two accounts: bounded, symmetric, never rising with distance, and right on known pairs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from incidents.likeness import Account, Reason, category_likeness, likeness, nearness, telling_words
from territory.geometry import distance_m

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LAT, LON = 47.3220, 5.0415
HERE = Account(LAT, LON, "lighting.street_light_out", "Lampadaire éteint devant l'école", NOW)

categories = st.sampled_from(
    ["", "other", "other.unclassified", "lighting.street_light_out", "lighting.area_dark", "roads.pothole"]
)
accounts = st.builds(
    Account,
    lat=st.floats(47.2, 47.4),
    lon=st.floats(4.9, 5.2),
    category=categories,
    text=st.one_of(st.text(max_size=80), st.sampled_from(["", "Nid-de-poule profond", "nids de poules", "le la les"])),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


@given(accounts, accounts)
def test_bounded_and_symmetric(one: Account, other: Account) -> None:
    there, back = likeness(one, other), likeness(other, one)
    assert 0 <= there.score <= 1
    assert there == back


@given(accounts)
def test_the_same_account_is_certain_unless_its_category_is_unsaid(one: Account) -> None:
    said = one.category != ""
    assert likeness(one, one).score == pytest.approx(1.0) if said else likeness(one, one).score < 1


@given(accounts, accounts, st.floats(0, 0.05), st.floats(0, 0.05))
def test_farther_is_never_likelier(one: Account, other: Account, step: float, more: float) -> None:
    near = other._replace(lat=one.lat + step, lon=one.lon)
    far = other._replace(lat=one.lat + step + more, lon=one.lon)
    assert likeness(one, near).score >= likeness(one, far).score


@given(accounts, st.timedeltas(timedelta(0), timedelta(days=30)), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_longer_apart_is_never_likelier(one: Account, apart: timedelta, more: timedelta) -> None:
    sooner, later = one._replace(at=one.at + apart), one._replace(at=one.at + apart + more)
    assert likeness(one, sooner).score >= likeness(one, later).score


@given(accounts, accounts)
def test_sharing_the_category_is_never_worse(one: Account, other: Account) -> None:
    if one.category:
        assert likeness(one, other._replace(category=one.category)).score >= likeness(one, other).score


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_nearness_falls(metres: float, more: float) -> None:
    assert 0 <= nearness(metres + more) <= nearness(metres) <= 1


@pytest.mark.parametrize(
    ("one", "other", "due"),
    [
        ("roads.pothole", "roads.pothole", 1.0),
        ("roads.pothole", "roads.collapse", 0.5),
        ("roads.pothole", "lighting.area_dark", 0.0),
        ("roads.pothole", "", 0.6),
        ("", "", 0.6),
        ("other.unclassified", "roads.pothole", 0.6),
    ],
)
def test_categories(one: str, other: str, due: float) -> None:
    assert category_likeness(one, other) == category_likeness(other, one) == due


def test_words_forget_accents_plurals_and_little_words() -> None:
    assert telling_words("Bonjour, les Lampadaires ÉTEINTS de l'école") == {"lampadaire", "eteint", "ecole"}


def test_the_same_lamp_told_twice_beats_the_lamp_of_the_next_street_and_the_hole_next_to_it() -> None:
    again = HERE._replace(lat=LAT + 0.0002, text="un lampadaire ne marche plus, éteint", at=NOW + timedelta(minutes=40))
    next_street = again._replace(lat=LAT + 0.003)
    hole = again._replace(category="roads.pothole", text="trou dans la chaussée")
    scores = [likeness(HERE, one).score for one in (again, hole, next_street)]
    assert scores[0] > 0.75
    assert scores[0] > scores[1] > 0.1 > scores[2]


def test_reasons_have_codes_for_programs_and_words_for_people() -> None:
    found = likeness(HERE, HERE._replace(lat=LAT + 0.0002, at=NOW + timedelta(minutes=40)))
    assert [reason.code for reason in found.reasons] == ["near", "same_category", "shared_words", "same_time"]
    assert found.distance_m == pytest.approx(distance_m((LAT, LON), (LAT + 0.0002, LON)), abs=0.1)
    with translation.override("en"):
        assert str(Reason("near", "22")) == "22 m away"
        assert [str(reason) for reason in found.reasons][1:2] == ["same category"]


def test_nothing_shared_gives_no_reason() -> None:
    far = Account(LAT + 0.1, LON, "roads.pothole", "trou", NOW - timedelta(days=3))
    assert likeness(HERE, far).reasons == ()
