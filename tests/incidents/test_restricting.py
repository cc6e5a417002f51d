"""Sight: what restricting, moving and reassigning take away is told to those who lose it, its past included."""

import json

import pytest

from access.models import Person
from access.roles import Role
from access.selectors import access_of
from incidents import selectors, services
from incidents.models import Incident
from journal import selectors as journal
from journal.errors import WrongState
from tests import cast

pytestmark = pytest.mark.django_db


def kinds(role_person: Person, about: Incident) -> list[str]:
    entries = journal.visible(access_of(role_person).audiences).filter(about=about.id)
    return [entry.kind.removeprefix("incidents.") for entry in entries]


def test_restricting_takes_the_past_away_and_lifting_it_gives_the_present_back() -> None:
    operator, chief = cast.person(Role.VIDEO_OPERATOR), cast.person(Role.CRISIS_DIRECTOR)
    colleague, auditor = cast.person(Role.CALL_TAKER), cast.person(Role.AUDITOR)
    lat, lon = cast.SPOTS[cast.DIJON]
    on = services.declare(by=operator, draft=services.Draft(category=cast.LIGHT, lat=lat, lon=lon))
    services.restrict(incident_id=on.id, by=chief, reason="enquête", people=[operator.id])
    assert kinds(colleague, on) == ["withdrawn"]
    assert not selectors.visible(access_of(colleague)).exists()
    assert kinds(operator, on) == ["withdrawn", "restricted"]
    assert kinds(auditor, on)[-1] == "restricted"
    services.unrestrict(incident_id=on.id, by=chief, reason="classée")
    assert kinds(colleague, on) == ["withdrawn", "unrestricted"]
    assert selectors.visible(access_of(colleague)).count() == 1
    with pytest.raises(WrongState):
        services.unrestrict(incident_id=on.id, by=chief, reason="encore")


def test_moving_to_another_commune_withdraws_it_from_the_first() -> None:
    by = cast.person(Role.CALL_TAKER)
    before, after = (cast.person(Role.COMMUNE_OFFICER, communes=(insee,)) for insee in (cast.DIJON, cast.CHENOVE))
    lat, lon = cast.SPOTS[cast.DIJON]
    on = services.declare(by=by, draft=services.Draft(category=cast.LIGHT, lat=lat, lon=lon))
    assert kinds(before, on) == ["declared"]
    lat, lon = cast.SPOTS[cast.CHENOVE]
    services.move(incident_id=on.id, by=by, lat=lat, lon=lon)
    assert (kinds(before, on), kinds(after, on)) == (["withdrawn"], ["moved"])
    gone = journal.visible(access_of(before).audiences).get(about=on.id)
    assert json.loads(gone.data) == {}


def test_police_of_a_commune_sees_its_restricted_security_incidents_only() -> None:
    chief = cast.person(Role.CRISIS_DIRECTOR)
    dijon = cast.person(Role.MUNICIPAL_POLICE, communes=(cast.DIJON,))
    chenove = cast.person(Role.MUNICIPAL_POLICE, communes=(cast.CHENOVE,))
    everywhere = cast.person(Role.MUNICIPAL_POLICE)
    category = selectors.categories().filter(key__startswith="public_safety.")[0].key
    on = cast.incident(category=category)
    services.restrict(incident_id=on.id, by=chief, reason="enquête")
    sees = [selectors.visible(access_of(one)).filter(id=on.id).exists() for one in (dijon, chenove, everywhere)]
    assert sees == [True, False, True]


def test_what_was_merged_into_it_is_restricted_with_it_and_comes_back_with_it() -> None:
    chief, operator = cast.person(Role.CRISIS_DIRECTOR), cast.person(Role.VIDEO_OPERATOR)
    a, b, c = (cast.incident(by=chief) for _ in range(3))
    services.merge(incident_id=a.id, into=b.id, by=chief)
    services.merge(incident_id=b.id, into=c.id, by=chief)

    def seen() -> int:
        return selectors.visible(access_of(operator)).filter(id__in=[a.id, b.id, c.id]).count()

    assert seen() == 3
    services.restrict(incident_id=c.id, by=chief, reason="enquête", people=[])
    assert seen() == 0
    assert kinds(operator, a)[-1] == "withdrawn"
    assert Incident.objects.get(id=a.id).status == "merged"
    services.unrestrict(incident_id=c.id, by=chief, reason="classée")
    assert seen() == 3
