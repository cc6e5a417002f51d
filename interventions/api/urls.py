from django.urls import path

from interventions.api import acts, choosing, field, means, papers, photos, plans, positions, series, views, webhooks

_ONE = "interventions/<uuid:intervention_id>/"
_CREW = "crews/<uuid:crew_id>/"
urlpatterns = [
    path("interventions/", views.InterventionsView.as_view(), name="api-interventions"),
    path("interventions/counts/", views.CountsView.as_view(), name="api-intervention-counts"),
    path("positions/", positions.PositionsView.as_view(), name="api-positions"),
    path("positions/owntracks/", positions.OwnTracksView.as_view(), name="api-positions-owntracks"),
    path("positions/traccar/", positions.TraccarView.as_view(), name="api-positions-traccar"),
    path("webhooks/", webhooks.WebhooksView.as_view(), name="api-webhooks"),
    path("webhooks/<uuid:webhook_id>/", webhooks.WebhookView.as_view(), name="api-webhook"),
    path("webhooks/<uuid:webhook_id>/deliveries/", webhooks.DeliveriesView.as_view(), name="api-webhook-deliveries"),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/send-again/",
        webhooks.SendAgainView.as_view(),
        name="api-webhook-send-again",
    ),
    path("field/", field.FieldView.as_view(), name="api-field"),
    path("field/photos/", field.FieldPhotosView.as_view(), name="api-field-photos"),
    path("field/consent/", field.ConsentView.as_view(), name="api-field-consent"),
    path("skills/", views.SkillsView.as_view(), name="api-skills"),
    path("figures/interventions/", papers.FiguresView.as_view(), name="api-figures-interventions"),
    path("figures/interventions.xlsx", papers.WorkbookView.as_view(), name="api-figures-interventions-xlsx"),
    path(f"{_ONE}mission-order.pdf", papers.MissionOrderView.as_view(), name="api-intervention-order"),
    path(f"{_ONE}completion-report.pdf", papers.CompletionReportView.as_view(), name="api-intervention-report"),
    path(_ONE, views.InterventionView.as_view(), name="api-intervention"),
    path(f"{_ONE}photos/", photos.PhotosView.as_view(), name="api-intervention-photos"),
    *(path(f"{_ONE}{name}/", view.as_view(), name=f"api-intervention-{name}") for name, view in acts.VIEWS.items()),
    path(f"{_ONE}proposals/", choosing.ProposalsView.as_view(), name="api-intervention-proposals"),
    path("series/", series.SeriesView.as_view(), name="api-series"),
    path("series/<uuid:series_id>/end/", series.SeriesEndView.as_view(), name="api-series-end"),
    path("plans/", plans.PlansView.as_view(), name="api-plans"),
    path("plans/<uuid:plan_id>/", plans.PlanView.as_view(), name="api-plan"),
    path("plans/<uuid:plan_id>/stop/", plans.PlanStopView.as_view(), name="api-plan-stop"),
    path("plans/<uuid:plan_id>/apply/", plans.PlanApplyView.as_view(), name="api-plan-apply"),
    path("cover/", choosing.CoverView.as_view(), name="api-cover"),
    path("crews/", means.CrewsView.as_view(), name="api-crews"),
    path(_CREW, means.CrewView.as_view(), name="api-crew"),
    path(f"{_CREW}edit/", means.CrewEditView.as_view(), name="api-crew-edit"),
    path(f"{_CREW}shifts/", means.CrewShiftsView.as_view(), name="api-crew-shifts"),
    path(f"{_CREW}patterns/", means.CrewPatternsView.as_view(), name="api-crew-patterns"),
    path("shifts/<uuid:shift_id>/", means.ShiftView.as_view(), name="api-shift"),
    path("patterns/<uuid:pattern_id>/", means.PatternView.as_view(), name="api-pattern"),
    path("photos/<uuid:photo_id>/", photos.PhotoView.as_view(), name="api-intervention-photo"),
]
