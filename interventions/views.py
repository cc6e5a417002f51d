"""The dispatch board's page."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from access.http import Request
from access.models import Person
from access.pages import turned_away
from interventions import board as pictures
from interventions.permissions import Permission


@require_safe
@never_cache
@gzip_page
def board(request: HttpRequest) -> HttpResponse:
    """The board with its first content inside: one round trip, no spinner. It holds what the duties open: a commune's
    officer sees that commune's work, and neither crews nor where they are."""
    asked = cast("Request", request)
    refused = turned_away(asked, Permission.VIEW)
    if refused is not None:
        return refused
    picture = pictures.board(person=cast("Person", asked.user), access=asked.access)
    return render(request, "interventions/board.html", {"picture": picture, "duty_line": picture.duty_line})
