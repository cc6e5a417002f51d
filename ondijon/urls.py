"""Where everything is. Each room brings its own addresses."""

from django.urls import include, path

urlpatterns = [
    path("health/", include("ondijon.health")),
]
