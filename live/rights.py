"""Who is behind each socket and what they may see: asked for many at once, since screens come back in storms."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models.functions import Now
from django.http.cookie import parse_cookie

from access.models import Person, Session
from access.permissions import Permission
from access.selectors import Access, accesses_of, live_sessions, person_by_token
from access.sessions import SessionStore, is_key, signed_in
from live.frames import Close

Scope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a socket came in with: a session key from the cookie, or a machine's OAuth token."""

    kind: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who may follow the journal, as of the last check."""

    person: Person
    access: Access

    def same_rights(self, other: "Standing") -> bool:
        mine, theirs = self.access, other.access
        return mine.audiences == theirs.audiences and mine.permissions == theirs.permissions


Verdict = Standing | Close


def ticket_of(scope: Scope) -> Ticket | None:
    """The ticket of a handshake, or None when its page is not one of ours.

    A browser sends cookies along from any page, so a cookie counts only with an Origin of settings.PUBLIC_ORIGINS.
    A token is sent by programs alone, which send no Origin.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    scheme, _space, token = headers.get(b"authorization", "").partition(" ")
    if origin is None and scheme.lower() == "bearer":
        return Ticket("token", token.strip())
    if origin is None or origin.lower() not in {known.lower().rstrip("/") for known in settings.PUBLIC_ORIGINS}:
        return None
    cookies = parse_cookie(headers.get(b"cookie", ""))
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    return Ticket("session", key if is_key(key) else "")


def admit(tickets: Collection[Ticket]) -> dict[Ticket, Verdict]:
    """Check tickets from scratch: two queries for any number of people."""
    return _judge(tickets, {**_by_session(_secrets(tickets, "session")), **_by_token(_secrets(tickets, "token"))})


def review(held: dict[Ticket, Person]) -> dict[Ticket, Verdict]:
    """Check again those who are in, as admitted: two queries for all sessions, one for each token."""
    alive = live_sessions(_secrets(held, "session"))
    people = {
        ticket: person
        for ticket, person in held.items()
        if ticket.kind == "session" and alive.get(ticket.secret) == person.id
    }
    return _judge(held, {**people, **_by_token(_secrets(held, "token"))})


def _judge(tickets: Iterable[Ticket], people: dict[Ticket, Person]) -> dict[Ticket, Verdict]:
    verdicts: dict[Ticket, Verdict] = dict.fromkeys(tickets, Close.NOT_SIGNED_IN)
    accesses = accesses_of(list(people.values())) if people else []
    for (ticket, person), access in zip(people.items(), accesses, strict=True):
        verdicts[ticket] = Standing(person, access) if access.holds(Permission.FOLLOW) else Close.RIGHT_LOST
    return verdicts


def _secrets(tickets: Iterable[Ticket], kind: str) -> list[str]:
    return [ticket.secret for ticket in tickets if ticket.kind == kind and ticket.secret]


class _Read(SessionStore):
    """A session whose row has been read already."""

    def __init__(self, row: Session) -> None:
        super().__init__(row.session_key)
        self._read = row

    @property
    def key_salt(self) -> str:
        return SessionStore().key_salt  # it is made from the class's name

    def _row(self) -> Session:
        return self._read


def _by_session(keys: Collection[str]) -> dict[Ticket, Person]:
    rows = Session.objects.select_related("person").filter(session_key__in=keys, expire_date__gt=Now()) if keys else ()
    found = ((row.session_key, signed_in(_Read(row))) for row in rows)
    return {Ticket("session", key): person for key, person in found if person is not None}


def _by_token(tokens: Collection[str]) -> dict[Ticket, Person]:
    found = ((token, person_by_token(token)) for token in tokens)
    return {Ticket("token", token): person for token, person in found if person is not None}
