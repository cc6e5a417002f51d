"""Everything that hangs on one incident, for somebody who may see it: as many queries as kinds of things."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from access.models import Person
from access.selectors import Access
from incidents import selectors
from incidents.models import Attachment, Comment, Incident, Report, Watch
from incidents.permissions import Permission
from incidents.services.restricting import named_people
from incidents.workflow import Sensitivity
from journal.errors import NotFound
from journal.models import Entry
from journal.selectors import history

HISTORY = 500  # latest entries; the journal itself has all of them


@dataclass(frozen=True, slots=True)
class Detail:
    incident: Incident
    reports: list[Report]
    sees_reporters: bool
    comments: list[Comment]
    attachments: list[Attachment]
    merged: list[tuple[UUID, str]]
    named: list[Person]
    watching: bool
    allowed: list[str]
    history: list[Entry]
    names: dict[UUID, str]


def detail(*, incident_id: UUID, access: Access) -> Detail:
    """Raises NotFound, also when it is out of sight. Reporters' details are the caller's to leave out."""
    incident = selectors.get(incident_id=incident_id, access=access)
    entries = list(history(about=incident.id, audiences=access.audiences).reverse()[:HISTORY])[::-1]
    restricted = incident.sensitivity == Sensitivity.RESTRICTED
    return Detail(
        incident=incident,
        reports=list(incident.reports.select_related("entered_by")),
        sees_reporters=access.allows(Permission.SEE_REPORTERS, incident.audiences),
        comments=list(incident.comments.select_related("by")),
        attachments=list(incident.attachments.select_related("by")),
        merged=list(_merged(incident, access).values_list("id", "reference")),
        named=named_people(incident) if restricted else [],
        watching=access.person is not None
        and Watch.objects.filter(incident=incident, person_id=access.person).exists(),
        allowed=selectors.allowed(access=access, incident=incident),
        history=entries,
        names=names_of(entry.by for entry in entries),
    )


def _merged(incident: Incident, access: Access) -> QuerySet[Incident]:
    return selectors.visible(access).filter(merged_into=incident).order_by("reference")


def names_of(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """People's names by id: one query."""
    return dict(Person.objects.filter(id__in={one for one in ids if one}).values_list("id", "name"))


def attachment(*, attachment_id: UUID, access: Access) -> Attachment:
    """A file of an incident in sight. Raises NotFound."""
    found = Attachment.objects.select_related("incident").filter(id=attachment_id).first()
    if found is None:
        raise NotFound
    selectors.get(incident_id=found.incident_id, access=access)
    return found
