"""Who is asking, and what they may: `request.user` and `request.access`, both read only when something asks."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast
from uuid import uuid4

import structlog
from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.views.defaults import bad_request

from access.models import Person
from access.selectors import ANONYMOUS, Access, access_of
from access.sessions import SessionStore, signed_in


class PersonMiddleware(AuthenticationMiddleware):
    """Django's own, but the person comes with the session's row, so a request costs one query less."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = cast("Any", SimpleLazyObject(partial(_person, request)))
        request.auser = cast("Any", sync_to_async(partial(_person, request)))


class AccessMiddleware:
    """`request.access`: the rights of whoever asks, read afresh once per request; and who it was in every log line.

    A machine's person is known only once the API has checked its token; asking later than that gives its rights.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=uuid4().hex[:12], method=request.method, path=request.path)
        cast("Any", request).access = SimpleLazyObject(partial(_access, request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the database cannot take, such as a NUL in an address of the administration, is the sender's mistake."""
        return bad_request(request, error) if isinstance(error, DataError) else None


def _person(request: HttpRequest) -> Person | AnonymousUser:
    if not hasattr(request, "_cached_user"):
        session = cast("SessionStore", request.session)
        person = signed_in(session)
        if person is None and SESSION_KEY in session:
            session.flush()  # disabled, or the password was changed elsewhere
        cast("Any", request)._cached_user = person or AnonymousUser()
        structlog.contextvars.bind_contextvars(person=str(person.id) if person else None)
    return cast("Any", request)._cached_user  # type: ignore[no-any-return]


def _access(request: HttpRequest) -> Access:
    person = request.user
    return access_of(person) if isinstance(person, Person) else ANONYMOUS
