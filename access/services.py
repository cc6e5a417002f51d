"""Changing who may do what; and the one question every service asks, `require`."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, get_user_perms, remove_perm

from access import events
from access.models import Duty, Organisation, Person, Session
from access.permissions import Permission
from access.roles import Role
from access.selectors import Access, access_of
from journal import hints
from journal.errors import Conflict, Invalid, NotAllowed, NotFound
from journal.services import Record, writing

_A_MOMENT = timedelta(milliseconds=1)


class Guarded(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def audiences(self) -> Sequence[str]: ...


def require(access: Access, permission: str, about: Guarded) -> None:
    """Raise NotFound when the object is out of sight, NotAllowed when it is seen but no duty carries the permission."""
    if not access.sees(about.audiences):
        raise NotFound
    if not access.allows(permission, about.audiences):
        raise NotAllowed(permission=permission, object=str(about.id))


def require_anywhere(access: Access, permission: str) -> None:
    """Raise NotAllowed unless some duty carries the permission."""
    if not access.holds(permission):
        raise NotAllowed(permission=permission)


def tell_access_changed(person: UUID) -> None:
    """After commit, hint every live server to look at this person's rights again."""
    transaction.on_commit(lambda: hints.publish(hints.ACCESS, str(person)), robust=True)


def create_person(
    *,
    login: str,
    name: str,
    organisation: Organisation,
    by: Person | None,
    kind: str = Person.Kind.HUMAN,
    email: str = "",
    language: str = "fr",
    password: str | None = None,
) -> Person:
    """Add somebody, without any duty. `by` None is the house itself (installation). Raises NotAllowed, Conflict."""
    with writing(by) as record:
        if by is not None:
            require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)
        person = Person(
            login=login.lower(), name=name, organisation=organisation, kind=kind, email=email, language=language
        )
        person.set_password(password)
        try:
            person.save(force_insert=True)
        except IntegrityError as taken:
            raise Conflict(_("This login is taken.")) from taken
        record(events.PersonChanged(login=person.login, active=True), about=person)
    return person


def edit_person(
    *, person: Person, by: Person | None, name: str, email: str, language: str, organisation: Organisation
) -> Person:
    """Correct what is written about somebody; rights do not change. Raises NotAllowed."""
    with writing(by) as record:
        if by is not None:
            require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)
        person.name, person.email, person.language, person.organisation = name, email, language, organisation
        person.save(update_fields=["name", "email", "language", "organisation"])
        record(events.PersonChanged(login=person.login, active=person.is_active), about=person)
    return person


def set_active(*, person: Person, active: bool, by: Person | None) -> Person:
    """Disable somebody at once, or let them in again. Sessions end, open sockets close. Raises NotAllowed."""
    with writing(by) as record:
        if by is not None:
            require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)
        person.is_active = active
        person.save(update_fields=["is_active"])
        record(events.PersonChanged(login=person.login, active=active), about=person)
        if not active:
            delete_sessions(person=person, why="disabled", record=record)
        tell_access_changed(person.id)
    return person


def set_password(*, person: Person, password: str, by: Person | None, keep: str | None = None) -> None:
    """Change a password: one's own, or as an administrator. Other sessions end; `keep` is the session key that stays.

    The caller has validated the password. Raises NotAllowed.
    """
    with writing(by) as record:
        if by is not None and by.id != person.id:
            require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)
        person.set_password(password)
        person.save(update_fields=["password"])
        record(events.PasswordChanged(), about=person)
        delete_sessions(person=person, why="password_changed", record=record, keep=keep)
        tell_access_changed(person.id)


def end_sessions(*, person: Person, by: Person, keep: str | None = None, only: str | None = None) -> int:
    """End somebody's sessions (all, all but `keep`, or `only` one: session keys) and close their sockets.

    One's own, or as an administrator. Returns how many ended. Raises NotAllowed.
    """
    own = by.id == person.id
    with writing(by) as record:
        if not own:
            require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)
        why = "ended_elsewhere" if own else "ended_by_administrator"
        ended = delete_sessions(person=person, why=why, record=record, keep=keep, only=only)
        tell_access_changed(person.id)
    return ended


def delete_sessions(
    *, person: Person, why: str, record: Record, keep: str | None = None, only: str | None = None
) -> int:
    """Inside a write: delete the rows and record it."""
    rows = Session.objects.filter(person=person)
    if keep is not None:
        rows = rows.exclude(session_key=keep)
    if only is not None:
        rows = rows.filter(session_key=only)
    ended, _rows = rows.delete()
    if ended:
        record(events.LoggedOut(why=why, sessions=ended), about=person)
    return ended


def save_organisation(*, organisation: Organisation, by: Person | None) -> Organisation:
    """Add or rename an organisation. Raises NotAllowed."""
    with writing(by) as record:
        if by is not None:
            require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)
        organisation.save()
        record(events.OrganisationChanged(organisation=organisation.key, name=organisation.name), about=organisation)
    return organisation


def record_refusal(*, by: Person, permission: str, about: UUID | str | None = None) -> None:
    """Keep that somebody signed in was refused. Call it after the refused transaction was rolled back."""
    with writing(by) as record:
        about_id = UUID(str(about)) if about else None
        record(events.Refused(permission=permission, object=about_id), about=by)


def give_duty(
    *,
    person: Person,
    role: Role,
    organisation: Organisation,
    by: Person | None,
    communes: Sequence[str] = (),
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Duty:
    """Give a duty (communes: INSEE codes, none for all; from now unless told). Raises NotAllowed, Invalid."""
    with writing(by) as record:
        if by is not None:
            require_anywhere(access_of(by), Permission.MANAGE_DUTIES)
        duty = Duty(person=person, role=role, organisation=organisation, communes=sorted(set(communes)))
        duty.valid_until = valid_until
        duty.valid_from = valid_from or Now()  # the database's clock decides
        try:
            duty.save(force_insert=True)
        except IntegrityError as refused:
            raise Invalid(_("A duty ends after it starts, and a commune officer's names its communes.")) from refused
        duty.refresh_from_db(fields=["valid_from"])
        record(
            events.DutyGiven(
                duty=duty.id,
                role=duty.role,
                organisation=organisation.key,
                communes=duty.communes,
                valid_from=duty.valid_from,
                valid_until=duty.valid_until,
            ),
            about=person,
        )
        tell_access_changed(person.id)
    return duty


def end_duty(*, duty_id: UUID, by: Person | None) -> Duty:
    """End a duty now; the row stays as history. Raises NotAllowed, NotFound, Conflict when it has ended already."""
    with writing(by) as record:
        if by is not None:
            require_anywhere(access_of(by), Permission.MANAGE_DUTIES)
        duty = Duty.objects.select_for_update(of=("self",)).select_related("person").filter(id=duty_id).first()
        if duty is None:
            raise NotFound
        # A millisecond after its start at the least, so that a duty given by mistake can be ended in the same breath.
        ended = (
            Duty.objects.filter(id=duty_id)
            .filter(models.Q(valid_until=None) | models.Q(valid_until__gt=Now()))
            .update(valid_until=models.functions.Greatest(Now(), models.F("valid_from") + _A_MOMENT))
        )
        if not ended:
            raise Conflict(_("This duty has ended already."))
        duty.refresh_from_db(fields=["valid_until"])
        record(events.DutyEnded(duty=duty.id, role=duty.role, valid_until=duty.valid_until), about=duty.person)
        tell_access_changed(duty.person_id)
    return duty


def grant(*, person: Person, permission: str, about: models.Model, by: Person | None) -> None:
    """Name somebody on one object (guardian). Who may is the caller's question: a service of the object's own room."""
    with writing(by) as record:
        assign_perm(permission, person, about)
        record(events.Granted(object=about.pk, model=about._meta.model_name or ""), about=person)
        tell_access_changed(person.id)


def withdraw_grant(*, person: Person, permission: str, about: models.Model, by: Person | None) -> None:
    """Take a name off one object. Nothing happens when it was not on it."""
    with writing(by) as record:
        remove_perm(permission, person, about)
        record(events.GrantWithdrawn(object=about.pk, model=about._meta.model_name or ""), about=person)
        tell_access_changed(person.id)


def name_on(*, person: Person, permissions: Collection[str], about: models.Model, by: Person | None) -> None:
    """Name somebody on one object with exactly these of its permissions (codenames); none takes the name off. Who may
    is the caller's question. Nothing happens when it is so already."""
    held = set(get_user_perms(person, about).values_list("codename", flat=True))
    wanted = set(permissions)
    if held == wanted:
        return
    with writing(by) as record:
        app = about._meta.app_label
        for codename in wanted - held:
            assign_perm(f"{app}.{codename}", person, about)
        for codename in held - wanted:
            remove_perm(f"{app}.{codename}", person, about)
        event = events.Granted if wanted else events.GrantWithdrawn
        record(event(object=about.pk, model=about._meta.model_name or ""), about=person)
        tell_access_changed(person.id)
