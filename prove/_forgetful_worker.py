"""Workers for the negative control of `prove outbox`: a new key for each attempt, and a failure is taken for a success."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import django

django.setup()

from notifications.channels import gateway  # noqa: E402  after Django is set up
from notifications.channels.parcels import Outcome, Parcel, sent  # noqa: E402
from ondijon.celery import app  # noqa: E402

__all__ = ["app"]
_send: Any = gateway.send


def forget(parcel: Parcel, client: Any) -> Outcome:
    outcome: Outcome = _send(replace(parcel, key=uuid4()), client)
    return sent() if outcome.said.startswith("503") else outcome


setattr(gateway, "send", forget)  # noqa: B010 - a fault
