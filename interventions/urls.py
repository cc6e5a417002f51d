from django.urls import path

from interventions import reporting, views

urlpatterns = [
    path("reports/interventions/", reporting.page, name="reports-interventions"),
    path("field/", views.field, name="field"),
    path("field/sw.js", views.service_worker, name="field-worker"),
    path("field/manifest.webmanifest", views.manifest, name="field-manifest"),
]
