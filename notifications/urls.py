from django.urls import path

from notifications import drill_views, gateway_views, on_call_views, rota_views, views

urlpatterns = [
    path("notifications/", views.mine, name="notifications"),
    path("m/<str:token>/", views.one_time, name="one_time_link"),
    path("push-worker.js", views.push_worker, name="push_worker"),
    path("on-call/", on_call_views.board, name="on_call"),
    path("on-call/drills/", drill_views.drills, name="on_call_drills"),
    path("on-call/drills/<uuid:drill_id>/", drill_views.drill, name="on_call_drill"),
    path("on-call/calendar/<str:token>.ics", on_call_views.calendar, name="on_call_calendar"),
    path("on-call/<slug:key>/", rota_views.rota, name="on_call_rota"),
    path("gateway/receipts/", gateway_views.receipts, name="gateway_receipts"),
    path("gateway/replies/", gateway_views.replies, name="gateway_replies"),
]
