"""The crew leader's phone: its page, its worker and what makes it installable."""

import json
from typing import Any, cast

import msgspec
from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from access.http import PersonRequest, Request
from access.pages import turned_away
from interventions import field_labels, workflow
from interventions.field import picture
from interventions.permissions import Permission
from interventions.shell import shell, worker

# The worker fetches from its own server and does nothing else.
_NOTHING = ("img-src", "style-src", "font-src", "media-src", "manifest-src", "form-action")
WORKER_POLICY = {"script-src": [SELF], "connect-src": [SELF], **{name: [NONE] for name in ("default-src", *_NOTHING)}}


@require_safe
@never_cache
@gzip_page
def field(request: HttpRequest) -> HttpResponse:
    """`/field/`: today's missions in a page that opens without network too."""
    away = turned_away(cast("Request", request), Permission.WORK)
    if away is not None:
        return away
    asked = cast("PersonRequest", request)
    data = {
        "picture": msgspec.to_builtins(picture(person=asked.user, access=asked.access)),
        "zone": settings.TIME_ZONE,
        "live": settings.LIVE_URL and f"{settings.LIVE_URL.rstrip('/')}/ws/live/",
        "moves": moves(),
    }
    hint = _("Colours, language, leaving")
    context = {"data": data, "labels": field_labels.field(), "modules": shell().modules, "duty_line": hint}
    return render(request, "interventions/field.html", context)


def moves() -> dict[str, dict[str, Any]]:
    """What a crew may do from which state, for a phone that must know without asking."""
    return {
        act: {"from": [str(state) for state in move.sources], "to": str(move.target) if move.target else None}
        for act, move in workflow.MOVES.items()
        if move.permission == Permission.WORK
    }


@require_safe
@csp_replace(WORKER_POLICY)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker lies under /field/, so that it can never answer for another page."""
    told = json.dumps({"version": shell().version, "files": shell().files, "page": reverse("field")})
    answer = HttpResponse(f"const SHELL = {told};\n{worker()}", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone shows once the page is on its home screen. Nothing personal: browsers fetch it without cookies."""
    icons = [
        {"src": static("img/field-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("img/field-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("img/field-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    content = {
        "id": reverse("field"),
        "name": _("OnDijon, field work"),
        "short_name": _("Field"),
        "lang": get_language(),
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#0b111b",
        "theme_color": "#111a28",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")
