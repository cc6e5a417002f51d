import argparse
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from crisis.exercise import scenarios
from crisis.exercise.evaluation import sheet
from crisis.exercise.models import Exercise


class Command(BaseCommand):
    help = "Read every scenario file and list it; --sheet prints the evaluation of the newest exercise as JSON."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--sheet", action="store_true", help="the evaluation sheet; joins the exercise that runs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sheet"]:
            newest = Exercise.objects.order_by("-opened_at").first()
            if newest is None:
                raise CommandError("nothing has been played here")
            self.stdout.write(msgspec.json.format(msgspec.json.encode(sheet(newest)), indent=2).decode())
            return
        for one in scenarios.scenarios().values():
            self.stdout.write(f"{one.key:<20} {one.duration:>8}  {len(one.injects):>3} injects  {one.title}")
