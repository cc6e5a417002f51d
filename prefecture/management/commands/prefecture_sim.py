import argparse
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prefecture.sim.server import Plan, Simulator


class Command(BaseCommand):
    help = (
        "The prefecture's side of the link, simulated: a program of its own with a schema of its own and a small page."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8100)
        parser.add_argument("--lively", action="store_true", help="answer of its own accord, as the demo wants it")
        parser.add_argument("--reads-after", type=float, default=None, help="the officer reads by itself, in seconds")

    def handle(self, *args: Any, port: int, lively: bool, reads_after: float | None, **options: Any) -> None:
        try:
            simulator = Simulator(Plan.from_environment())
        except KeyError as missing:
            raise CommandError(f"{missing} is not set; `manage.py demo` sets all that is needed") from missing
        if lively:
            simulator.store.behave(lively=True)
        if reads_after is not None:
            simulator.store.behave(reads_after=reads_after)
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        simulator.start(port)
        self.stdout.write(f"the simulated prefecture listens at {simulator.url}/")
        stop.wait()
        simulator.stop()
