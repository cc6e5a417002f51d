"""Pages and API for a WSGI server (granian in the local stack)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
