from django.urls import path

from interventions import views

urlpatterns = [
    path("field/", views.field, name="field"),
    path("field/sw.js", views.service_worker, name="field-worker"),
    path("field/manifest.webmanifest", views.manifest, name="field-manifest"),
]
