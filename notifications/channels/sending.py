"""One parcel by its channel. A provider that fails again and again is left alone for a moment."""

import time
from threading import Lock

import httpx

from notifications.channels import gateway, mail, push
from notifications.channels.parcels import Outcome, Parcel, later, not_tried
from notifications.models import Channel

TIMEOUT_SECONDS = 5.0
FAILURES, PAUSE_SECONDS = 5, 3.0


class Breaker:
    """After five failures in a row, three seconds without trying; then one may try."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.failures = 0
        self.next_at = 0.0

    def lets_through(self) -> bool:
        with self.lock:
            if self.failures < FAILURES:
                return True
            if time.monotonic() < self.next_at:
                return False
            self.next_at = time.monotonic() + PAUSE_SECONDS
            return True

    def saw(self, outcome: Outcome) -> None:
        with self.lock:
            self.failures = self.failures + 1 if outcome.state == "later" else 0
            if self.failures >= FAILURES:
                self.next_at = time.monotonic() + PAUSE_SECONDS


_BREAKERS: dict[str, Breaker] = {channel: Breaker() for channel in Channel}


def client() -> httpx.Client:
    """For the parcels of one sweep: no redirects, nothing from the environment, short timeouts."""
    return httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)


def send(parcel: Parcel, http: httpx.Client) -> Outcome:
    """Never raises: an error of ours is one more reason to try again."""
    breaker = _BREAKERS[parcel.channel]
    if not breaker.lets_through():
        return not_tried("provider_down")
    try:
        outcome = _send(parcel, http)
    except Exception as error:
        outcome = later("our_fault", f"{type(error).__name__}: {error}")
    breaker.saw(outcome)
    return outcome


def _send(parcel: Parcel, http: httpx.Client) -> Outcome:
    if parcel.channel == Channel.PUSH:
        return push.send(parcel, http)
    if parcel.channel == Channel.EMAIL:
        return mail.send(parcel, TIMEOUT_SECONDS)
    return gateway.send(parcel, http)
