"""Pages of this room alone; the desk is the situation room's."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from access.http import PersonRequest, Request
from access.pages import turned_away
from access.roles import ROLES
from incidents import handing
from incidents.labels import HANDOVER
from incidents.permissions import Permission


@require_safe
@never_cache
def handover(request: HttpRequest) -> HttpResponse:
    """What the next shift has to know, the notes, and both signatures."""
    refused = turned_away(cast("Request", request), Permission.SHIFT)
    if refused is not None:
        return refused
    asked = cast("PersonRequest", request)
    latest = handing.latest()
    waiting = next((one for one in latest if one.taken_at is None), None)
    titles = dict.fromkeys(str(ROLES[holding.role].title) for holding in asked.access.holdings)
    context: dict[str, Any] = {
        "sections": handing.picture(asked.access),
        "waiting": waiting,
        "mine": waiting is not None and waiting.left_by_id == asked.user.id,
        "latest": latest,
        "now": timezone.now(),
        "duty_line": " · ".join(titles),
        "labels": {key: str(text) for key, text in HANDOVER.items()},
    }
    return render(request, "incidents/handover.html", context)
