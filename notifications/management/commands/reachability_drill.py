import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.errors import Problem
from notifications.drills import result_of
from notifications.models import Drill, Rota
from notifications.services import start_drill


class Command(BaseCommand):
    help = "Call everybody who is on call, as for something vital, and see who answers, by which channel, how fast."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--rota", action="append", default=[], help="key of a rota; none: all of them")
        parser.add_argument("--minutes", type=int, default=10, help="time to answer")
        parser.add_argument("--no-wait", action="store_true", help="start it and leave; the page shows what comes")

    def handle(self, *args: Any, rota: list[str], minutes: int, no_wait: bool, **options: Any) -> None:
        rotas = list(Rota.objects.filter(key__in=rota, ended_at=None))
        if len(rotas) < len(set(rota)):
            raise CommandError("no such rota: " + ", ".join(sorted(set(rota) - {one.key for one in rotas})))
        try:
            drill = start_drill(rotas=[one.id for one in rotas], minutes=minutes, by=None)
        except Problem as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"drill {drill.id}, answers until {drill.ends_at:%H:%M:%S} UTC")
        if not no_wait:
            self._wait(drill)

    def _wait(self, drill: Drill) -> None:
        """Until all have answered or the time is over; the exit status says whether all did."""
        result = result_of(drill)
        while result.running and result.waiting:
            time.sleep(1)
            result = result_of(drill)
        for line in result.lines:
            seconds = "" if line.seconds is None else f"{line.seconds:.0f} s by {line.channel}"
            self.stdout.write(f"  {line.rota.name:<40} {line.name:<30} {seconds or line.state}")
        self.stdout.write(f"{result.reached} of {result.called} reached, {result.unmanned} rotas with nobody on call")
        if result.reached < result.called or result.unmanned:
            raise CommandError("not everybody could be reached")
