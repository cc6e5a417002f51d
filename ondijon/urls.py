"""Where everything is. Each room brings its own addresses."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("health/", include("ondijon.health")),
    path("", include("ondijon.api.urls")),
    path("", include("access.urls")),
    path("admin/", admin.site.urls),
    path("", include("prefecture.urls")),
    path("", include("crisis.urls")),
    path("", include("interventions.urls")),
    path("", include("incidents.urls")),
    path("", include("notifications.urls")),
    path("", include("situation.urls")),
]

handler500 = "ondijon.api.views.fault"
