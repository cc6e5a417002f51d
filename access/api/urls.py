from django.urls import path

from access.api import views

urlpatterns = [
    path("me/", views.MeView.as_view(), name="api-me"),
    path("people/", views.PeopleView.as_view(), name="api-people"),
    path("organisations/", views.OrganisationsView.as_view(), name="api-organisations"),
    path("journal/", views.JournalView.as_view(), name="api-journal"),
]
