"""The crisis room's pages."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from access.http import PersonRequest, Request
from access.pages import turned_away
from crisis.permissions import Permission
from crisis.workflow import Credibility, Reliability
from journal.errors import NotFound
from situation import cell_labels, cells


@require_safe
@never_cache
@gzip_page
def hall(request: HttpRequest) -> HttpResponse:
    """The cells in sight, and the form that opens one."""
    away = turned_away(cast("Request", request), Permission.VIEW)
    if away is not None:
        return away
    asked = cast("PersonRequest", request)
    return _shown(asked, "situation/cells.html", cells.hall(person=asked.user, access=asked.access))


@require_safe
@never_cache
@gzip_page
def room(request: HttpRequest, cell_id: UUID) -> HttpResponse:
    """One cell. Somebody who is not named on it gets the page of what does not exist."""
    away = turned_away(cast("Request", request), Permission.VIEW)
    if away is not None:
        return away
    asked = cast("PersonRequest", request)
    try:
        page = cells.room(cell_id=cell_id, person=asked.user, access=asked.access)
    except NotFound as missing:
        raise Http404 from missing
    words = {
        "commands": cell_labels.commands(),
        "credibilities": Credibility.choices,
        "reliabilities": Reliability.choices,
    }
    return _shown(asked, "situation/cell.html", page, **words)


@require_safe
@never_cache
@gzip_page
def wall(request: HttpRequest, name: str) -> HttpResponse:
    """A wall of the room: read-only, big, no cursor."""
    away = turned_away(cast("Request", request), Permission.VIEW)
    if away is not None:
        return away
    asked = cast("PersonRequest", request)
    try:
        page = cells.wall(name=name, person=asked.user, access=asked.access)
    except NotFound as missing:
        raise Http404 from missing
    return _shown(asked, "situation/wall.html", page)


@require_safe
@never_cache
@gzip_page
def replay(request: HttpRequest) -> HttpResponse:
    """`?cell=<id>`: that cell at any past instant; without it, the cells to choose from."""
    away = turned_away(cast("Request", request), Permission.VIEW)
    if away is not None:
        return away
    asked = cast("PersonRequest", request)
    try:
        wanted = UUID(request.GET["cell"]) if request.GET.get("cell") else None
        page = cells.replay(cell_id=wanted, person=asked.user, access=asked.access)
    except (NotFound, ValueError) as missing:
        raise Http404 from missing
    return _shown(asked, "situation/replay.html", page)


def _shown(request: PersonRequest, template: str, page: cells.Page, **more: Any) -> HttpResponse:
    return render(request, template, {"page": page, "duty_line": page.duty_line, **more})
