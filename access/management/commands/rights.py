from typing import Any

from django.core.management.base import BaseCommand

from access import registry
from access.roles import Role


class Command(BaseCommand):
    help = "Print which roles carry which permission, and what each scope of a machine lets through."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in sorted({name for role in Role for name in registry.carried(role)}):
            roles = ", ".join(role for role in Role if name in registry.carried(role))
            self.stdout.write(f"{name}: {roles}")
        self.stdout.write("")
        for name, carried in sorted(registry.scopes().items()):
            self.stdout.write(f"scope {name}: {', '.join(sorted(carried))}")
