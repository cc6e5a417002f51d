"""The map, reports and messages to the public."""

from uuid import UUID

import msgspec
from django.http.response import HttpResponseBase

from access.api.base import Call, View, endpoint
from access.api.serializers import NoQuery
from crisis import papers as rows
from crisis import selectors, services
from crisis.api import bodies
from crisis.api import paper_bodies as papers
from crisis.api import serializers as shapes
from crisis.permissions import Permission
from incidents.api.files import serve
from journal.api.answers import answer
from journal.idempotency import Answer


class ZonesView(View):
    @endpoint("Every version of every zone", right=Permission.VIEW, answer=shapes.ZonesShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        call.query(NoQuery)
        cell = selectors.get(cell_id=cell_id, access=call.access)
        return answer(shapes.ZonesShape([rows.zone_row(one) for one in selectors.zone_versions(cell)]))

    @endpoint("Draw a zone", right=Permission.LOG, body=papers.DrawBody, answer=rows.ZoneRow, status=201)
    def post(self, call: Call, cell_id: UUID) -> Answer:
        drawn = services.draw(cell_id=cell_id, by=call.by, drawing=call.body(papers.DrawBody).drawing())
        return answer(rows.zone_row(drawn), status=201, ETag=f'"{drawn.number}"')


class ZoneView(View):
    @endpoint("Draw a zone anew", right=Permission.LOG, body=papers.DrawBody, answer=rows.ZoneRow, versioned=True)
    def put(self, call: Call, cell_id: UUID, zone_id: UUID) -> Answer:
        version, drawing = call.version, call.body(papers.DrawBody).drawing()
        drawn = services.redraw(cell_id=cell_id, by=call.by, zone_id=zone_id, drawing=drawing, version=version)
        return answer(rows.zone_row(drawn), ETag=f'"{drawn.number}"')

    @endpoint("Take a zone off the map", right=Permission.LOG, answer=rows.ZoneRow, versioned=True)
    def delete(self, call: Call, cell_id: UUID, zone_id: UUID) -> Answer:
        drawn = services.erase(cell_id=cell_id, by=call.by, zone_id=zone_id, version=call.version)
        return answer(rows.zone_row(drawn))


class ReportsView(View):
    @endpoint("Reports, oldest first", right=Permission.VIEW, answer=shapes.ReportsShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        call.query(NoQuery)
        cell = selectors.get(cell_id=cell_id, access=call.access)
        return answer(shapes.ReportsShape([rows.report_row(one) for one in selectors.reports(cell)]))

    @endpoint(
        "Draft a report from the record",
        right=Permission.LOG,
        body=papers.ReportBody,
        answer=rows.ReportRow,
        status=201,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        report = services.draft_report(cell_id=cell_id, by=call.by, kind=call.body(papers.ReportBody).kind)
        return answer(rows.report_row(report), status=201, ETag=f'"{report.version}"')


class SectionView(View):
    @endpoint(
        "Write a section anew", right=Permission.LOG, body=papers.SectionBody, answer=rows.SectionRow, versioned=True
    )
    def put(self, call: Call, cell_id: UUID, report_id: UUID, key: str) -> Answer:
        version, text = call.version, call.body(papers.SectionBody).text
        section = services.edit_section(
            cell_id=cell_id, by=call.by, report_id=report_id, key=key, text=text, version=version
        )
        return answer(rows.section_row(section), ETag=f'"{section.version}"')


class ApproveReportView(View):
    @endpoint(
        "Approve a report in my name",
        right=Permission.APPROVE,
        body=bodies.NothingBody,
        answer=rows.ReportRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID, report_id: UUID) -> Answer:
        version = call.version
        call.body(bodies.NothingBody)
        report = services.approve_report(cell_id=cell_id, by=call.by, report_id=report_id, version=version)
        return answer(rows.report_row(report), ETag=f'"{report.version}"')


class SendReportView(View):
    @endpoint(
        "Send an approved report to the prefecture",
        right=Permission.APPROVE,
        body=bodies.NothingBody,
        answer=rows.ReportRow,
    )
    def post(self, call: Call, cell_id: UUID, report_id: UUID) -> Answer:
        call.body(bodies.NothingBody)
        return answer(rows.report_row(services.send_report(cell_id=cell_id, by=call.by, report_id=report_id)))


class ReportFileView(View):
    @endpoint("An approved report as PDF", right=Permission.VIEW, media="application/pdf")
    def get(self, call: Call, cell_id: UUID, report_id: UUID) -> HttpResponseBase:
        report = selectors.printed_report(cell_id=cell_id, report_id=report_id, access=call.access)
        name = f"{report.cell.reference}-{report.number:02d}.pdf"
        return serve(call, report.stored_as, name=name, media_type="application/pdf", digest=report.sha256)


class MessagesView(View):
    @endpoint("Messages to the public", right=Permission.VIEW, answer=shapes.MessagesShape)
    def get(self, call: Call, cell_id: UUID) -> Answer:
        call.query(NoQuery)
        cell = selectors.get(cell_id=cell_id, access=call.access)
        return answer(shapes.MessagesShape([rows.message_row(one) for one in selectors.messages(cell)]))

    @endpoint(
        "Draft a message to the public",
        right=Permission.LOG,
        body=papers.MessageBody,
        answer=rows.MessageRow,
        status=201,
    )
    def post(self, call: Call, cell_id: UUID) -> Answer:
        words = msgspec.structs.asdict(call.body(papers.MessageBody))
        message = services.draft_message(cell_id=cell_id, by=call.by, **words)
        return answer(rows.message_row(message), status=201, ETag=f'"{message.version}"')


class MessageView(View):
    @endpoint(
        "Write a draft anew", right=Permission.LOG, body=papers.MessageBody, answer=rows.MessageRow, versioned=True
    )
    def put(self, call: Call, cell_id: UUID, message_id: UUID) -> Answer:
        version, words = call.version, msgspec.structs.asdict(call.body(papers.MessageBody))
        message = services.edit_message(cell_id=cell_id, by=call.by, message_id=message_id, version=version, **words)
        return answer(rows.message_row(message), ETag=f'"{message.version}"')


class ApproveMessageView(View):
    @endpoint(
        "Approve a message in my name",
        right=Permission.APPROVE,
        body=bodies.NothingBody,
        answer=rows.MessageRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID, message_id: UUID) -> Answer:
        version = call.version
        call.body(bodies.NothingBody)
        message = services.approve_message(cell_id=cell_id, by=call.by, message_id=message_id, version=version)
        return answer(rows.message_row(message), ETag=f'"{message.version}"')


class WithdrawMessageView(View):
    @endpoint(
        "An approved message no longer holds",
        right=Permission.APPROVE,
        body=bodies.NothingBody,
        answer=rows.MessageRow,
        versioned=True,
    )
    def post(self, call: Call, cell_id: UUID, message_id: UUID) -> Answer:
        version = call.version
        call.body(bodies.NothingBody)
        message = services.withdraw_message(cell_id=cell_id, by=call.by, message_id=message_id, version=version)
        return answer(rows.message_row(message), ETag=f'"{message.version}"')
