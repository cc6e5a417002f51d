from django.urls import path

from interventions import field_page, reporting, views

urlpatterns = [
    path("interventions/", views.board, name="interventions"),
    path("reports/interventions/", reporting.page, name="reports-interventions"),
    path("field/", field_page.field, name="field"),
    path("field/sw.js", field_page.service_worker, name="field-worker"),
    path("field/manifest.webmanifest", field_page.manifest, name="field-manifest"),
]
