"""The state of the link in the bar of every page, for everyone of the post."""

from typing import Any, cast
from uuid import UUID

import msgspec
from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from access.http import Request
from prefecture import labels, selectors
from prefecture.api.views import picture
from prefecture.models import LinkState
from prefecture.permissions import Permission

register = template.Library()


def words() -> dict[str, str]:
    """What the bar says of each state."""
    return {
        LinkState.UP: _("Prefecture link"),
        LinkState.SLOW: _("Prefecture link slow"),
        LinkState.DOWN: _("Prefecture link cut"),
        LinkState.UNKNOWN: _("Prefecture link not tried yet"),
    }


@register.inclusion_tag("prefecture/inset.html")
def prefecture_pane(request: HttpRequest, crisis: str) -> dict[str, Any]:
    """The link as a pane of a cell's page, with its content inside; nothing for somebody who may not see it."""
    asked = cast("Request", request)
    if not asked.access.holds(Permission.VIEW):
        return {}
    found = msgspec.to_builtins(picture(asked.access, crisis=UUID(crisis)))
    data = {**found, "crisis": crisis, "read_minutes": settings.PREFECTURE_READ_MINUTES}
    return {"data": data, "labels": labels.page(thresholds=False)}


@register.inclusion_tag("prefecture/bar.html")
def prefecture_link(request: HttpRequest) -> dict[str, Any]:
    """Nothing where the link is not set up, or for somebody without a duty."""
    asked = cast("Request", request)
    if not asked.access.holds(Permission.SEE_LINK):
        return {}
    found = selectors.link()
    said = words().get(found.state)
    opens = asked.access.holds(Permission.VIEW)
    return {
        "state": found.state,
        "words": said,
        "all": words(),
        "since": found.since,
        "phone": found.phone,
        "opens": opens,
    }
