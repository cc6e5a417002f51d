from django.urls import path

from crisis.api import means, papers, record, views, work

_CELL = "crisis/cells/<uuid:cell_id>/"
_REPORT = f"{_CELL}reports/<uuid:report_id>/"
_MESSAGE = f"{_CELL}messages/<uuid:message_id>/"

urlpatterns = [
    path("crisis/plans/", views.PlansView.as_view(), name="api-crisis-plans"),
    path("crisis/plans/<slug:key>/", views.PlanView.as_view(), name="api-crisis-plan"),
    path("crisis/offers/<uuid:transfer_id>/reply/", means.OfferAnswerView.as_view(), name="api-crisis-offer-reply"),
    path(
        "crisis/suggestions/<uuid:suggestion_id>/set-aside/", views.SetAsideView.as_view(), name="api-crisis-set-aside"
    ),
    path("crisis/proposals/", views.ProposalsView.as_view(), name="api-crisis-proposals"),
    path("crisis/colours/", views.ColoursView.as_view(), name="api-crisis-colours"),
    path("crisis/cells/", views.CellsView.as_view(), name="api-crisis-cells"),
    path(_CELL, views.CellView.as_view(), name="api-crisis-cell"),
    path(f"{_CELL}level/", views.LevelView.as_view(), name="api-crisis-level"),
    path(f"{_CELL}briefing/", views.BriefingView.as_view(), name="api-crisis-briefing"),
    path(f"{_CELL}lines/", work.LinesView.as_view(), name="api-crisis-lines"),
    path(f"{_CELL}corrections/", work.CorrectionsView.as_view(), name="api-crisis-corrections"),
    path(f"{_CELL}decisions/", work.DecisionsView.as_view(), name="api-crisis-decisions"),
    path(f"{_CELL}decisions/<uuid:decision_id>/check/", work.CheckView.as_view(), name="api-crisis-check"),
    path(f"{_CELL}actions/", work.ActionsView.as_view(), name="api-crisis-actions"),
    path(f"{_CELL}actions/<uuid:action_id>/", work.ActionView.as_view(), name="api-crisis-action"),
    path(f"{_CELL}cards/", work.CardsView.as_view(), name="api-crisis-cards"),
    path(f"{_CELL}members/", work.MembersView.as_view(), name="api-crisis-members"),
    path(f"{_CELL}members/<uuid:member_id>/remove/", work.RemoveView.as_view(), name="api-crisis-remove"),
    path(f"{_CELL}guests/", work.GuestsView.as_view(), name="api-crisis-guests"),
    path(f"{_CELL}answer/", work.AnswerView.as_view(), name="api-crisis-answer"),
    path(f"{_CELL}incidents/", work.IncidentsView.as_view(), name="api-crisis-incidents"),
    path(f"{_CELL}entry/", record.EntryView.as_view(), name="api-crisis-entry"),
    path(f"{_CELL}offers/", means.OffersView.as_view(), name="api-crisis-offers"),
    path(f"{_CELL}loans/", means.LoansView.as_view(), name="api-crisis-loans"),
    path(f"{_CELL}loans/<uuid:loan_id>/return/", means.ReturnView.as_view(), name="api-crisis-return"),
    path(f"{_CELL}requests/", means.RequestsView.as_view(), name="api-crisis-requests"),
    path(f"{_CELL}requests/<uuid:request_id>/outcome/", means.RequestAnswerView.as_view(), name="api-crisis-request"),
    path(f"{_CELL}close/", means.CloseView.as_view(), name="api-crisis-close"),
    path(f"{_CELL}zones/", papers.ZonesView.as_view(), name="api-crisis-zones"),
    path(f"{_CELL}zones/<uuid:zone_id>/", papers.ZoneView.as_view(), name="api-crisis-zone"),
    path(f"{_CELL}reports/", papers.ReportsView.as_view(), name="api-crisis-reports"),
    path(f"{_REPORT}sections/<slug:key>/", papers.SectionView.as_view(), name="api-crisis-section"),
    path(f"{_REPORT}approve/", papers.ApproveReportView.as_view(), name="api-crisis-report-approve"),
    path(f"{_REPORT}send/", papers.SendReportView.as_view(), name="api-crisis-report-send"),
    path(f"{_REPORT}report.pdf", papers.ReportFileView.as_view(), name="api-crisis-report-pdf"),
    path(f"{_CELL}messages/", papers.MessagesView.as_view(), name="api-crisis-messages"),
    path(f"{_MESSAGE}", papers.MessageView.as_view(), name="api-crisis-message"),
    path(f"{_MESSAGE}approve/", papers.ApproveMessageView.as_view(), name="api-crisis-message-approve"),
    path(f"{_MESSAGE}withdraw/", papers.WithdrawMessageView.as_view(), name="api-crisis-message-withdraw"),
    path(f"{_CELL}files/", record.FilesView.as_view(), name="api-crisis-files"),
    path(f"{_CELL}files/<uuid:file_id>/", record.FileView.as_view(), name="api-crisis-file"),
    path(f"{_CELL}news/", record.NewsView.as_view(), name="api-crisis-news"),
    path(f"{_CELL}seen/", record.SeenView.as_view(), name="api-crisis-seen"),
    path(f"{_CELL}extracts/", record.ExtractsView.as_view(), name="api-crisis-extracts"),
    *(
        path(
            f"{_CELL}extracts/<uuid:extract_id>/extract.{form}",
            record.ExtractView.as_view(),
            {"form": form},
            name=f"api-crisis-extract-{form}",
        )
        for form in ("jsonl", "pdf", "zip")
    ),
    path(f"{_CELL}replay/", record.ReplayView.as_view(), name="api-crisis-replay"),
    path(f"{_CELL}replay/marks/", record.MarksView.as_view(), name="api-crisis-marks"),
]
