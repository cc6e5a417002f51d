from django.urls import path

from incidents.open311 import views

urlpatterns = [
    path("discovery.<str:format>", views.DiscoveryView.as_view(), name="open311-discovery"),
    path("services.<str:format>", views.ServicesView.as_view(), name="open311-services"),
    path("services/<str:code>.<str:format>", views.ServiceView.as_view(), name="open311-service"),
    path("requests.<str:format>", views.RequestsView.as_view(), name="open311-requests"),
    path("requests/<str:reference>.<str:format>", views.RequestView.as_view(), name="open311-request"),
    path("tokens/<str:token>.<str:format>", views.TokenView.as_view(), name="open311-token"),
    path("", views.NothingHereView.as_view(), name="open311-root"),
    path("<path:rest>", views.NothingHereView.as_view(), name="open311-nothing-here"),
]
