"""Loaded by pytest before Django's settings: names this worker's database and starts its own Redis-compatible server.

Each worker has its own, since published messages know no database number and would reach the other worker's tests.
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path

from .ports import free_port
from .test_world import TestDatabase
from .testing import required
from .valkey import Valkey

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FOLDER = Path(required("ONDIJON_TEST_FOLDER")) / WORKER
FOLDER.mkdir(exist_ok=True)
BROKER = Valkey(folder=FOLDER, port=free_port(), password="tests", log=FOLDER / "valkey.log")  # noqa: S106 - throw-away
DATABASE = TestDatabase.named(f"ondijon_{WORKER}")

BROKER.start()
atexit.register(BROKER.kill)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "ondijon.settings",
    "DATABASE_URL": DATABASE.app,
    "DATABASE_OWNER_URL": DATABASE.owner,
    "REDIS_URL": BROKER.url,
    "MEDIA_ROOT": str(FOLDER / "media"),
}
