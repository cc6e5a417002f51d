"""Who calls the API: a signed-in page with its CSRF token, or a machine with its bearer token."""

from typing import Any, cast

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import ANONYMOUS, Access, access_of, machine_by_token
from journal.errors import NotAllowed, NotSignedIn

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class CsrfFailed(NotAllowed):
    type, title = "csrf", "The page's own token is missing or old: load it again"


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


_csrf = _Csrf(lambda request: cast("Any", None))


def identify(request: HttpRequest) -> tuple[Person | None, Access]:
    """The person or machine that asks, also left as `request.user`, with their rights; None when nobody says who they
    are. Raises NotSignedIn for a token that is not good, CsrfFailed for a write by a page without its token."""
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme:
        return _machine(request, scheme, token)
    person = cast("Any", request).user
    if not isinstance(person, Person):
        return None, ANONYMOUS
    if request.method not in SAFE:
        _check_csrf(request)
    return person, access_of(person)


def _machine(request: HttpRequest, scheme: str, token: str) -> tuple[Person, Access]:
    found = machine_by_token(token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotSignedIn(_("This token is unknown, expired or revoked."))
    cast("Any", request).user = found[0]
    return found


def _check_csrf(request: HttpRequest) -> None:
    _csrf.process_request(request)
    reason = _csrf.process_view(request, cast("Any", None), (), {})
    if reason:
        raise CsrfFailed(_("The page's own token is missing or old: load it again."))
