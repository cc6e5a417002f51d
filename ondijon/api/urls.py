"""Every address that machines use."""

from django.urls import include, path

from journal.api.errors import nothing_here
from ondijon.api import views

urlpatterns = [
    path("api/schema/", views.SchemaView.as_view(), name="api-schema"),
    path("api/docs/", views.DocsView.as_view(), name="api-docs"),
    path("api/v1/", include("access.api.urls")),
    path("api/v1/", include("territory.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
    path("api/v1/", include("incidents.api.urls")),
    path("api/v1/", include("interventions.api.urls")),
    path("api/v1/", include("crisis.api.urls")),
    path("api/v1/", include("prefecture.api.urls")),
    path("open311/v2/", include("incidents.open311.urls")),
    path("api/", nothing_here),
    path("api/<path:rest>", nothing_here),
]
