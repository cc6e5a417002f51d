"""The list's query string: what it may hold, and the opaque cursor."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _
from msgspec import Meta

from incidents.api.bodies import Instant, Key, Priority, Source, Status, Strict
from incidents.selectors import Filters, Place
from journal.api.errors import Malformed
from journal.api.parsing import read_query

CURSOR_LIMIT = 200
Insee = Annotated[str, Meta(pattern="^[0-9AB]{5}$")]


class FilterQuery(Strict, frozen=True, kw_only=True):
    """How a list is narrowed. Lists take commas; times are ISO 8601 with zone; `bbox` west,south,east,north."""

    status: tuple[Status, ...] = ()
    priority: tuple[Priority, ...] = ()
    category: tuple[Key, ...] = ()
    commune: tuple[Insee, ...] = ()
    organisation: tuple[UUID, ...] = ()
    assignee: Annotated[str, Meta(pattern="^(me|[0-9a-fA-F-]{36})$")] | None = None
    source: tuple[Source, ...] = ()
    watched: bool = False
    q: Annotated[str, Meta(max_length=200, pattern=r"^[^\u0000]*$")] = ""
    bbox: tuple[float, float, float, float] | None = None
    since: Instant | None = None
    until: Instant | None = None
    open: bool = False
    late: bool = False


class ListQuery(FilterQuery, frozen=True, kw_only=True):
    """The filters, and which page."""

    cursor: Annotated[str, Meta(max_length=CURSOR_LIMIT)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


def filters_of(asked: FilterQuery, me: UUID | None) -> Filters:
    """As the selectors want them; `me` stands for `assignee=me` and `watched=1`. Raises Malformed."""
    plain = {
        name: getattr(asked, name)
        for name in (
            *("status", "priority", "category", "commune", "organisation", "source"),
            *("q", "bbox", "since", "until", "open", "late"),
        )
    }
    return Filters(**plain, assignee=_assignee(asked.assignee, me), watched_by=me if asked.watched else None)


def _assignee(text: str | None, me: UUID | None) -> UUID | None:
    if text is None:
        return None
    try:
        return me if text == "me" else UUID(text)
    except ValueError as error:
        raise Malformed(errors={"assignee": [_("Neither `me` nor a person's id.")]}) from error


def check_query_string(query: str) -> None:
    """Raise Malformed when a saved filter would not be understood by the list."""
    filters_of(read_query(QueryDict(query.lstrip("?")), FilterQuery), None)


def cursor_of(place: Place | None) -> str | None:
    """Where the next page starts, as text that means nothing to the client."""
    if place is None:
        return None
    return urlsafe_b64encode(f"{place.declared_at.isoformat()},{place.id}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place | None:
    """The place that a cursor says. Raises Malformed when we did not make it."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, id_ = urlsafe_b64decode(padded.encode("ascii")).decode("ascii").split(",")
        return Place(msgspec.convert(at, Instant), UUID(id_))
    except (ValueError, binascii.Error) as error:
        raise Malformed(errors={"cursor": [_("Not a cursor of this list.")]}) from error
