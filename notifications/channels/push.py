"""Notifications in the browser, through the browser makers' push services. Only those hosts are ever spoken to."""

import json
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from django.conf import settings

from notifications.channels.parcels import Browser, Outcome, Parcel, failed, later, sent
from notifications.channels.webpush import b64, encrypt, vapid

GONE = {404, 410}
KEPT_SECONDS = 3600  # by the push service, for a browser that is not there
LONGEST_WORDS = 600  # characters


def is_known(endpoint: str) -> bool:
    """Whether an address is a push service's: https, and its host is one of PUSH_HOSTS or lies under one."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_TEST_ORIGINS:
        return True
    under = any(host == known or host.endswith(f".{known}") for known in settings.PUSH_HOSTS)
    return parts.scheme == "https" and under and port in (None, 443) and "@" not in parts.netloc


def send(parcel: Parcel, client: httpx.Client) -> Outcome:
    """Notify each browser of somebody; sent when one push service has taken it."""
    if not parcel.browsers:
        return failed("no_browser")
    words = {"title": parcel.subject, "body": parcel.body[:LONGEST_WORDS], "url": parcel.link}
    text = json.dumps({**words, "tag": str(parcel.message), "vital": parcel.urgency == "vital"}).encode()
    outcomes = {browser.id: _send(browser, parcel, text, client) for browser in parcel.browsers}
    gone = tuple(id_ for id_, outcome in outcomes.items() if outcome.why == "gone")
    if any(outcome.state == "sent" for outcome in outcomes.values()):
        return sent(gone=gone)
    waiting = next((outcome for outcome in outcomes.values() if outcome.state == "later"), None)
    return waiting or failed("refused", next(iter(outcomes.values())).said, gone=gone)


def _send(browser: Browser, parcel: Parcel, text: bytes, client: httpx.Client) -> Outcome:
    if not is_known(browser.endpoint):
        return failed("gone", "not a push service")
    try:
        body = encrypt(text, public=browser.public, auth=browser.auth)
        answer = client.post(browser.endpoint, content=body, headers=_headers(browser, parcel.key, parcel.urgency))
    except ValueError as error:
        return failed("gone", error)
    except httpx.HTTPError as error:
        return later("provider_down", error)
    said = f"{answer.status_code} {answer.text[:150]}"
    if answer.is_success:
        return sent()
    if answer.status_code in GONE:
        return failed("gone", said)
    return (
        later("provider_down", said)
        if answer.status_code >= 500 or answer.status_code == 429
        else failed("refused", said)
    )


def _headers(browser: Browser, key: UUID, urgency: str) -> dict[str, str]:
    """`Topic`: a second one of the same key takes the place of the first (RFC 8030)."""
    return {
        "Authorization": vapid(browser.endpoint, subject=settings.PUSH_CONTACT),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_SECONDS),
        "Topic": b64(key.bytes),
        "Urgency": "normal" if urgency == "normal" else "high",
    }
