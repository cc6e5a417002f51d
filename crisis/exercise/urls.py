from django.urls import include, path

from crisis.exercise import views

urlpatterns = [
    path("api/v1/", include("crisis.exercise.api.urls")),
    path("exercise/", views.exercises, name="exercises"),
    path("exercise/<uuid:exercise_id>/", views.exercise, name="exercise"),
    path("exercise/<uuid:exercise_id>/evaluation/", views.evaluation, name="exercise-evaluation"),
]
