"""What a page shows to those it does not open for. Signed out: `/login/`; no duty or no right: told so."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from access.http import Request
from access.models import Person
from access.services import record_refusal


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
