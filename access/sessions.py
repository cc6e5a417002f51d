"""The session engine: Django's own database sessions, plus whose they are.

Why not `django.contrib.sessions.backends.db` as it is: its rows do not say to whom they belong, so nobody's sessions
could be ended without decoding all of them; and a request would read the session, then the person. Here both come in
one query, and `person`, `device` and `started_at` are columns that repeat what the session's data says.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from asgiref.sync import sync_to_async
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare

if TYPE_CHECKING:
    from access.models import Person, Session

DEVICE, STARTED_AT = "device", "started_at"


class SessionStore(DatabaseStore):
    """`settings.SESSION_ENGINE = "access.sessions"`."""

    person: "Person | None" = None

    @classmethod
    def get_model_class(cls) -> "type[Session]":
        from access.models import Session

        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and len(key) >= 8 and is_key(key))

    def load(self) -> dict[str, Any]:
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        self.person = row.person
        return dict(self.decode(row.session_data))

    def create_model_instance(self, data: dict[str, Any]) -> "Session":
        row = cast("Session", super().create_model_instance(data))
        row.person_id = data.get(SESSION_KEY)
        row.device = str(data.get(DEVICE, ""))[:200]
        started = data.get(STARTED_AT)
        row.started_at = datetime.fromisoformat(started) if started else None
        return row

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    async def acreate_model_instance(self, data: dict[str, Any]) -> "Session":
        return self.create_model_instance(data)

    def _row(self) -> "Session | None":
        rows = self.get_model_class().objects.select_related("person")
        return rows.filter(session_key=self.session_key, expire_date__gt=timezone.now()).first()


def is_key(text: str) -> bool:
    """Whether it could be a session's key: a cookie holds whatever its sender likes, a NUL for the database included."""
    return text.isascii() and text.isalnum()


def signed_in(session: SessionStore) -> "Person | None":
    """Whoever this session has signed in, read with the session; None when nobody, disabled, or the password changed."""
    if not session.get(BACKEND_SESSION_KEY) or (person := session.person) is None:
        return None
    if not person.is_active or str(person.pk) != session.get(SESSION_KEY):
        return None
    proof = str(session.get(HASH_SESSION_KEY, ""))
    hashes = (person.get_session_auth_hash(), *person.get_session_auth_fallback_hash())
    return person if any(constant_time_compare(proof, hash_) for hash_ in hashes) else None
