"""The relay of webhooks: claim some rows for half a minute, send them outside any transaction, note what came of it.

Whatever dies, the lease runs out and another worker takes over; the message's id stays, so receivers see it once.
"""

import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from interventions import signing
from interventions.models import Delivery, Webhook

log = structlog.get_logger(__name__)
BATCH = 20
LEASE = timedelta(seconds=60)
TIMEOUT_SECONDS = 10.0
FAILURE_LIMIT = 300
# After each failure the next try waits so long; after the last the message is dead. About three days in all.
DELAYS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 24 * 3600, 24 * 3600)
)
KEPT_FOR = timedelta(days=30)


class Unreachable(Exception):
    """An address to which nothing may be sent, or that nobody knows."""


def relay(*, limit: int = BATCH) -> int:
    """Send what is due, at most `limit`; returns how many were tried."""
    claimed = claim(limit)
    for delivery in claimed:
        note(delivery, *attempt(delivery))
    return len(claimed)


def claim(limit: int) -> Sequence[Delivery]:
    """Rows that are due, leased to this caller: nobody else takes them meanwhile."""
    free = Q(leased_until=None) | Q(leased_until__lt=Now())
    due = Delivery.objects.filter(free, delivered_at=None, dead_at=None, next_at__lte=Now(), webhook__active=True)
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_at")
        ids = list(locked.values_list("id", flat=True)[:limit])
        Delivery.objects.filter(id__in=ids).update(leased_until=Now() + LEASE, attempts=F("attempts") + 1)
    return list(Delivery.objects.filter(id__in=ids).select_related("webhook").order_by("made_at"))


def attempt(delivery: Delivery) -> tuple[int, str]:
    """Send once: (HTTP status, why it failed). 0 when nobody answered."""
    body = delivery.body.encode()
    at = int(datetime.now(UTC).timestamp())
    headers = signing.headers(secret=delivery.webhook.secret, id_=str(delivery.id), at=at, body=body)
    try:
        status = post(delivery.webhook.url, body, {**headers, "Content-Type": "application/json"})
    except (httpx.HTTPError, Unreachable, OSError) as error:
        return 0, f"{type(error).__name__}: {error}"[:FAILURE_LIMIT]
    return status, "" if 200 <= status < 300 else f"HTTP {status}"


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """POST to the address that the name had when it was checked, without redirects; the answer's status. Raises
    httpx.HTTPError, Unreachable."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = allowed_address(host, port)
    bracketed = f"[{address}]" if ":" in address else address
    pinned = urlunsplit(parts._replace(netloc=f"{bracketed}:{port}"))
    extensions: dict[str, Any] = {"sni_hostname": host} if parts.scheme == "https" else {}
    with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
        request = client.build_request("POST", pinned, content=body, headers={**headers, "Host": parts.netloc})
        request.extensions = {**request.extensions, **extensions}
        answer = client.send(request, stream=True)  # nobody reads what they say
        answer.close()
        return answer.status_code


def allowed_address(host: str, port: int) -> str:
    """The first address of this name, when all of them may be called: our own network is nobody's to reach by naming
    it in a webhook. Raises Unreachable."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable("the name is not known") from error
    if not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES and not all(ip_address(one).is_global for one in found):
        raise Unreachable("the address is not a public one")
    return found[0]


def note(delivery: Delivery, status: int, failure: str) -> None:
    """What came of a try. 410 Gone stops the webhook, as the specification says."""
    row = Delivery.objects.filter(id=delivery.id, delivered_at=None)
    if not failure:
        row.update(delivered_at=Now(), leased_until=None, failure="")
        return
    log.warning("a webhook did not take its message", webhook=str(delivery.webhook_id), failure=failure)
    if delivery.attempts > len(DELAYS) or status == 410:
        row.update(dead_at=Now(), leased_until=None, failure=failure)
    else:
        row.update(next_at=Now() + DELAYS[delivery.attempts - 1], leased_until=None, failure=failure)
    if status == 410:
        Webhook.objects.filter(id=delivery.webhook_id).update(active=False, stopped_at=Now(), version=F("version") + 1)


def forget_old() -> int:
    """Drop what was delivered more than 30 days ago; dead letters stay. Returns how many."""
    return Delivery.objects.filter(delivered_at__lt=Now() - KEPT_FOR).delete()[0]
