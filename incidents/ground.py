"""What the scripts of every page need before anything else: the clock, where news comes from, the map's ground, who asks.
Pages of all the rooms above stand on it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Organisation, Person
from access.roles import ROLES, Role
from access.selectors import Access
from incidents.models import Category
from incidents.workflow import Source
from territory.models import Commune

OWN_SOURCE = {
    Role.CALL_TAKER: Source.PHONE,
    Role.VIDEO_OPERATOR: Source.VIDEO,
    Role.BUILDING_SUPERVISOR: Source.BUILDING_ALARM,
    Role.CREW_LEADER: Source.CREW,
    Role.MOBILITY_OPERATOR: Source.TRANSIT,
    Role.COMMUNE_OFFICER: Source.COMMUNE,
}
HUMAN_SOURCES = (
    Source.PHONE,
    Source.OPERATOR,
    Source.VIDEO,
    Source.CITIZEN,
    Source.CREW,
    Source.COMMUNE,
    Source.TRANSIT,
)


def settings_of_the_page() -> dict[str, Any]:
    """The server's clock, the post's time zone, where the stream is, and the map's tiles if there are any."""
    return {
        "now": timezone.now().isoformat(),
        "zone": settings.TIME_ZONE,
        "live": settings.LIVE_URL and f"{settings.LIVE_URL.rstrip('/')}/ws/live/",
        "tiles": {"url": settings.MAP_TILES_URL, "attribution": getattr(settings, "MAP_TILES_ATTRIBUTION", "")},
    }


def world(categories: list[Category], communes: list[Commune]) -> dict[str, Any]:
    """What rows refer to by key: categories, communes with their outlines, organisations."""
    return {
        "categories": [_category(category) for category in categories],
        "communes": [_commune(commune) for commune in communes],
        "organisations": [{"id": str(one.id), "name": one.name} for one in Organisation.objects.order_by("name")],
    }


def me_of(person: Person, access: Access) -> dict[str, Any]:
    """Who looks at the page; `sources`: how reports reach this person, the likeliest first;
    `permissions`: of some duty, wherever; the server decides about each act."""
    own = [OWN_SOURCE[holding.role] for holding in access.holdings if holding.role in OWN_SOURCE]
    return {
        "id": str(person.id),
        "name": person.name,
        "organisations": sorted({holding.organisation for holding in access.holdings}),
        "permissions": sorted(access.permissions),
        "sources": [str(source) for source in dict.fromkeys([*own, *HUMAN_SOURCES])],
    }


def _category(category: Category) -> dict[str, Any]:
    return {
        "key": category.key,
        "parent": category.parent_id,
        "label": category.label,
        "priority": category.default_priority,
        "organisation": category.organisation.name if category.organisation else "",
        "response": category.first_response_minutes,
        "resolution": category.resolution_minutes,
        "keywords": category.keywords,
    }


def _commune(commune: Commune) -> dict[str, Any]:
    rings = [ring for polygon in commune.outline["coordinates"] for ring in polygon]
    return {
        "insee": commune.insee,
        "name": commune.name,
        "lat": commune.town_hall_lat,
        "lon": commune.town_hall_lon,
        "outline": rings,
    }


def ago(instant: datetime) -> str:
    """How long ago, as static/js/time.js says it."""
    minutes = int((timezone.now() - instant).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("{n} min ago").format(n=minutes)
    if minutes < 24 * 60:
        return _("{h} h {m} ago").format(h=minutes // 60, m=f"{minutes % 60:02}")
    return _("{n} d ago").format(n=minutes // (24 * 60))


def duty_line(access: Access) -> str:
    """The duties in force, for the corner of the page."""
    titles = dict.fromkeys(str(ROLES[holding.role].title) for holding in access.holdings)
    return " · ".join(titles) or _("No duty in force")
