"""Who is heard from regularly: a room says when it has heard, the auditor notices when nothing comes any more."""

import time
from datetime import timedelta

from journal.statements import prepared

EVERY_SECONDS = 10.0  # a process writes one source no more often
_HEAR = """
insert into notifications_source (key, label, silent_after) values (%s, %s, %s)
on conflict (key) do update set label = excluded.label, silent_after = excluded.silent_after, heard_at = statement_timestamp()"""
_heard: dict[str, float] = {}


def hear(key: str, *, label: str, silent_after: timedelta) -> None:
    """Note that a source was heard from just now; it is silent when nothing comes for `silent_after`. Cheap: at most one
    statement in ten seconds and process."""
    if time.monotonic() - _heard.get(key, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    prepared(_HEAR, [key, label, silent_after])
    _heard[key] = time.monotonic()
