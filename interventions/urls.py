from django.urls import path

from interventions import reporting, views

urlpatterns = [
    path("interventions/", views.board, name="interventions"),
    path("reports/interventions/", reporting.page, name="reports-interventions"),
]
