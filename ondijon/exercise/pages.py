"""Every page of an exercise says so: a striped banner, a watermark, and the word before its title.

Done to the finished answer, outside of every view: no template, library or error page can leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from journal.exercise import WORD

_BODY = re.compile(rb"<body\b[^>]*>")


def mark_pages(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware of the exercise world; the outermost."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # what is compressed cannot be written on
        response = get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            response.content = marked_page(response.content, request)
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response

    return respond


def marked_page(page: bytes, request: HttpRequest) -> bytes:
    """The page with its marks. A piece of a page (no <body>) stays as it is: it goes into a page that is marked."""
    body = _BODY.search(page)
    if body is None:
        return page
    head = render_to_string("exercise/head.html").encode()
    banner = render_to_string("exercise/banner.html", _context(request)).encode()
    page = page[: body.end()] + banner + page[body.end() :]
    page = page.replace(b"</head>", head + b"</head>", 1)
    return re.sub(rb"(<title>\s*)", rb"\1[%s] " % WORD.encode(), page, count=1)


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"word": WORD, "request": request}
