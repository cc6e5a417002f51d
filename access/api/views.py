"""Oneself, colleagues to assign to, organisations, and the journal by polling."""

from typing import Any

import msgspec
from django.db.models import QuerySet

from access.api.base import Call, Open, View, endpoint
from access.api.serializers import (
    MeShape,
    NoQuery,
    OrganisationsShape,
    PeopleQuery,
    PeopleShape,
    PersonShape,
    me_of,
    organisation_of,
)
from access.models import Organisation, Person
from access.permissions import Permission
from journal.api.answers import answer
from journal.api.polling import PollQuery, poll
from journal.idempotency import Answer


class MeView(View):
    @endpoint("Who I am and what I may do", right=Open.SIGNED_IN, answer=MeShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(me_of(call.by, call.access))


class PeopleView(View):
    @endpoint("Humans of the post, by name", right=Permission.SEE_PEOPLE, query=PeopleQuery, answer=PeopleShape)
    def get(self, call: Call) -> Answer:
        asked = call.query(PeopleQuery)
        people: QuerySet[Person] = Person.objects.filter(is_active=True, kind=Person.Kind.HUMAN)
        if asked.q:
            people = people.filter(name__icontains=asked.q)
        if asked.organisation:
            people = people.filter(organisation_id=asked.organisation)
        rows = people.order_by("name", "id").values_list("id", "name", "organisation_id")[: asked.limit]
        return answer(PeopleShape([PersonShape(*row) for row in rows]))


class OrganisationsView(View):
    @endpoint("All organisations", right=Permission.SEE_PEOPLE, answer=OrganisationsShape)
    def get(self, call: Call) -> Answer:
        call.query(NoQuery)
        return answer(OrganisationsShape([organisation_of(one) for one in Organisation.objects.all()]))


class EntryShape(msgspec.Struct, frozen=True):
    """One line of the journal; `data` depends on `kind`."""

    seq: int
    at: str
    kind: str
    about: str | None
    by: str | None
    data: dict[str, Any]


class JournalPage(msgspec.Struct, frozen=True):
    """`reset`: the cursor is unknown or over 1,000 entries behind; load everything again."""

    entries: list[EntryShape]
    cursor: str
    reset: bool


class JournalView(View):
    @endpoint("What happened since a cursor", right=Permission.FOLLOW, query=PollQuery, answer=JournalPage)
    def get(self, call: Call) -> Answer:
        asked = call.query(PollQuery)
        return poll(audiences=call.access.audiences, after=asked.after, limit=asked.limit)
