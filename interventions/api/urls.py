from django.urls import path

from interventions.api import acts, photos, positions, views

_ONE = "interventions/<uuid:intervention_id>/"
urlpatterns = [
    path("interventions/", views.InterventionsView.as_view(), name="api-interventions"),
    path("interventions/counts/", views.CountsView.as_view(), name="api-intervention-counts"),
    path("positions/", positions.PositionsView.as_view(), name="api-positions"),
    path("positions/owntracks/", positions.OwnTracksView.as_view(), name="api-positions-owntracks"),
    path("positions/traccar/", positions.TraccarView.as_view(), name="api-positions-traccar"),
    path("skills/", views.SkillsView.as_view(), name="api-skills"),
    path(_ONE, views.InterventionView.as_view(), name="api-intervention"),
    path(f"{_ONE}photos/", photos.PhotosView.as_view(), name="api-intervention-photos"),
    *(path(f"{_ONE}{name}/", view.as_view(), name=f"api-intervention-{name}") for name, view in acts.VIEWS.items()),
    path("photos/<uuid:photo_id>/", photos.PhotoView.as_view(), name="api-intervention-photo"),
]
