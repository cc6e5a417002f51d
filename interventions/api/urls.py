from django.urls import path

from interventions.api import acts, choosing, means, photos, views

_ONE = "interventions/<uuid:intervention_id>/"
_CREW = "crews/<uuid:crew_id>/"
urlpatterns = [
    path("interventions/", views.InterventionsView.as_view(), name="api-interventions"),
    path("interventions/counts/", views.CountsView.as_view(), name="api-intervention-counts"),
    path("skills/", views.SkillsView.as_view(), name="api-skills"),
    path(_ONE, views.InterventionView.as_view(), name="api-intervention"),
    path(f"{_ONE}photos/", photos.PhotosView.as_view(), name="api-intervention-photos"),
    *(path(f"{_ONE}{name}/", view.as_view(), name=f"api-intervention-{name}") for name, view in acts.VIEWS.items()),
    path(f"{_ONE}proposals/", choosing.ProposalsView.as_view(), name="api-intervention-proposals"),
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
