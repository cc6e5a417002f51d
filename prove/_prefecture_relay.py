"""The post's relay as a program that can be killed: `python -m prove._prefecture_relay`, beside a second one.

With SABOTAGE in its environment it believes that whatever left arrived.
"""

import os
import time

from django.db import OperationalError, connection
from django.db.models.functions import Now

import ondijon.wsgi  # noqa: F401  (sets Django up, so it comes first)
from prefecture.models import Message, State
from prefecture.services import relaying

PAUSE_SECONDS = 0.1


def careless(message: Message, why: str) -> None:
    Message.objects.filter(id=message.id).update(
        state=State.DELIVERED, due_at=None, leased_until=None, received_at=Now()
    )


if os.environ.get("SABOTAGE"):
    relaying.put_off = careless

while True:
    try:
        relaying.relay(alone=False)
    except OperationalError:
        connection.close()
    time.sleep(PAUSE_SECONDS)
