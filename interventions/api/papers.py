"""The figures as JSON and as a workbook; an intervention's papers as PDF."""

from collections.abc import Callable
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from access.api.base import Call, View, endpoint
from incidents.services.handling import clock
from interventions import selectors
from interventions.figures import figures
from interventions.models import Intervention
from interventions.papers import completion_report, mission_order
from interventions.permissions import Permission
from interventions.reporting import FiguresQuery, interventions_behind, labelled
from interventions.spreadsheet import workbook
from journal.api.answers import answer
from journal.idempotency import Answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FiguresShape(msgspec.Struct, frozen=True):
    """Minutes; shares between 0 and 1; null where there is nothing to measure."""

    key: str
    asked: int
    done: int
    response_p50: float | None
    response_p90: float | None
    repair_p50: float | None
    repair_p90: float | None
    in_time: int
    late: int
    fixed_at_once: int
    minutes_spent: int
    in_time_share: float | None
    first_time_fix: float | None


class GroupsShape(msgspec.Struct, frozen=True):
    """`all` has one line; `branch` are top-level categories, `day` local dates."""

    all: list[FiguresShape]
    commune: list[FiguresShape]
    branch: list[FiguresShape]
    organisation: list[FiguresShape]
    day: list[FiguresShape]


class FiguresView(View):
    @endpoint(
        "Response, repair, first-time fix and load",
        right=Permission.SEE_FIGURES,
        query=FiguresQuery,
        answer=GroupsShape,
    )
    def get(self, call: Call) -> Answer:
        found = figures(access=call.access, asked=call.query(FiguresQuery).asked(clock()))
        names = FiguresShape.__struct_fields__
        shaped = {
            key: [FiguresShape(*(getattr(one, name) for name in names)) for one in of] for key, of in found.items()
        }
        return answer(GroupsShape(**shaped))


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


class WorkbookView(View):
    @endpoint("The same as a workbook", right=Permission.SEE_FIGURES, query=FiguresQuery, media=XLSX)
    def get(self, call: Call) -> HttpResponseBase:
        asked = call.query(FiguresQuery).asked(clock())
        groups = labelled(figures(access=call.access, asked=asked))
        return _file(workbook(groups, interventions_behind(call.access, asked)), XLSX, "interventions.xlsx")


def _paper(summary: str, name: str, make: Callable[[Intervention], bytes]) -> type[View]:
    @endpoint(summary, right=Permission.VIEW, media="application/pdf")
    def get(self: View, call: Call, intervention_id: UUID) -> HttpResponseBase:
        one = selectors.get(intervention_id=intervention_id, access=call.access)
        return _file(make(one), "application/pdf", f"{one.reference}-{name}.pdf")

    return type(f"{name.title()}View", (View,), {"get": get, "__module__": __name__})


MissionOrderView = _paper("Mission order on paper", "mission", mission_order)
CompletionReportView = _paper("Completion report on paper", "report", completion_report)
