"""What happens at the door, for the record: who came in, who was turned away, who left."""

from django.core.cache import cache
from django.utils import timezone

from access import events
from access.models import Person
from access.selectors import access_of
from access.services import tell_access_changed
from access.sessions import DEVICE, STARTED_AT, SessionStore
from journal.services import writing

NOBODY_KNOWN = ("administration", "audit")
QUIET_SECONDS = 60


def record_login(*, person: Person, method: str) -> bool:
    """Record a sign-in; and that it leads nowhere when no duty is in force. Returns whether one is."""
    useful = bool(access_of(person).holdings)
    with writing(person) as record:
        record(events.LoggedIn(method=method), about=person)
        if not useful:
            record(events.LoginRefused(why="no_duty", method=method, login_known=True), about=person)
    return useful


def record_refused_login(*, person: Person | None, why: str, method: str) -> None:
    """Record that somebody was not let in. `person` None: an unknown login, whose text is not kept."""
    with writing(None) as record:
        refused = events.LoginRefused(why=why, method=method, login_known=person is not None)
        record(refused, about=person, audiences=None if person else NOBODY_KNOWN)


def record_throttled(*, source: str, person: Person | None, method: str) -> None:
    """Record that a source (an address) tries too often: once a minute, or it could fill the journal at will."""
    if cache.add(f"throttled:{method}:{source}", True, timeout=QUIET_SECONDS):
        record_refused_login(person=person, why="throttled", method=method)


def record_logout(*, person: Person) -> None:
    """Record that somebody left, and close the sockets of that session. Call it once the session is gone."""
    with writing(person) as record:
        record(events.LoggedOut(why="asked", sessions=1), about=person)
        tell_access_changed(person.id)


def describe(session: SessionStore, *, user_agent: str) -> None:
    """Keep in a session what its owner needs to tell it from the others."""
    session[DEVICE] = user_agent[:200]
    session[STARTED_AT] = timezone.now().isoformat()
