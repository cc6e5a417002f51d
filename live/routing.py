from django.urls import path, re_path

from live import consumers

urlpatterns = [
    path("ws/live/", consumers.follow),  # type: ignore[arg-type]  # Channels routes ASGI applications
    re_path("", consumers.refuse),  # type: ignore[arg-type]  # likewise
]
