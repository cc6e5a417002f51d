"""Pages made of all the rooms. They only read."""

from typing import cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from access.http import Request
from access.models import Person
from access.pages import no_duty_page
from situation import selectors


@require_safe
@never_cache
@gzip_page
def desk(request: HttpRequest) -> HttpResponse:
    """The watch desk with its first content inside: one round trip, no spinner. Everyone with a duty may open it; it
    holds what those duties open, and says so when they open no incident (an administrator's do not)."""
    asked = cast("Request", request)
    if not isinstance(asked.user, Person):
        return redirect_to_login(request.get_full_path())
    if not asked.access.holdings:
        return no_duty_page(request)
    picture = selectors.desk(person=asked.user, access=asked.access)
    return render(request, "situation/desk.html", {"picture": picture, "duty_line": picture.duty_line})
