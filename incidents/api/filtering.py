"""Saved filters (one's own), and the list as a spreadsheet."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from incidents import selectors
from incidents.api import bodies
from incidents.api import serializers as shapes
from incidents.api.filters import FilterQuery, check_query_string, filters_of
from incidents.models import SavedFilter
from incidents.permissions import Permission
from incidents.services import filtering
from journal.api.answers import answer, nothing
from journal.api.errors import Malformed
from journal.errors import Invalid
from journal.idempotency import Answer


class SavedFiltersView(View):
    @endpoint("My saved filters", right=Permission.VIEW, answer=shapes.FiltersShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        found = SavedFilter.objects.filter(person=call.by)
        return answer(shapes.FiltersShape([_shape(one) for one in found]))

    @endpoint("Save a filter", right=Permission.VIEW, body=bodies.FilterBody, answer=shapes.FilterShape, status=201)
    def post(self, call: Call) -> Answer:
        body = _checked(call.body(bodies.FilterBody))
        return _answer(filtering.save_filter(by=call.by, name=body.name, query=body.query), status=201)


class SavedFilterView(View):
    @endpoint("One of my saved filters", right=Permission.VIEW, answer=shapes.FilterShape)
    def get(self, call: Call, filter_id: UUID) -> Answer:
        return _answer(filtering.own_filter(filter_id=filter_id, by=call.by))

    @endpoint(
        "Change a saved filter",
        right=Permission.VIEW,
        body=bodies.FilterBody,
        answer=shapes.FilterShape,
        versioned=True,
    )
    def put(self, call: Call, filter_id: UUID) -> Answer:
        version, body = call.version, _checked(call.body(bodies.FilterBody))
        return _answer(
            filtering.change_filter(filter_id=filter_id, by=call.by, name=body.name, query=body.query, version=version)
        )

    @endpoint("Delete a saved filter", right=Permission.VIEW, status=204)
    def delete(self, call: Call, filter_id: UUID) -> Answer:
        filtering.delete_filter(filter_id=filter_id, by=call.by)
        return nothing()


def _checked(body: bodies.FilterBody) -> bodies.FilterBody:
    try:
        check_query_string(body.query)
    except Malformed as bad:
        raise Invalid(errors={"query": [bad.detail]}) from bad
    return body


def _shape(saved: SavedFilter) -> shapes.FilterShape:
    return shapes.FilterShape(saved.id, saved.name, saved.query)


def _answer(saved: SavedFilter, *, status: int = 200) -> Answer:
    return answer(_shape(saved), status=status, ETag=f'"{filtering.filter_version(saved)}"')


COLUMNS = {
    "reference": "reference",
    "status": "status",
    "priority": "priority",
    "category": "category_id",
    "title": "title",
    "address": "address",
    "commune": "commune_id",
    "organisation": "organisation__name",
    "assignee": "assignee__name",
    "source": "source",
    "lat": "lat",
    "lon": "lon",
    "occurred_at": "occurred_at",
    "declared_at": "declared_at",
    "acknowledged_at": "acknowledged_at",
    "resolved_at": "resolved_at",
    "closed_at": "closed_at",
    "reports": "reports_count",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 2_000


class ExportView(View):
    @endpoint("Incidents in sight as CSV", right=Permission.VIEW, query=FilterQuery, media="text/csv")
    def get(self, call: Call) -> HttpResponseBase:
        filters = filters_of(call.query(FilterQuery), call.access.person)
        found = selectors.visible(call.access).filter(selectors.matching(filters)).order_by(*selectors.ORDER)
        rows = found.values_list(*COLUMNS.values()).iterator(chunk_size=CHUNK)
        return StreamingHttpResponse(
            _lines(rows),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="incidents.csv"',
                "Cache-Control": "private, no-store",
            },
        )


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    """RFC 4180 lines; the byte order mark makes spreadsheets read UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: texts that would start one get an apostrophe before."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
