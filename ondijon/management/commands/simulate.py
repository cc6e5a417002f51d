import argparse
import os
import signal
import sys
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ondijon.simulator.city import AGENTS, City
from ondijon.simulator.desk import Agent, CitizensApp, DoorClosed, Machine
from ondijon.simulator.fleet import Fleet
from ondijon.simulator.plan import tellings


class Command(BaseCommand):
    help = (
        "Let a believable Dijon day reach a post through its public API. Citizens need SIMULATOR_API_KEY (else they "
        "telephone); agents enter with the demo's one click, or with SIMULATOR_CLIENT_ID and SIMULATOR_CLIENT_SECRET."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--url", required=True, help="of the post, e.g. http://127.0.0.1:8000")
        parser.add_argument("--rate", type=float, default=12.0, help="how many times faster than the real city (12)")
        parser.add_argument("--seed", type=int, default=None, help="the same seed tells the same day (random)")
        parser.add_argument("--for", type=float, default=None, dest="seconds", help="stop after so many seconds")

    def handle(self, *args: Any, url: str, rate: float, seed: int | None, **options: Any) -> None:
        if rate <= 0:
            raise CommandError("--rate is a factor above zero")
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, _leave)
        chosen = seed if seed is not None else int.from_bytes(os.urandom(2))
        self.stdout.write(f"simulating {url} {rate:g} times as fast, --seed {chosen}")
        key = os.environ.get("SIMULATOR_API_KEY", "")
        workers = agents(url)
        city = City(
            plan=tellings(chosen),
            agents=workers,
            fleet=Fleet(workers, say=self.stdout.write),
            app=CitizensApp(url, api_key=key) if key else None,
            speed=rate,
            say=self.stdout.write,
        )
        try:
            city.run(seconds=options["seconds"])
        except DoorClosed as closed:
            raise CommandError(str(closed)) from closed
        finally:
            city.leave()


def agents(url: str) -> dict[str, Agent]:
    """Everybody who works in the city, by login."""
    client, secret = (os.environ.get(f"SIMULATOR_CLIENT_{name}", "") for name in ("ID", "SECRET"))
    if client:
        return {login: Machine(url, login=login, client_id=client, secret=secret) for login in AGENTS}
    return {login: Agent(url, login=login) for login in AGENTS}


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
