"""The list's query string: what it may hold, and the opaque cursor."""

from typing import Annotated
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from msgspec import Meta

from incidents.api.bodies import Instant, Key, Priority, Source, Status, Strict
from incidents.selectors import Filters, Place
from journal.api.errors import Malformed
from journal.api.pages import CursorText, PageSize, cursor_parts, cursor_text
from journal.api.parsing import read_query

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

    cursor: CursorText = ""
    limit: PageSize = 50


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
    return None if place is None else cursor_text(place.declared_at, place.id)


def place_of(cursor: str) -> Place | None:
    """The place that a cursor says. Raises Malformed when we did not make it."""
    return Place(*cursor_parts(cursor)) if cursor else None
