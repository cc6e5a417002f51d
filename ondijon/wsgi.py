"""Pages and API for a WSGI server (granian in the local stack)."""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

# What only pages need; the API checks its own CSRF token (access.api.who). A fifth of a list's time.
PAGES_ONLY = {
    "ondijon.static_files.compress_static",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
}


def handler_of_the_api() -> WSGIHandler:
    """Django's own handler with the middleware that an answer in JSON needs."""
    whole = settings.MIDDLEWARE
    settings.MIDDLEWARE = [name for name in whole if name not in PAGES_ONLY]
    try:
        return WSGIHandler()
    finally:
        settings.MIDDLEWARE = whole


pages = get_wsgi_application()
api = handler_of_the_api()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    chosen = api if environ.get("PATH_INFO", "").startswith("/api/v1/") else pages
    return chosen(environ, start_response)
