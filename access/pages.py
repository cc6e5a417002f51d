"""What every page says at its door: which permission opens it. Signed out: to `/login/`; no duty or no right: told so."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from access.http import Request
from access.models import Person
from access.services import record_refusal

View = TypeVar("View", bound=Callable[..., HttpResponse])


def opens(permission: str) -> Callable[[View], View]:
    """Decorate a page's view with the permission that some duty must carry. `view.permission` names it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return turned_away(cast("Request", request), permission) or view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def turned_away(request: Request, permission: str) -> HttpResponse | None:
    """The page to show instead, or None when a duty carries the permission. A refusal is recorded."""
    person = request.user
    if not isinstance(person, Person):
        return redirect_to_login(request.get_full_path())
    if not request.access.holdings:
        return no_duty_page(request)
    if not request.access.holds(permission):
        record_refusal(by=person, permission=permission)
        return render(request, "403.html", status=403)
    return None


def no_duty_page(request: HttpRequest) -> HttpResponse:
    """For somebody signed in to whom nobody has given a duty, or whose duty has ended or not begun."""
    return render(request, "access/no_duty.html", status=403)
