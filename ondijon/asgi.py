"""Sockets for an ASGI server (uvicorn with `--ws websockets-sansio` in the local stack)."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")
os.environ.setdefault("DB_POOL", "8")

import django

django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter

from live.routing import urlpatterns
from ondijon.live_status import status

# What was loaded so far stays for good: looking through it for garbage again and again stops the stream for 100 ms.
gc.collect()
gc.freeze()

application = ProtocolTypeRouter({"http": status, "websocket": URLRouter(urlpatterns)})
