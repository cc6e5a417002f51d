"""Pages made of all the rooms. They only read."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from access.models import Person
from access.selectors import access_of
from situation import selectors


@require_safe
@never_cache
@gzip_page
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The watch desk with its first content inside: one round trip, no spinner. Everyone who is logged in may open it;
    what it holds is what their duties open, nothing for those whose duties open nothing."""
    person = cast(Person, request.user)
    picture = selectors.desk(person=person, access=access_of(person))
    return render(request, "situation/desk.html", {"picture": picture, "duty_line": picture.duty_line})
