from django.urls import path

from interventions import reporting

urlpatterns = [path("reports/interventions/", reporting.page, name="reports-interventions")]
