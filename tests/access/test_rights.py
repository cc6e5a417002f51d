"""Who may what, enumerated: every role × permission, every role's audiences, time, scopes, grants, constraints."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from guardian.models import UserObjectPermission

from access import registry, selectors, services
from access.models import Duty, Organisation, Person
from access.roles import ROLES, Reach, Role, duty_audiences
from access.selectors import ANONYMOUS, access_of
from journal.errors import Conflict, NotFound
from tests import cast
from tests.access.world import statements, told

pytestmark = pytest.mark.django_db
MATRIX = Path(__file__).parent / "matrix.txt"
EARLIER, LATER = timedelta(days=-1), timedelta(days=1)


def matrix() -> str:
    """One line per permission: which roles carry it."""
    permissions = sorted({name for role in Role for name in registry.carried(role)})
    lines = [f"{name}: {', '.join(role for role in Role if name in registry.carried(role))}" for name in permissions]
    scopes = [f"scope {name}: {', '.join(sorted(carried))}" for name, carried in sorted(registry.scopes().items())]
    return "\n".join([*lines, "", *scopes, ""])


def test_the_matrix_is_what_was_agreed() -> None:
    """After a change that is meant: `python manage.py rights > tests/access/matrix.txt`."""
    assert matrix() == MATRIX.read_text(encoding="utf-8")


def test_the_command_prints_the_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rights")
    assert capsys.readouterr().out == matrix()


def test_every_permission_of_every_role_is_allowed_in_its_reach_and_nowhere_else() -> None:
    permissions = {name for role in Role for name in registry.carried(role)}
    for role in Role:
        access = access_of(cast.person(role))
        assert access.permissions == registry.carried(role)
        for permission in permissions:
            carried = permission in registry.carried(role)
            own = access.holdings[0].audiences
            assert access.allows(permission, own) is (carried and bool(own)), (role, permission)
            assert not access.allows(permission, {f"incident:{uuid4()}"}), (role, permission)


REACHES = {
    Role.CALL_TAKER: {"post"},
    Role.VIDEO_OPERATOR: {"post"},
    Role.MUNICIPAL_POLICE: {"post", "police"},
    Role.BUILDING_SUPERVISOR: {"post"},
    Role.EQUIPMENT_SUPERVISOR: {"post"},
    Role.INTERVENTION_COORDINATOR: {"post"},
    Role.CREW_LEADER: {"organisation:o"},
    Role.MOBILITY_OPERATOR: {"organisation:o"},
    Role.COMMUNE_OFFICER: {"post"},
    Role.CRISIS_DIRECTOR: {"post"},
    Role.CRISIS_MEMBER: set(),
    Role.LOGBOOK_SECRETARY: set(),
    Role.PREFECTURE_LIAISON: {"prefecture"},
    Role.AUDITOR: {"post", "restricted", "audit"},
    Role.ADMINISTRATOR: {"administration"},
    Role.CITIZEN_GATEWAY: set(),
}


@pytest.mark.parametrize("role", Role)
def test_audiences_of_every_role_with_and_without_communes(role: Role) -> None:
    whole = duty_audiences(role, organisation="o", communes=[])
    assert whole == REACHES[role]
    bound = duty_audiences(role, organisation="o", communes=["21231", "21166"])
    expected = set(REACHES[role])
    if ROLES[role].reach is Reach.POST:
        expected = expected - {"post"} | {"commune:21231", "commune:21166"}
    if "police" in expected:
        expected = expected - {"police"} | {"police:21231", "police:21166"}
    assert bound == expected


def test_two_duties_do_not_lend_each_other_their_reach() -> None:
    """An auditor who is also the officer of one commune may act in that commune alone."""
    person = cast.person(Role.AUDITOR)
    services.give_duty(
        person=person, role=Role.COMMUNE_OFFICER, organisation=person.organisation, communes=["21166"], by=None
    )
    access = access_of(person)
    assert access.sees({"post"})
    assert access.allows("incidents.declare", {"commune:21166"})
    assert not access.allows("incidents.declare", {"post", "commune:21231"})
    assert access.allows_in("incidents.declare", "21166")
    assert not access.allows_in("incidents.declare", "21231")


AT = datetime.fromisoformat("2026-11-23T03:00:00+00:00")


@pytest.mark.parametrize(
    ("starts", "ends", "held"),
    [
        (EARLIER, None, True),
        (EARLIER, LATER, True),
        (LATER, None, False),
        (EARLIER * 2, EARLIER, False),
        (timedelta(0), None, True),  # exactly when it starts
        (EARLIER, timedelta(0), False),  # exactly when it ends
        (timedelta(microseconds=1), None, False),
        (EARLIER, timedelta(microseconds=1), True),
    ],
)
def test_a_duty_is_held_from_its_start_until_just_before_its_end(
    monkeypatch: pytest.MonkeyPatch, starts: timedelta, ends: timedelta | None, held: bool
) -> None:
    frozen = selectors._LOAD.replace("statement_timestamp()", f"timestamptz '{AT.isoformat()}'")
    monkeypatch.setattr(selectors, "_LOAD", frozen)
    person = cast.person(None)
    until = AT + ends if ends is not None else None
    Duty.objects.create(
        person=person, role=Role.AUDITOR, organisation=person.organisation, valid_from=AT + starts, valid_until=until
    )
    access = access_of(person)
    assert bool(access.holdings) is held
    edges = [edge for edge in (AT + starts, until) if edge is not None and edge > AT]
    assert access.until == min(edges, default=None)


def test_ending_a_duty_takes_effect_at_once_and_keeps_it_as_history() -> None:
    person = cast.person(None)
    duty = services.give_duty(person=person, role=Role.AUDITOR, organisation=person.organisation, by=None)
    assert access_of(person).holdings
    services.end_duty(duty_id=duty.id, by=None)
    assert Duty.objects.filter(id=duty.id).exists()
    with pytest.raises(Conflict):
        services.end_duty(duty_id=duty.id, by=None)
    with pytest.raises(NotFound):
        services.end_duty(duty_id=uuid4(), by=None)
    assert [one["role"] for one in told("duty_given", person)] == ["auditor"]
    assert [one["duty"] for one in told("duty_ended", person)] == [str(duty.id)]


def test_a_disabled_person_has_no_right_at_all() -> None:
    person = cast.person(Role.CRISIS_DIRECTOR)
    services.grant(person=person, permission="access.view_organisation", about=person.organisation, by=None)
    assert access_of(person).granted
    services.set_active(person=person, active=False, by=None)
    access = access_of(person)
    assert not access.holdings
    assert not access.granted
    assert access.audiences == {f"person:{person.id}"}


def test_nobody_sees_what_is_public_alone() -> None:
    assert ANONYMOUS.audiences == {"public"}
    assert not ANONYMOUS.permissions
    assert not access_of(Person(id=uuid4())).permissions


def test_a_grant_opens_one_object_with_the_duties_own_permissions() -> None:
    person, other = cast.person(Role.CRISIS_MEMBER), Organisation.objects.last()
    assert other is not None
    services.grant(person=person, permission="access.view_organisation", about=other, by=None)
    access = access_of(person)
    assert access.audiences == {f"person:{person.id}", f"organisation:{other.id}"}
    assert access.allows("incidents.comment", {f"organisation:{other.id}"})
    assert not access.allows("incidents.qualify", {f"organisation:{other.id}"})
    services.withdraw_grant(person=person, permission="access.view_organisation", about=other, by=None)
    assert access_of(person).audiences == {f"person:{person.id}"}
    assert [told("granted", person), told("grant_withdrawn", person)] == [
        [{"object": str(other.id), "model": "organisation"}]
    ] * 2


def test_a_grant_without_any_duty_in_force_opens_nothing() -> None:
    person = cast.person(None)
    services.grant(person=person, permission="access.view_organisation", about=person.organisation, by=None)
    assert not access_of(person).granted


def test_a_grant_that_outlives_its_object_is_harmless() -> None:
    """guardian leaves the row; the identifier is never used again, and nothing of that name is left to see."""
    gone = Organisation.objects.create(key="passager", name="Passager", kind=Organisation.Kind.PARTNER)
    person, key = cast.person(Role.AUDITOR), gone.id
    services.grant(person=person, permission="access.view_organisation", about=gone, by=None)
    gone.delete()
    assert UserObjectPermission.objects.filter(object_pk=str(key)).exists()
    access = access_of(person)
    assert f"organisation:{key}" in access.audiences
    assert not Organisation.objects.filter(id=key).exists()


def test_a_deleted_person_takes_their_grants_along() -> None:
    person = cast.person(None)
    services.grant(person=person, permission="access.view_organisation", about=person.organisation, by=None)
    key = person.pk
    person.delete()
    assert not UserObjectPermission.objects.filter(user_id=key).exists()


def test_scopes_narrow_and_never_widen() -> None:
    person = cast.person(Role.CITIZEN_GATEWAY)
    person.scopes = frozenset({"incidents.write"})
    assert access_of(person).permissions == registry.carried(Role.CITIZEN_GATEWAY) & registry.permissions_of(
        {"incidents.write"}
    )
    person.scopes = frozenset({"no.such.scope"})
    assert access_of(person).permissions == frozenset()
    person.scopes = frozenset()
    assert access_of(person).permissions == frozenset()


def test_rights_are_read_in_one_query() -> None:
    people = [cast.person(Role.AUDITOR), cast.person(None), cast.person(Role.CALL_TAKER)]
    with statements(1):
        access_of(people[0])
    with statements(1):
        found = selectors.accesses_of(people)
    assert [one.person for one in found] == [person.id for person in people]
    assert [bool(one.holdings) for one in found] == [True, False, True]
