"""More about an incident we know: further reports, comments, people who follow it, and forgetting a reporter."""

from uuid import UUID

from django.utils.translation import gettext as _

from access.models import Person
from access.selectors import access_of
from access.services import require
from incidents import events
from incidents.models import Comment, Incident, Report, Watch
from incidents.permissions import Permission
from incidents.rows import row_of
from incidents.services.acting import acting, clock, lock, refuse_personal
from incidents.services.declaring import field_errors, report_from
from incidents.services.surveying import Draft, survey
from incidents.workflow import Source
from journal.errors import Conflict, Invalid, NotFound
from journal.services import Record, writing

COMMENT_LIMIT = 4000


def add_report(*, incident_id: UUID, by: Person, draft: Draft) -> Incident:
    """Attach one more account to an open incident. The same report id twice makes one report. The draft's category and
    title are not used. Raises NotAllowed, NotFound, WrongState, Invalid, Conflict."""
    with acting("report", incident_id=incident_id, by=by) as change:
        incident = change.incident
        before = Report.objects.filter(id=draft.id).first()
        if before is not None:
            if before.entered_by_id == by.id and before.first_incident_id == incident.id:
                return incident
            raise Conflict(_("This id belongs to another report."))
        ground = survey([draft])
        errors = field_errors(draft, ground, ground.communes[0])
        if errors:
            raise Invalid(errors=errors)
        refuse_personal(incident.title, [draft.reporter_name, draft.reporter_phone, draft.reporter_email], name="title")
        report_from(draft, incident, by, ground.now).save(force_insert=True)
        incident.reports_count += 1
        incident.from_public = incident.from_public or draft.source == Source.CITIZEN
        return change.done(events.Reported, report=draft.id, source=draft.source)


def comment(*, incident_id: UUID, by: Person, text: str, kind: str = "internal") -> Comment:
    """Say something among ourselves (`internal`) or to the reporters. The record keeps that it was said, not the words."""
    with acting("comment", incident_id=incident_id, by=by) as change:
        text = text.strip()
        if not text or len(text) > COMMENT_LIMIT or "\x00" in text:
            raise Invalid(
                errors={"text": [_("Write something, up to %(limit)d characters.") % {"limit": COMMENT_LIMIT}]}
            )
        if kind not in Comment.Kind.values:
            raise Invalid(errors={"kind": [_("Not one of the possible values.")]})
        made = Comment(incident=change.incident, by=by, text=text, kind=kind, at=clock())
        made.save(force_insert=True)
        change.done(events.Commented, comment=made.id, to=kind)
    return made


def watch(*, incident_id: UUID, by: Person, wanted: bool = True) -> Incident:
    """Follow an incident, or stop. It says nothing about the incident, so it is not in the journal."""
    with writing(by):
        access = access_of(by)
        incident = Incident.objects.filter(id=incident_id).first()
        if incident is None:
            raise NotFound
        require(access, Permission.WATCH, incident)
        if wanted:
            Watch.objects.get_or_create(incident=incident, person=by)
        else:
            Watch.objects.filter(incident=incident, person=by).delete()
    return incident


def erase_reporter(*, report_id: UUID, by: Person) -> Report:
    """Forget who reported and their words (GDPR art. 17); the incident and the fact of a report stay."""
    with writing(by) as record:
        found = Report.objects.filter(id=report_id).values_list("incident_id", flat=True).first()
        if found is None:
            raise NotFound
        incident = lock(found)
        require(access_of(by), Permission.ERASE_REPORTER, incident)
        report = Report.objects.select_for_update().get(id=report_id)
        if report.erased_at is None:
            report.incident = incident
            forget(report, record)
    return report


def forget(report: Report, record: Record) -> None:
    """Empty a locked report of everything personal, and record that it was done."""
    report.reporter_name = report.reporter_phone = report.reporter_email = report.description = ""
    report.erased_at = clock()
    report.save(force_update=True)
    record(events.ReporterErased(row=row_of(report.incident), report=report.id), about=report.incident)
