"""The page that shows what was sent, like telephones side by side, and lets one answer."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override

from notifications.channels.wire import Headers
from notifications.local_gateway.store import Owner, Store

FILES = {
    "/tokens.css": ("css/tokens.css", "text/css"),
    "/base.css": ("css/base.css", "text/css"),
    "/local-gateway.css": ("css/local-gateway.css", "text/css"),
    "/local-gateway.js": ("js/local-gateway.js", "text/javascript"),
    "/icon.svg": ("img/icon.svg", "image/svg+xml"),
}


def answer(
    url: SplitResult, store: Store, headers: Headers, directory: Mapping[str, Owner]
) -> tuple[str, bytes] | None:
    """Content type and body for an address of the page; None when there is nothing."""
    if url.path in FILES:
        name, kind = FILES[url.path]
        return f"{kind}; charset=utf-8", Path(str(finders.find(name))).read_bytes()
    if url.path not in ("/", "/threads"):
        return None
    language = _language(url, headers)
    template = "notifications/local_gateway.html" if url.path == "/" else "notifications/local_gateway_threads.html"
    threads = [(to, directory.get(to), items) for to, items in store.threads()]
    with override(language):
        page = render_to_string(template, {"threads": threads, "language": language})
    return "text/html; charset=utf-8", page.encode()


def _language(url: SplitResult, headers: Headers) -> str:
    from django.http import HttpRequest

    asked = parse_qs(url.query).get("language", [""])[0]
    if asked in ("fr", "en"):
        return asked
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get("Accept-Language", "")
    return get_language_from_request(request)
