"""Calling the API as somebody, as a client would."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from access.models import Person

ROOT = "/api/v1"


class Api:
    """`get("/incidents/")`, `post("/incidents/", {...})`: status, headers and JSON of the answer."""

    def __init__(self, person: Person | None) -> None:
        self.client = Client()
        if person is not None:
            self.client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("POST", path, body, **more)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: UUID | str | None = "",
        version: int | str | None = None,
        media: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> Any:
        """`key`: "" for a fresh one, None for none; bytes are sent as they are."""
        named = dict(headers or {})
        if key is not None:
            named["Idempotency-Key"] = str(key or uuid4())
        if version is not None:
            named["If-Match"] = f'"{version}"' if isinstance(version, int) else version
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        return self.client.generic(method, ROOT + path, content, content_type=media, headers=named)


def problem(response: Any, status: int, slug: str) -> Any:
    """The problem document, checked to be one."""
    assert response.status_code == status, (response.status_code, response.content)
    assert response["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["type"] == f"/problems/{slug}", document
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document
