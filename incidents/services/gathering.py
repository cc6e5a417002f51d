"""Many more reports of incidents we know, at once: the same statements for one as for a thousand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import Access, access_of
from access.services import require
from incidents import events, workflow
from incidents.models import Incident, Report
from incidents.rows import row_of
from incidents.services.acting import refuse_personal
from incidents.services.declaring import field_errors, report_from
from incidents.services.surveying import Draft, Ground, survey
from incidents.workflow import Source
from journal.errors import Conflict, Invalid, NotFound, Problem
from journal.services import writing


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One more report of a known incident. `id` becomes the report's. No place given (degrees): the incident's."""

    incident: UUID
    id: UUID = msgspec.field(default_factory=uuid4)
    source: str = Source.OPERATOR.value
    description: str = ""
    address: str = ""
    occurred_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    reporter_email: str = ""
    external_id: str = ""

    def draft(self, incident: Incident | None) -> Draft:
        """As a draft, with what the incident already says. Without an incident it is only a placeholder."""
        told = msgspec.structs.asdict(self)
        del told["incident"]
        if self.lat is None or self.lon is None:
            told["lat"], told["lon"] = (incident.lat, incident.lon) if incident else (0.0, 0.0)
        return Draft(**told, category=incident.category_id if incident else "")


@dataclass(slots=True)
class _Pile:
    """What is under lock, and what was found."""

    by: Person
    access: Access
    incidents: dict[UUID, Incident]
    known: dict[UUID, Report]
    fresh: dict[UUID, tuple[Draft, Incident]] = field(default_factory=dict)


def add_reports(*, by: Person, accounts: Sequence[Account]) -> list[Incident | Problem]:
    """Attach each to its open incident: the incident as it is then, or the problem with that one (NotFound, NotAllowed,
    WrongState, Invalid, Conflict). A report id that the same person sent before for that incident is not added again."""
    if not accounts:
        return []
    with writing(by) as record:
        known = Report.objects.in_bulk({account.id for account in accounts})
        pile = _Pile(by, access_of(by), _lock({account.incident for account in accounts}), known)
        drafts = [account.draft(pile.incidents.get(account.incident)) for account in accounts]
        ground = survey(drafts)
        results = [
            _take(account, draft, commune, ground, pile)
            for account, draft, commune in zip(accounts, drafts, ground.communes, strict=True)
        ]
        _save(pile, ground)
        for draft, incident in pile.fresh.values():
            record(events.Reported(row=row_of(incident), report=draft.id, source=draft.source), about=incident)
    return results


def _lock(ids: Iterable[UUID]) -> dict[UUID, Incident]:
    # By id, as merging does, so that nobody waits in a circle.
    locked = Incident.objects.select_for_update(of=("self",)).select_related("category", "organisation", "assignee")
    return {incident.id: incident for incident in locked.filter(id__in=ids).order_by("id")}


def _take(account: Account, draft: Draft, commune: str | None, ground: Ground, pile: _Pile) -> Incident | Problem:
    """Put a good one on the pile; the incident, or what is wrong."""
    incident = pile.incidents.get(account.incident)
    if incident is None:
        return NotFound()
    try:
        require(pile.access, workflow.MOVES["report"].permission, incident)
        if not _is_new(account, incident, pile):
            return incident
        workflow.check(incident, "report")
        errors = field_errors(draft, ground, commune)
        errors.pop("category", None)  # the incident's own, which may be an old one
        if errors:
            return Invalid(errors=errors)
        refuse_personal(incident.title, [draft.reporter_name, draft.reporter_phone, draft.reporter_email], name="title")
    except Problem as problem:
        return problem
    pile.fresh[draft.id] = (draft, incident)
    return incident


def _is_new(account: Account, incident: Incident, pile: _Pile) -> bool:
    before = pile.known.get(account.id)
    twin = pile.fresh.get(account.id)
    if before is None and twin is None:
        return True
    mine = before is None or (before.entered_by_id == pile.by.id and before.first_incident_id == incident.id)
    if not mine or (twin is not None and twin[1] is not incident):
        raise Conflict(_("This id belongs to another report."))
    return False


def _save(pile: _Pile, ground: Ground) -> None:
    changed: dict[UUID, Incident] = {}
    for draft, incident in pile.fresh.values():
        incident.reports_count += 1
        incident.from_public = incident.from_public or draft.source == Source.CITIZEN
        changed[incident.id] = incident
    for incident in changed.values():
        incident.audiences = incident.compute_audiences()
        incident.version += 1
    Report.objects.bulk_create(
        [report_from(draft, incident, pile.by, ground.now) for draft, incident in pile.fresh.values()]
    )
    Incident.objects.bulk_update(changed.values(), ["reports_count", "from_public", "audiences", "version"])
