from django.urls import path

from territory.api import views

urlpatterns = [
    path("communes/", views.CommunesView.as_view(), name="api-communes"),
    path("places/", views.PlacesView.as_view(), name="api-places"),
]
