"""Where everything is. Each room brings its own addresses."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("health/", include("ondijon.health")),
    path("", include("ondijon.api.urls")),
    path("", include("access.urls")),
    path("admin/", admin.site.urls),
    path("", include("situation.urls")),
]

handler500 = "ondijon.api.views.fault"
