from django.urls import path

from situation import cell_views, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("crisis/", cell_views.hall, name="cells"),
    path("crisis/<uuid:cell_id>/", cell_views.room, name="cell"),
    path("replay/", cell_views.replay, name="replay"),
    path("wall/<slug:name>/", cell_views.wall, name="wall"),
]
