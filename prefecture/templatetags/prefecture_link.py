"""The state of the link in the bar of every page, for everyone of the post."""

from typing import Any, cast

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext as _

from access.http import Request
from prefecture import selectors
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
