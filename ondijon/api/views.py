"""The API's own description, and a page to read and try it."""

from functools import cache
from threading import Lock
from typing import Any, cast

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.defaults import server_error
from drf_spectacular.generators import SchemaGenerator

from access.api.base import Call, Open, View, endpoint
from journal.api.errors import Fault, respond

MEDIA_TYPE = "application/vnd.oai.openapi+json"


_making = Lock()


def document(language: str | None) -> bytes:
    """OpenAPI 3.1 as JSON. It depends on the code alone, so it is made once per language."""
    with _making:  # the generator keeps state of its own: two first readers at once would fail
        return _document(language)


@cache
def _document(language: str | None) -> bytes:
    made: dict[str, Any] = cast("Any", SchemaGenerator)().get_schema(request=None, public=True)
    return msgspec.json.encode(made)


def fault(request: HttpRequest) -> HttpResponse:
    """Django's answer to a fault of ours, as a problem document where machines ask (`handler500`)."""
    if request.path.startswith(("/api/", "/open311/", "/cod/")):
        return respond(Fault())
    return server_error(request)


class SchemaView(View):
    schema = cast("Any", None)  # it does not describe itself

    @endpoint("OpenAPI 3.1", right=Open.ANYBODY)
    def get(self, call: Call) -> HttpResponseBase:
        return HttpResponse(
            document(get_language()),
            content_type=MEDIA_TYPE,
            headers={"Cache-Control": "public, max-age=300", "Content-Disposition": 'inline; filename="openapi.json"'},
        )


class DocsView(View):
    """Swagger UI from our own server; the script is a file of ours, so the strict policy holds."""

    schema = cast("Any", None)

    @endpoint("The API as a page", right=Open.ANYBODY, media="text/html")
    def get(self, call: Call) -> HttpResponseBase:
        base = "drf_spectacular_sidecar/swagger-ui-dist"
        names = {"css": "swagger-ui.css", "bundle": "swagger-ui-bundle.js", "icon": "favicon-32x32.png"}
        context = {name: static(f"{base}/{file}") for name, file in names.items()}
        context |= {"address": reverse("api-schema"), "title": settings.SPECTACULAR_SETTINGS["TITLE"]}
        return HttpResponse(render_to_string("api/docs.html", context, request=call.request))
