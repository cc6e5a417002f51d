from django.urls import path

from notifications.api import alarms

urlpatterns = [path("alarms/", alarms.AlarmsView.as_view(), name="api-alarms")]
