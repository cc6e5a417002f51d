"""Every address that machines use says which right it asks for; what does not cannot be built."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from access import registry
from access.api.base import METHODS, Call, Endpoint, Open, View, endpoint
from access.roles import Role
from journal.api.errors import nothing_here
from prove._table import ROUTES
from prove.matrix import walk

MACHINES = ("api/", "open311/", "cod/")

# Written by others' standards, which know no Idempotency-Key; sent twice they do nothing twice.
FOREIGN = frozenset({"open311/v2/requests.<str:format>", "api/v1/positions/owntracks/", "api/v1/positions/traccar/"})
# Addresses that only add, so that there is nothing to overwrite.
ADDED = (
    "<uuid:message_id>/acknowledge/", "<uuid:message_id>/read/", "actions/", "again/", "answer/", "attachments/",
    "cards/", "cells/", "check-in/", "cod/v1/messages", "colours/", "comments/", "corrections/", "crews/",
    "decisions/", "drafts/", "drills/", "entry/", "extracts/", "field/", "field/consent/", "files/", "guests/",
    "handovers/", "incidents/", "interventions/", "lines/", "loans/", "material/", "members/", "messages/", "note/",
    "offers/", "overrides/", "patterns/", "photos/", "plans/", "positions/", "prefecture/alerts/",
    "prefecture/messages/", "procedures/", "proposals/", "push-subscriptions/", "read/", "reply/", "reports/",
    "requests/", "saved-filters/", "seen/", "send-again/", "send/", "series/", "series/<uuid:series_id>/end/",
    "set-aside/", "shifts/", "stop/", "swaps/", "take/", "tick/", "ticks/", "unwatch/", "v1/on-call/", "watch/",
    "webhooks/", "zones/",
)  # fmt: skip


def routes(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address with what answers it."""
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, where)
        elif isinstance(pattern, URLPattern):
            yield where, pattern.callback


ALL = [(where, callback) for where, callback in routes(get_resolver().url_patterns) if where.startswith(MACHINES)]
SEEN = {where: callback.cls for where, callback in ALL if callback is not nothing_here}


def test_there_are_routes() -> None:
    assert len(SEEN) > 40


@pytest.mark.parametrize("where", SEEN)
def test_each_method_of_each_route_declares_its_right(where: str) -> None:
    view = SEEN[where]
    assert issubclass(view, View), f"{where} is answered by {view}, which does not ask for rights"
    methods = {name.upper() for name in METHODS if hasattr(view, name)}
    assert methods == set(view.endpoints)
    assert methods
    carried = {permission for role in Role for permission in registry.carried(role)}
    for method, asked in view.endpoints.items():
        assert isinstance(asked, Endpoint)
        assert isinstance(asked.right, Open) or str(asked.right) in carried, (
            f"{method} {where}: nobody holds {asked.right}"
        )


def test_only_these_are_open_to_anybody() -> None:
    """Written out by hand: another one must be wanted here too."""
    anybody = {
        (method, where)
        for where, view in SEEN.items()
        for method, asked in view.endpoints.items()
        if asked.right is Open.ANYBODY
    }
    public = {where for where in SEEN if where.startswith("open311/")}
    assert anybody == {("GET", "api/schema/"), ("GET", "api/docs/"), *(("GET", where) for where in public)}


def test_only_these_are_open_to_whoever_is_signed_in() -> None:
    anyone = {
        where for where, view in SEEN.items() for asked in view.endpoints.values() if asked.right is Open.SIGNED_IN
    }
    assert anyone == {f"api/v1/{name}/" for name in ("me", "communes", "places", "categories", "skills")}


def test_every_write_takes_a_key_and_every_update_a_version() -> None:
    """Except the standard's own, which clients make idempotent by a header of theirs."""
    for where, view in SEEN.items():
        for method, asked in view.endpoints.items():
            if method == "GET":
                continue
            assert asked.keyed or where in FOREIGN
            if method != "DELETE" and where not in FOREIGN:
                assert asked.versioned or where.endswith(ADDED), f"{method} {where} overwrites without If-Match"


def test_what_declares_no_right_cannot_be_built() -> None:
    with pytest.raises(TypeError, match="declares no right for POST"):

        class Careless(View):
            @endpoint("Fine", right=Open.SIGNED_IN)
            def get(self, call: Call) -> Any: ...

            def post(self, call: Call) -> Any: ...


def test_the_table_of_prove_matrix_names_every_address_and_no_other() -> None:
    assert {route for route, _pattern in walk(get_resolver().url_patterns)} == set(ROUTES)
