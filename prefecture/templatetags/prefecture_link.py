"""The state of the link in the bar of every page, for everyone of the post."""

from typing import Any, cast

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.http import Request
from incidents.calendars import LOCAL
from prefecture import selectors
from prefecture.models import LinkState
from prefecture.permissions import Permission

register = template.Library()
STALE, TESTED = "stale", "tested"


def words() -> dict[str, str]:
    """What the bar says of each state; `stale`: it was tested once, too long ago. static/js/link-chip.js reads them too."""
    return {
        LinkState.UP: _("Prefecture link"),
        LinkState.SLOW: _("Prefecture link slow"),
        LinkState.DOWN: _("Prefecture link cut"),
        LinkState.UNKNOWN: _("Prefecture link not tried yet"),
        STALE: _("Prefecture link unknown since {time}"),
        TESTED: _("since {since}, last test at {time}"),
    }


@register.inclusion_tag("prefecture/bar.html")
def prefecture_link(request: HttpRequest) -> dict[str, Any]:
    """Nothing where the link is not set up, or for somebody without a duty."""
    asked = cast("Request", request)
    if not asked.access.holds(Permission.SEE_LINK):
        return {}
    found, said = selectors.link(), words()
    tested = found.tested_at.astimezone(LOCAL).strftime("%H:%M") if found.tested_at else ""
    key = STALE if found.state == LinkState.UNKNOWN and tested else found.state
    return {
        "link": found,
        "words": said.get(key, "").format(time=tested),
        "opens": asked.access.holds(Permission.VIEW),
        "chip": {
            "link": {name: getattr(found, name) for name in ("state", "since", "tested_at", "phone")},
            "words": said,
            "now": timezone.now(),
            "stale_s": int(selectors.STALE.total_seconds()),
            "ask": reverse("api-prefecture-link"),
            "zone": str(LOCAL),
        },
    }
