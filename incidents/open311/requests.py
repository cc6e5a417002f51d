"""Service requests: what the public may know of an incident, and how a posted one becomes a draft."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from math import isfinite
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

import msgspec
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from msgspec import Meta

from access.models import Person
from access.selectors import ANONYMOUS
from incidents import selectors
from incidents.models import Category, Incident, Report
from incidents.services import Draft
from incidents.workflow import OPEN, Source, Status
from journal.api.errors import Malformed
from journal.errors import Invalid, NotFound
from territory.selectors import nearest_place, search_places

SPAN = timedelta(days=90)  # what the standard answers when no dates are given
PAGE = 1000
EARLIEST, LATEST = 1970, 9000  # years; beyond, dates cannot be reckoned with
MEDIA_URL_LIMIT = 500
WORDS_LIMIT = 4000
Instant = Annotated[datetime, Meta(tz=True)]


# Services ---------------------------------------------------------------------------------------------------------


def services() -> list[dict[str, Any]]:
    """The public categories as the standard's services, in French."""
    known = {category.key: category for category in selectors.categories()}
    return [_service(one, known) for one in known.values() if one.public and one.parent_id]


def service(code: str) -> Category:
    """Raises NotFound for anything but a public category."""
    found = selectors.categories().filter(key=_plain(code), public=True, parent__isnull=False).first()
    if found is None:
        raise NotFound(_("The service_code was not found."))
    return found


def _service(category: Category, known: dict[str, Category]) -> dict[str, Any]:
    branch = known.get(category.branch)
    return {
        "service_code": category.key,
        "service_name": category.label_fr,
        "description": category.label_fr,
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(category.keywords),
        "group": branch.label_fr if branch else "",
    }


def _plain(text: str) -> str:
    return text.replace("\x00", "")


# Looking up -------------------------------------------------------------------------------------------------------


def find(query: QueryDict, now: datetime) -> list[Incident]:
    """Public incidents as the standard's parameters ask for them, newest first. Raises Malformed."""
    found = public()
    ids = _listed(query, "service_request_id")
    if ids:  # overrides every other parameter
        return list(found.filter(reference__in=ids)[:PAGE])
    condition = Q(declared_at__range=_span(query, now))
    codes, states = _listed(query, "service_code"), set(_listed(query, "status"))
    if codes:
        condition &= Q(category_id__in=codes)
    if states - {"open", "closed"}:
        raise Malformed(_("status is open or closed."))
    if len(states) == 1:
        inside = Q(status__in=OPEN) | Q(merged_into__status__in=OPEN)
        condition &= inside if "open" in states else ~inside
    size, page = _number(query, "page_size", PAGE), _number(query, "page", 1)
    return list(found.filter(condition)[(page - 1) * size : page * size])


def by_reference(reference: str) -> Incident:
    """Raises NotFound, also for one that is not public."""
    found = public().filter(reference=_plain(reference)).first()
    if found is None:
        raise NotFound(_("The service_request_id was not found."))
    return found


def by_token(token: str) -> Incident:
    """The request that a report's token stands for. Raises NotFound."""
    try:
        report = Report.objects.filter(id=UUID(token)).values_list("first_incident_id", flat=True).first()
    except ValueError:
        report = None
    found = public().filter(id=report).first() if report else None
    if found is None:
        raise NotFound(_("The token was not found."))
    return found


def public() -> QuerySet[Incident]:
    """Incidents shown to everybody."""
    related = ("category", "organisation", "commune", "merged_into")
    return selectors.visible(ANONYMOUS).select_related(*related).order_by(*selectors.ORDER)


def _listed(query: QueryDict, name: str) -> list[str]:
    return [part.strip() for part in _plain(query.get(name, "")).split(",") if part.strip()]


def _number(query: QueryDict, name: str, default: int) -> int:
    text = query.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= 10**6):
        raise Malformed(_("%(name)s is a positive number.") % {"name": name})
    return min(int(text), PAGE) if name == "page_size" else int(text)


def _span(query: QueryDict, now: datetime) -> tuple[datetime, datetime]:
    start, end = (_instant(query, name) for name in ("start_date", "end_date"))
    if start is None and end is None:
        return now - SPAN, now
    if start is None:
        return (end or now) - SPAN, end or now
    return start, end or start + SPAN


def _instant(query: QueryDict, name: str) -> datetime | None:
    text = query.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        found = msgspec.convert(text, Instant)
        return found.replace(year=min(max(found.year, EARLIEST), LATEST))
    except ValueError as error:
        raise Malformed(_("%(name)s is a time such as 2026-11-23T00:00:00Z.") % {"name": name}) from error


# Showing ----------------------------------------------------------------------------------------------------------


def shown(incidents: Collection[Incident], asker: Person | None) -> list[dict[str, Any]]:
    """As the standard shows them. Words and address go back to nobody but the key that sent them: one query."""
    own: dict[UUID, Report] = {}
    if asker is not None and incidents:
        sent = Report.objects.filter(first_incident__in=incidents, entered_by=asker)
        own = {report.first_incident_id: report for report in sent.order_by("-entered_at")}
    return [_request(incident, own.get(incident.id)) for incident in incidents]


def _request(incident: Incident, own: Report | None) -> dict[str, Any]:
    holder = incident.merged_into or incident
    return {
        "service_request_id": incident.reference,
        "status": "open" if holder.status in OPEN else "closed",
        "status_notes": str(Status(incident.status).label),
        "service_name": incident.category.label_fr,
        "service_code": incident.category_id,
        "description": own.description if own else "",
        "agency_responsible": incident.organisation.name if incident.organisation else "",
        "service_notice": "",
        "requested_datetime": incident.declared_at,
        "updated_datetime": _last(incident),
        "expected_datetime": incident.resolution_due,
        "address": own.address if own else incident.commune.name,
        "address_id": "",
        "zipcode": "",
        "lat": incident.lat,
        "long": incident.lon,
        "media_url": "",
    }


def _last(incident: Incident) -> datetime:
    moments: Iterable[datetime | None] = (
        *(incident.declared_at, incident.acknowledged_at, incident.qualified_at),
        *(incident.started_at, incident.resolved_at, incident.closed_at),
    )
    return max(moment for moment in moments if moment)


# Posting ----------------------------------------------------------------------------------------------------------


def draft_of(form: QueryDict, *, by: Person, key: str) -> Draft:
    """What was posted, as a draft. The same `key` of the same sender is the same report. Raises Invalid, NotFound."""
    code = form.get("service_code", "")
    if not code:
        raise Invalid(_("service_code is needed."))
    category = service(code)
    lat, lon = _where(form)
    place = nearest_place(lat, lon)
    return Draft(
        id=uuid5(by.id, key) if key else uuid4(),
        category=category.key,
        lat=lat,
        lon=lon,
        source=Source.CITIZEN.value,
        description=_words(form),
        # Our own name for the place: what the sender typed may say who they are, and the address is on record for good.
        address=place.label if place else "",
        reporter_name=" ".join(filter(None, (form.get("first_name", ""), form.get("last_name", "")))),
        reporter_phone=form.get("phone", ""),
        reporter_email=form.get("email", ""),
        external_id=key[:80],
    )


def _where(form: QueryDict) -> tuple[float, float]:
    texts = form.get("lat", "").strip(), form.get("long", "").strip()
    if all(texts):
        try:
            lat, lon = (float(text) for text in texts)
        except ValueError as error:
            raise Invalid(_("lat and long are numbers in degrees (WGS 84).")) from error
        if isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180:
            return lat, lon
        raise Invalid(_("lat and long are numbers in degrees (WGS 84)."))
    address = _plain(form.get("address_string", ""))[:200]
    hits = search_places(address, limit=1) if address else []
    if not hits:
        raise Invalid(_("Give lat and long, or an address_string that can be found."))
    return hits[0].lat, hits[0].lon


def _words(form: QueryDict) -> str:
    """The sender's words, with the address they typed and where their picture lies (which is never fetched), as far as
    there is room for these."""
    words, parts = form.get("description", ""), []
    if address := form.get("address_string", ""):
        parts.append(_("Address given: %(address)s") % {"address": address[:200]})
    url = form.get("media_url", "")
    if url.startswith(("http://", "https://")) and len(url) <= MEDIA_URL_LIMIT:
        parts.append(_("Picture: %(url)s") % {"url": url})
    for part in parts:
        whole = f"{words}\n{part}" if words else part
        words = whole if len(whole) <= WORDS_LIMIT else words
    return words
