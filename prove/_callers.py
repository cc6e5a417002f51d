"""Somebody who calls the post over HTTP: machines with a bearer token (people with a session: prove._screens)."""

from __future__ import annotations

from collections.abc import Iterable

import httpx

from access import keys
from access.machines import machine
from access.roles import Role
from journal.services import writing

SCOPES = ("incidents.read", "incidents.write", "reports.write")


def bearer(
    url: str,
    login: str,
    *,
    role: Role = Role.INTERVENTION_COORDINATOR,
    organisation: str = "dijon-metropole",
    scopes: Iterable[str] = SCOPES,
) -> dict[str, str]:
    """Make a machine with a duty and an OAuth client, ask `url` for a token: the headers to send with each call."""
    with writing(None):
        person = machine(login=login, name=login, organisation=organisation, role=role)
        client, secret = keys.create_client(person=person, name=login, scopes=scopes, by=None)
    form = {"grant_type": "client_credentials"}
    answer = httpx.post(f"{url}/oauth/token/", data=form, auth=(client.client_id, secret), timeout=20)
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
