from django.urls import path

from situation import views

urlpatterns = [path("", views.desk, name="desk")]
