"""Answers as bytes, so that they can be stored under their Idempotency-Key as they are."""

from typing import Any

import msgspec
from django.http import HttpResponse

from journal.idempotency import Answer

_ENCODER = msgspec.json.Encoder()


def answer(value: Any, *, status: int = 200, **headers: str) -> Answer:
    """`value` (structs, dicts, lists) as JSON; header names with `_` for `-`."""
    return Answer(status, _ENCODER.encode(value), {name.replace("_", "-"): text for name, text in headers.items()})


def nothing() -> Answer:
    return Answer(204, b"", {})


def send(made: Answer) -> HttpResponse:
    response = HttpResponse(made.body, status=made.status, content_type="application/json")
    if made.status == 204:
        del response["Content-Type"]
    response["Cache-Control"] = "private, no-store"
    for name, text in made.headers.items():
        response[name] = text
    return response
