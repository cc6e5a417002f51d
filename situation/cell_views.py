"""The crisis room's pages."""

from collections.abc import Callable
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
from crisis.services.watching import Colour, Hazard
from crisis.workflow import Credibility, Reliability
from journal.errors import NotFound
from situation import cell_labels, cells


@require_safe
@never_cache
@gzip_page
def hall(request: HttpRequest) -> HttpResponse:
    """The cells in sight, and the form that opens one."""
    words = {"hazards": Hazard.choices, "colours": Colour.choices}
    return _shown(request, "situation/cells.html", cells.hall, words=words)


@require_safe
@never_cache
@gzip_page
def room(request: HttpRequest, cell_id: UUID) -> HttpResponse:
    """One cell. Somebody who is not named on it gets the page of what does not exist."""
    choices = {"credibilities": Credibility.choices, "reliabilities": Reliability.choices}
    words = {"commands": cell_labels.commands(), **choices}
    return _shown(request, "situation/cell.html", cells.room, {"cell_id": cell_id}, words)


@require_safe
@never_cache
@gzip_page
def wall(request: HttpRequest, name: str) -> HttpResponse:
    """A wall of the room: read-only, big, no cursor."""
    return _shown(request, "situation/wall.html", cells.wall, {"name": name})


@require_safe
@never_cache
@gzip_page
def replay(request: HttpRequest) -> HttpResponse:
    """`?cell=<id>`: that cell at any past instant; without it, the cells to choose from."""
    try:
        wanted = UUID(request.GET["cell"]) if request.GET.get("cell") else None
    except ValueError as nonsense:
        raise Http404 from nonsense
    return _shown(request, "situation/replay.html", cells.replay, {"cell_id": wanted})


def _shown(
    request: HttpRequest,
    template: str,
    make: Callable[..., cells.Page],
    asked: dict[str, Any] | None = None,
    words: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page for somebody whose duty opens cells; 404 for a cell that they are not named on."""
    away = turned_away(cast("Request", request), Permission.VIEW)
    if away is not None:
        return away
    by = cast("PersonRequest", request)
    try:
        page = make(person=by.user, access=by.access, **(asked or {}))
    except NotFound as missing:
        raise Http404 from missing
    return render(request, template, {"page": page, "duty_line": page.duty_line, **(words or {})})
