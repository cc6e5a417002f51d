import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from access import demo
from access.catalogue import load_organisations
from incidents.catalogue import load_categories
from journal.services import writing


class Command(BaseCommand):
    help = "Load or refresh the metropolis: organisations and categories (communes and places come with migrations)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--demo-people", action="store_true", help="one person for each duty; in the demo only")

    def handle(self, *args: Any, demo_people: bool, **options: Any) -> None:
        if demo_people and not settings.DEMO:
            raise CommandError("demo people exist only in the demo")
        with writing(None):
            organisations, categories = load_organisations(), load_categories()
            people = demo.load_people() if demo_people else 0
        self.stdout.write(f"{organisations} organisations, {categories} categories, {people} people added")
