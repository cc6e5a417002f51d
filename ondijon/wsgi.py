"""Pages and API for a WSGI server (granian in the local stack)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")
os.environ.setdefault("DB_POOL", os.environ.get("WEB_THREADS", "8"))

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
