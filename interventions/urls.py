from django.urls import path

from interventions import views

urlpatterns = [path("interventions/", views.board, name="interventions")]
