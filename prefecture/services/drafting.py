"""The threshold assistant: when facts meet a criterion, a prefilled report waits for a person; nothing leaves by itself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import access_of
from access.services import require
from crisis.models import Cell, SensitiveSite, ZoneVersion
from crisis.papers import ZoneRow
from incidents.models import Incident
from incidents.workflow import OPEN, Sensitivity
from journal.errors import Invalid, NotFound, Stale, WrongState
from journal.services import Record, writing
from notifications import timers
from notifications.models import Timer
from prefecture import events
from prefecture.models import Criterion, Draft, Message
from prefecture.permissions import Permission
from prefecture.rows import draft_row
from prefecture.services.describing import event
from prefecture.services.sending import clock, send
from prefecture.wire.kinds import IncidentReport, Kind, SituationReport
from territory.geometry import distance_m
from territory.wording import fold

REASON_LIMIT = 500


def consider(*, incident_id: UUID, record: Record) -> None:
    """Hold an incident against every criterion; those that ask for time are looked at again when it has passed."""
    incident = _candidate(incident_id)
    if incident is None:
        return
    now = clock()
    for criterion in Criterion.objects.filter(active=True, fact__in=["incident", "site"]):
        if not matches(criterion, incident):
            continue
        due = incident.occurred_at + timedelta(minutes=criterion.after_minutes)
        if due <= now:
            propose(criterion, about=incident.id, record=record, **_report_on(incident))
        else:
            key = f"prefecture:{criterion.key}:{incident.id}"
            timers.start(kind="prefecture.threshold", key=key, due_at=due, about=incident.id)


@timers.on("prefecture.threshold")
def look_again(timer: Timer) -> None:
    if timer.about is not None:
        with writing(None) as record:
            consider(incident_id=timer.about, record=record)


def _candidate(incident_id: UUID) -> Incident | None:
    """A restricted incident is never drafted: who may know of it is named by people."""
    open_ = Incident.objects.filter(id=incident_id, status__in=OPEN, sensitivity=Sensitivity.NORMAL)
    return open_.select_related("category", "commune").first()


def matches(criterion: Criterion, incident: Incident) -> bool:
    """Category (a branch holds its leaves), priority and words of a criterion; what it does not say is not asked."""
    key = incident.category_id
    inside = any(key == one or key.startswith(f"{one}.") for one in criterion.categories)
    if criterion.categories and not inside:
        return False
    if criterion.priorities and incident.priority not in criterion.priorities:
        return False
    if criterion.fact == "site" and not _near_a_plant(incident, criterion.over):
        return False
    said = f" {fold(f'{incident.title} {incident.address}')} "
    return not criterion.words or any(f" {fold(word)} " in said for word in criterion.words)


def _near_a_plant(incident: Incident, metres: int) -> bool:
    """Whether a classified installation lies within so many metres."""
    plants = SensitiveSite.objects.filter(kind=SensitiveSite.Kind.INDUSTRY, active=True).values_list("lat", "lon")
    return any(distance_m((incident.lat, incident.lon), plant) <= metres for plant in plants)


def consider_zone(*, cell_id: UUID, zone: ZoneRow, record: Record) -> None:
    """Hold a zone to evacuate against the criteria on people."""
    cell = Cell.objects.filter(id=cell_id).first()
    if cell is None or zone.kind != ZoneVersion.Kind.EVACUATION or zone.inside is None or zone.removed:
        return
    people = zone.inside.people
    for criterion in Criterion.objects.filter(active=True, fact="evacuated", over__lt=people.estimate):
        text = f"{zone.label} : environ {people.estimate} personnes à évacuer (entre {people.low} et {people.high})."
        propose(
            criterion, about=cell.id, record=record, title=cell.title, text=text, kind=Kind.SITUATION_REPORT,
            audiences=list(cell.audiences), crisis=cell.id,
        )  # fmt: skip


def _report_on(incident: Incident) -> dict[str, Any]:
    name = incident.title or incident.category.label_fr
    where = ", ".join(part for part in (incident.address, incident.commune.name) if part)
    return {
        "title": f"{name} ({incident.commune.name})"[:200],
        "text": f"{incident.category.label_fr}, {where}. {incident.priority}.",
        "kind": Kind.INCIDENT_REPORT,
        "audiences": [one for one in incident.audiences if one != "public"],
    }


def propose(
    criterion: Criterion, *, about: UUID, record: Record, title: str, text: str, kind: Kind, audiences: list[str],
    crisis: UUID | None = None,
) -> Draft | None:  # fmt: skip
    """Put a draft before those who decide, once for each criterion and thing; None when it was there already."""
    draft = Draft(
        criterion=criterion, kind=kind, about=about, title=title, text=text, audiences=sorted(audiences),
        made_at=clock(), **({"crisis": crisis} if crisis else {}),
    )  # fmt: skip
    if Draft.objects.filter(criterion=criterion, about=about).exists():
        return None
    draft.save(force_insert=True)
    record(events.Drafted(row=draft_row(draft)), about=draft)
    return draft


def approve(*, draft_id: UUID, by: Person, title: str, text: str, version: int | None = None) -> Message:
    """Send a draft with these words. Raises NotFound, NotAllowed, Stale, WrongState, Invalid."""
    with writing(by) as record:
        draft = _waiting(draft_id, by, version)
        if not title.strip() or len(title) > 200:
            raise Invalid(errors={"title": [_("Between 1 and 200 characters.")]})
        draft.title, draft.text = title.strip(), text.strip()
        message = send(
            kind=draft.kind, payload=_payload(draft), by=by, crisis=_crisis(draft), about=draft.about,
            audiences=draft.audiences,
        )  # fmt: skip
        draft.message = message
        _decide(draft, Draft.Status.APPROVED, by, record)
    return message


def dismiss(*, draft_id: UUID, by: Person, reason: str, version: int | None = None) -> Draft:
    """Not worth a report; `reason` stands in the record. Raises NotFound, NotAllowed, Stale, WrongState, Invalid."""
    with writing(by) as record:
        draft = _waiting(draft_id, by, version)
        if not reason.strip() or len(reason) > REASON_LIMIT:
            raise Invalid(errors={"reason": [_("Say why in a few words.")]})
        draft.reason = reason.strip()
        _decide(draft, Draft.Status.DISMISSED, by, record)
    return draft


def _waiting(draft_id: UUID, by: Person, version: int | None) -> Draft:
    draft = Draft.objects.select_for_update().filter(id=draft_id).first()
    if draft is None:
        raise NotFound
    require(access_of(by), Permission.DECIDE, draft)
    if version is not None and draft.version != version:
        raise Stale(current=draft_row(draft))
    if draft.status != Draft.Status.WAITING:
        raise WrongState(_("This draft was decided on already."))
    return draft


def _decide(draft: Draft, status: Draft.Status, by: Person, record: Record) -> None:
    draft.status, draft.decided_at, draft.decided_by = status, clock(), by
    draft.version += 1
    draft.save()
    record(events.DraftDecided(row=draft_row(draft), reason=draft.reason), about=draft)


def _crisis(draft: Draft) -> UUID | None:
    return draft.crisis if draft.crisis.int else None


def _payload(draft: Draft) -> IncidentReport | SituationReport:
    if draft.kind == Kind.SITUATION_REPORT:
        told = Message.objects.filter(direction="out", crisis=draft.crisis, kind=Kind.SITUATION_REPORT).count()
        return SituationReport(number=told + 1, title=draft.title, text=draft.text or draft.title)
    incident = Incident.objects.select_related("category", "commune").filter(id=draft.about).first()
    if incident is None:
        raise NotFound
    return IncidentReport(
        reference=incident.reference, title=draft.title, text=draft.text, emsi=event(incident, note=draft.text)
    )
