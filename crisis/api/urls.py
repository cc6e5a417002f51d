from django.urls import path

from crisis.api import views, work

_CELL = "crisis/cells/<uuid:cell_id>/"

urlpatterns = [
    path("crisis/plans/", views.PlansView.as_view(), name="api-crisis-plans"),
    path(
        "crisis/suggestions/<uuid:suggestion_id>/set-aside/", views.SetAsideView.as_view(), name="api-crisis-set-aside"
    ),
    path("crisis/cells/", views.CellsView.as_view(), name="api-crisis-cells"),
    path(_CELL, views.CellView.as_view(), name="api-crisis-cell"),
    path(f"{_CELL}level/", views.LevelView.as_view(), name="api-crisis-level"),
    path(f"{_CELL}briefing/", views.BriefingView.as_view(), name="api-crisis-briefing"),
    path(f"{_CELL}lines/", work.LinesView.as_view(), name="api-crisis-lines"),
    path(f"{_CELL}corrections/", work.CorrectionsView.as_view(), name="api-crisis-corrections"),
    path(f"{_CELL}decisions/", work.DecisionsView.as_view(), name="api-crisis-decisions"),
    path(f"{_CELL}decisions/<uuid:decision_id>/check/", work.CheckView.as_view(), name="api-crisis-check"),
    path(f"{_CELL}actions/", work.ActionsView.as_view(), name="api-crisis-actions"),
    path(f"{_CELL}actions/<uuid:action_id>/", work.ActionView.as_view(), name="api-crisis-action"),
    path(f"{_CELL}cards/", work.CardsView.as_view(), name="api-crisis-cards"),
    path(f"{_CELL}members/", work.MembersView.as_view(), name="api-crisis-members"),
    path(f"{_CELL}members/<uuid:member_id>/remove/", work.RemoveView.as_view(), name="api-crisis-remove"),
    path(f"{_CELL}guests/", work.GuestsView.as_view(), name="api-crisis-guests"),
    path(f"{_CELL}answer/", work.AnswerView.as_view(), name="api-crisis-answer"),
    path(f"{_CELL}incidents/", work.IncidentsView.as_view(), name="api-crisis-incidents"),
]
