"""What is refused, by services and by the database itself."""

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from access import services
from access.models import Client, Duty, Person
from access.roles import COMMUNE_BOUND, Role
from access.selectors import access_of
from journal.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import cast
from tests.access.world import told

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-11-23T03:00:00+00:00")

ADMINISTRATION = (
    lambda by, person: services.create_person(login="x", name="X", organisation=person.organisation, by=by),
    lambda by, person: services.set_active(person=person, active=False, by=by),
    lambda by, person: services.set_password(person=person, password="y", by=by),
    lambda by, person: services.end_sessions(person=person, by=by),
    lambda by, person: services.save_organisation(organisation=person.organisation, by=by),
    lambda by, person: services.give_duty(person=person, role=Role.AUDITOR, organisation=person.organisation, by=by),
    lambda by, person: services.end_duty(duty_id=person.duties.get().id, by=by),
)


@pytest.mark.parametrize("act", range(len(ADMINISTRATION)))
@pytest.mark.parametrize("role", Role)
def test_administration_is_for_administrators(role: Role, act: int) -> None:
    by, person = cast.person(role), cast.person(Role.CALL_TAKER)
    if role is Role.ADMINISTRATOR:
        ADMINISTRATION[act](by, person)
    else:
        with pytest.raises(NotAllowed):
            ADMINISTRATION[act](by, person)


def duty(**fields: object) -> Duty:
    person = cast.person(None)
    now = timezone.now()
    given = {"role": Role.AUDITOR, "valid_from": now, "organisation": person.organisation, **fields}
    return Duty(person=person, **given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"valid_until": AT},
        *({"role": role, "communes": []} for role in sorted(COMMUNE_BOUND)),
    ],
    ids=str,
)
def test_the_database_refuses_duties_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        duty(**wrong).save()


def test_the_services_say_so_in_words() -> None:
    person = cast.person(None)
    with pytest.raises(Invalid):
        services.give_duty(person=person, role=Role.COMMUNE_OFFICER, organisation=person.organisation, by=None)
    with pytest.raises(Conflict):
        services.create_person(login=person.login.upper(), name="X", organisation=person.organisation, by=None)


def test_django_s_own_flags_give_nothing() -> None:
    person = cast.person(None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(id=person.id).update(is_superuser=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(id=person.id).update(login="UPPER")
    assert not person.is_staff
    assert not hasattr(Person.objects, "create_superuser")


def test_a_client_is_a_machine_with_client_credentials() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(user=cast.person(None), client_type="public", authorization_grant_type="password")
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(client_type="confidential", authorization_grant_type="client-credentials")


def test_a_refusal_outlives_the_transaction_it_refused() -> None:
    person, other = cast.person(Role.CALL_TAKER), cast.person(None)
    try:
        services.set_active(person=other, active=False, by=person)
    except NotAllowed as refused:
        services.record_refusal(by=person, permission=refused.extra["permission"], about=other.id)
    other.refresh_from_db()
    assert other.is_active
    assert told("refused", person) == [{"permission": "access.manage_people", "object": str(other.id)}]


def test_out_of_sight_is_not_found_and_in_sight_is_not_allowed() -> None:
    person, other = cast.person(Role.CALL_TAKER), cast.person(None)
    with pytest.raises(NotFound):
        services.require(access_of(person), "access.manage_people", other)
    with pytest.raises(NotAllowed):
        services.require(access_of(cast.person(Role.AUDITOR)), "access.manage_people", other)
    services.require(access_of(cast.person(Role.ADMINISTRATOR)), "access.manage_people", other)


def test_the_application_s_role_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select tableowner <> current_user from pg_tables where tablename = 'access_session'")
        assert cursor.fetchone()[0]
