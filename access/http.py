"""Requests as our middleware leaves them, for annotations."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from access.models import Person
from access.selectors import Access


class Request(HttpRequest):
    """Anybody's request. `access` is ANONYMOUS when nobody is signed in."""

    user: Person | AnonymousUser
    access: Access


class PersonRequest(Request):
    """A request of somebody signed in."""

    user: Person
