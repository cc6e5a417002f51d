"""Second factors come and go through django-allauth; its signals tell, and the journal keeps it."""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.dispatch import receiver

from access import events, signing_in
from access.models import Person
from access.permissions import Permission
from access.selectors import access_of
from access.services import delete_sessions, require_anywhere, tell_access_changed
from journal.services import writing


@receiver([signals.authenticator_added, signals.authenticator_reset])
def added(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    with writing(user) as record:
        record(events.SecondFactorAdded(factor=authenticator.type), about=user)


@receiver(signals.authenticator_removed)
def removed(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    with writing(user) as record:
        record(events.SecondFactorRemoved(factor=authenticator.type), about=user)


@receiver(signals.authentication_failed)
def refused(user: Person, **kwargs: Any) -> None:
    signing_in.record_refused_login(person=user, why="wrong_code", method="mfa")


def remove_all(*, person: Person, by: Person) -> None:
    """For somebody who lost their phone: take all second factors and passkeys away, and end their sessions.

    Raises NotAllowed.
    """
    with writing(by) as record:
        require_anywhere(access_of(by), Permission.MANAGE_PEOPLE)
        owned = Authenticator.objects.filter(user=person)
        for factor in owned.values_list("type", flat=True):
            record(events.SecondFactorRemoved(factor=factor), about=person)
        owned.delete()
        delete_sessions(person=person, why="ended_by_administrator", record=record)
        tell_access_changed(person.id)
