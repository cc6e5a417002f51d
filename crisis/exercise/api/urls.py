from django.urls import path

from crisis.exercise.api import views

_ONE = "exercises/<uuid:exercise_id>/"
urlpatterns = [
    path("exercises/", views.ExercisesView.as_view(), name="api-exercises"),
    path(_ONE, views.ExerciseView.as_view(), name="api-exercise"),
    path(f"{_ONE}evaluation/", views.EvaluationView.as_view(), name="api-exercise-evaluation"),
    *(path(f"{_ONE}{act.name}/", views.view_of(act).as_view(), name=f"api-exercise-{act.name}") for act in views.ACTS),
    *(
        path(f"{_ONE}injects/<uuid:inject_id>/{act.name}/", views.view_of(act).as_view(), name=f"api-inject-{act.name}")
        for act in views.INJECT_ACTS
    ),
]
