from django.urls import path

from incidents import views

urlpatterns = [path("handover/", views.handover, name="handover")]
