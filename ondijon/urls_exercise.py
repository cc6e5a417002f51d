"""Where everything is in an exercise: the post's own addresses, and the facilitator's. A real post has none of these."""

from django.urls import include, path

from ondijon import urls

urlpatterns = [path("", include("crisis.exercise.urls")), *urls.urlpatterns]
handler500 = urls.handler500
