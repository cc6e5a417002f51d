"""The outbox, swept: claim under a lease, send outside any transaction, write what came of it."""

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from zlib import crc32

from django.db import connection

from notifications.channels import sending
from notifications.services.claiming import claim
from notifications.services.recording import follow_up, record_outcome

AT_ONCE = 8  # parcels sent at the same time
ENOUGH_SECONDS = 4.0  # then the next sweep goes on
_LOCK = 0x0D11


def sweep() -> int:
    """Send what is due, the most urgent first; returns how many parcels were tried. At most one sweep runs under one
    worker, so that a slow provider never keeps both of its hands from the timers."""
    with _only_one() as free:
        if not free:
            return 0
        follow_up()
        return _send_all()


def _send_all() -> int:
    done, began = 0, time.monotonic()
    parcels = claim(AT_ONCE)
    if not parcels:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool, sending.client() as http:
        while parcels:
            going = {pool.submit(sending.send, parcel, http): parcel for parcel in parcels}
            for finished in as_completed(going):
                record_outcome(delivery_id=going[finished].key, outcome=finished.result())
            done += len(parcels)
            parcels = claim(AT_ONCE) if time.monotonic() - began < ENOUGH_SECONDS else []
    return done


@contextmanager
def _only_one() -> Iterator[bool]:
    """Whether this is the only sweep among the processes of one worker. PostgreSQL lets go when the process dies."""
    worker = crc32(f"{socket.gethostname()}:{os.getppid()}".encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [_LOCK, worker])
        free = bool(cursor.fetchone()[0])
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", [_LOCK, worker])
