"""The crews under orders, on the page of the change of shift and in what both shifts sign."""

import pytest

from access.roles import Role
from access.selectors import access_of
from incidents import handing
from interventions.workflow import Status
from tests import cast
from tests.interventions.means import mission

pytestmark = pytest.mark.django_db


def titles(sections: list[handing.Section]) -> dict[str, list[str]]:
    return {section.key: [line.words for line in section.lines] for section in sections}


def test_orders_in_force_are_handed_over_and_signed() -> None:
    mission(status=Status.EN_ROUTE, title="Remplacer le candélabre")
    mission(status=Status.PROPOSED, title="Pas encore affectée")
    mission(status=Status.DONE, title="Finie")
    night = access_of(cast.person(Role.CALL_TAKER))
    assert titles(handing.picture(night))["orders"] == ["Remplacer le candélabre"]
    (kept,) = [section for section in handing.record_of() if section["key"] == "orders"]
    assert [(line["words"], line["status"]) for line in kept["lines"]] == [("Remplacer le candélabre", "En route")]


def test_nothing_restricted_is_signed() -> None:
    secret = cast.incident(status="in_progress", sensitivity="restricted")
    mission(status=Status.ON_SITE, incident=secret, title="Planque")
    assert "Planque" not in str(handing.record_of())


def test_who_may_see_no_mission_has_no_such_section() -> None:
    assert "orders" not in titles(handing.picture(access_of(cast.person(None))))
