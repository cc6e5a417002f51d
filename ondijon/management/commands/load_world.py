import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from access import demo
from access.catalogue import load_organisations
from crisis.catalogue import load_plans
from incidents.catalogue import load_categories
from incidents.catalogue_rules import load_policies, load_procedures
from interventions.catalogue import load_means
from interventions.demo import load_means as load_demo_means
from journal.services import writing
from notifications.demo import load_reach
from prefecture.catalogue import load_criteria


class Command(BaseCommand):
    help = "Load or refresh the metropolis: organisations, categories and crisis plans (communes and places come with migrations)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--demo-people", action="store_true", help="one person for each duty; in the demo only")

    def handle(self, *args: Any, demo_people: bool, **options: Any) -> None:
        if demo_people and not settings.DEMO:
            raise CommandError("demo people exist only in the demo")
        with writing(None):
            organisations, categories = load_organisations(), load_categories()
            policies, procedures = load_policies(), load_procedures()
            load_criteria()
            plans = load_plans()
            load_means()
            people = demo.load_people() if demo_people else 0
            crews = load_demo_means() if demo_people else 0
            if demo_people:
                load_reach()
        self.stdout.write(
            f"{organisations} organisations, {categories} categories, {policies} policies, {procedures} procedures, "
            f"{plans} plans, {people} people and {crews} crews added"
        )
