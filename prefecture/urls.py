from django.urls import path

from prefecture import views
from prefecture.api import cod

urlpatterns = [
    path("cod/v1/messages", cod.MessagesView.as_view(), name="cod-messages"),
    path("cod/v1/state", cod.StateView.as_view(), name="cod-state"),
    path("cap/", views.feed, name="cap-feed"),
    path("cap/<int:alert_id>.xml", views.alert, name="cap-alert"),
    path("prefecture/", views.page, name="prefecture"),
    path("prefecture/pane/<uuid:crisis>/", views.pane, name="prefecture-pane"),
]
