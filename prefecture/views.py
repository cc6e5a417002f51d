"""The page of the link, its pane for the crisis page, and the public feed of alerts."""

from typing import Any, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from access.http import Request
from access.pages import turned_away
from incidents.ground import duty_line
from journal.selectors import head
from prefecture import labels, selectors
from prefecture.api.views import picture
from prefecture.models import Alert
from prefecture.permissions import Permission
from prefecture.services.sending import clock
from prefecture.wire import atom
from territory.models import Commune


@require_safe
@never_cache
@gzip_page
def page(request: HttpRequest) -> HttpResponse:
    """`/prefecture/`: state of the link, conversations, instructions, drafts."""
    return _shown(request, "prefecture/page.html", None)


@require_safe
@never_cache
@gzip_page
def pane(request: HttpRequest, crisis: UUID) -> HttpResponse:
    """One crisis's conversation alone, as the crisis page shows it in a frame of its own or on a wall."""
    return _shown(request, "prefecture/pane.html", crisis)


def _shown(request: HttpRequest, template: str, crisis: UUID | None) -> HttpResponse:
    asked = cast("Request", request)
    refused = turned_away(asked, Permission.VIEW)
    if refused is not None:
        return refused
    cursor = str(head())  # read first, so that nothing falls between the page and the stream
    found = picture(asked.access, crisis=crisis)
    own = {"cursor": cursor, "crisis": str(crisis) if crisis else None, "now": clock().isoformat()}
    data = {**msgspec.to_builtins(found), **ground(), **_settings(), **own}
    context = {"data": data, "labels": labels.page(), "link": found.link, "rights": found.rights}
    context["duty_line"] = duty_line(asked.access)
    return render(request, template, context)


def _settings() -> dict[str, Any]:
    return {
        "zone": settings.TIME_ZONE,
        "live": settings.LIVE_URL and f"{settings.LIVE_URL.rstrip('/')}/ws/live/",
    }


def ground() -> dict[str, Any]:
    """What forms and messages need beside the picture, on the link's page and in its pane elsewhere."""
    return {
        "authority": settings.PREFECTURE_OUR_NAME,
        "read_minutes": settings.PREFECTURE_READ_MINUTES,
        "communes": list(Commune.objects.order_by("name").values_list("insee", "name")),
    }


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Public alerts in force, as an Atom feed for subscribers. Open to anybody, as the alerts are."""
    found = selectors.alerts()
    url = request.build_absolute_uri(reverse("cap-feed"))
    items = [_item(request, one) for one in found]
    updated = max((one.sent for one in found), default=clock())
    content = atom.feed(id_=url, title="Alertes en cours, Dijon Métropole", url=url, updated=updated, items=items)
    return HttpResponse(content, content_type=atom.MEDIA_TYPE, headers={"Cache-Control": "public, max-age=30"})


def _item(request: HttpRequest, one: Alert) -> atom.Item:
    url = request.build_absolute_uri(reverse("cap-alert", args=[one.id]))
    return atom.Item(
        id=f"urn:cap:{one.sender}:{one.identifier}",
        title=one.headline,
        summary=one.summary,
        updated=one.sent,
        author=one.sender,
        url=url,
    )


@require_safe
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """One alert as its author wrote it, also when it is over."""
    found = Alert.objects.filter(id=alert_id).first() if alert_id < 2**63 else None
    if found is None:
        raise Http404
    return HttpResponse(found.xml.encode(), content_type=f"{atom.CAP_TYPE}; charset=utf-8")
