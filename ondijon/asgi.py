"""Sockets for an ASGI server (uvicorn in the local stack)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")
os.environ.setdefault("DB_POOL", "8")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
