"""Incidents: declare, list, count, look at one, find what may be the same one."""

from uuid import UUID

import msgspec

from access.api.base import Call, Open, View, endpoint
from access.api.serializers import NoQuery
from incidents import details, listing, selectors, services
from incidents.api.bodies import DeclareBody, NearbyQuery
from incidents.api.details import body_of
from incidents.api.filters import FilterQuery, ListQuery, cursor_of, filters_of, place_of
from incidents.api.serializers import (
    CategoriesShape,
    CategoryShape,
    Counts,
    IncidentDetail,
    IncidentPage,
    NearShape,
)
from incidents.models import Category, Incident
from incidents.permissions import Permission
from incidents.rows import IncidentRow, row_of
from incidents.services.acting import clock
from journal.api.answers import answer
from journal.idempotency import Answer


def row_answer(incident: Incident, *, status: int = 200) -> Answer:
    """An incident's row, with its version as ETag."""
    return answer(row_of(incident), status=status, ETag=f'"{incident.version}"')


class IncidentsView(View):
    """The two hottest addresses of the house."""

    @endpoint("Incidents in sight, newest first", right=Permission.VIEW, query=ListQuery, answer=IncidentPage)
    def get(self, call: Call) -> Answer:
        asked = call.query(ListQuery)
        found = listing.page(
            access=call.access,
            filters=filters_of(asked, call.access.person),
            after=place_of(asked.cursor),
            limit=asked.limit,
        )
        following = msgspec.json.encode(cursor_of(found.next))
        return Answer(200, b'{"results":' + found.rows + b',"next":' + following + b"}", {})

    @endpoint("Declare an incident", right=Permission.DECLARE, body=DeclareBody, answer=IncidentRow, status=201)
    def post(self, call: Call) -> Answer:
        incident = services.declare(by=call.by, draft=call.body(DeclareBody).draft())
        return row_answer(incident, status=201)


class CountsView(View):
    @endpoint("Open incidents, counted", right=Permission.VIEW, query=FilterQuery, answer=Counts)
    def get(self, call: Call) -> Answer:
        filters = filters_of(call.query(FilterQuery), call.access.person)
        return answer(selectors.counts(access=call.access, filters=filters))


class IncidentView(View):
    @endpoint("One incident with all that hangs on it", right=Permission.VIEW, answer=IncidentDetail)
    def get(self, call: Call, incident_id: UUID) -> Answer:
        found = details.detail(incident_id=incident_id, access=call.access)
        return answer(body_of(found), ETag=f'"{found.incident.version}"')


class NearbyView(View):
    @endpoint(
        "Open incidents that may be the same one", right=Permission.VIEW, query=NearbyQuery, answer=list[NearShape]
    )
    def get(self, call: Call) -> Answer:
        asked = call.query(NearbyQuery)
        found = selectors.nearby(
            access=call.access,
            lat=asked.lat,
            lon=asked.lon,
            category=asked.category,
            text=asked.q,
            at=asked.occurred_at or clock(),
            limit=asked.limit,
            excluding=[asked.except_] if asked.except_ else [],
        )
        return answer([_near(one) for one in found])


def _near(near: selectors.Near) -> NearShape:
    likeness = near.likeness
    return NearShape(row_of(near.incident), likeness.score, likeness.distance_m, [str(one) for one in likeness.reasons])


class CategoriesView(View):
    @endpoint("The tree of categories", right=Open.SIGNED_IN, answer=CategoriesShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(CategoriesShape([_category(one) for one in selectors.categories()]))


def _category(one: Category) -> CategoryShape:
    return CategoryShape(
        key=one.key,
        parent=one.parent_id,
        label=one.label,
        label_fr=one.label_fr,
        label_en=one.label_en,
        priority=one.default_priority,
        organisation=one.organisation_id,
        first_response_minutes=one.first_response_minutes,
        resolution_minutes=one.resolution_minutes,
        public=one.public,
    )
