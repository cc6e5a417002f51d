"""Static files. In production names carry a hash of the content, imports inside our own modules included, and the
files lie there compressed; elsewhere they are compressed on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Strict for our own files: a reference to a missing one stops `manage.py up`. Libraries mention files in their
    comments that they do not ship; those mentions stay as they are."""

    support_js_module_import_aggregation = True
    # Without the last pattern, import("…"): we load nothing that way, but types in comments are written so, in circles.
    _js_module_import_aggregation_patterns = (
        "*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1][:3],
    )
    max_post_process_passes = 20  # one for each level of imports

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if (Path(settings.BASE_DIR) / "static" / name.split("/")[0]).is_dir():
                raise
            return name


def compress_static(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a page stays under 300 kB transferred in the demo as well. Only static files, which hold no secret."""
    compressed = GZipMiddleware(get_response)

    def respond(request: HttpRequest) -> HttpResponseBase:
        wanted = request.path.startswith(settings.STATIC_URL)
        return compressed(request) if wanted else get_response(request)  # type: ignore[return-value]

    return respond
