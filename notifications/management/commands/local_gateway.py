import argparse
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications import demo
from notifications.local_gateway.server import Gateway
from notifications.local_gateway.smtp import Mailbox


class Command(BaseCommand):
    help = "Stand in for the providers of text messages, calls and e-mail, on this machine; for the demo."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8025, help="of its page and its interface")
        parser.add_argument("--smtp-port", type=int, default=8026, help="where it takes e-mail")
        parser.add_argument("--post", default="http://127.0.0.1:8000", help="where receipts and answers go")
        parser.add_argument("--demo-names", action="store_true", help="say whose the demo's numbers are")

    def handle(self, *args: Any, port: int, smtp_port: int, post: str, demo_names: bool, **options: Any) -> None:
        if not settings.GATEWAY_SECRET:
            raise CommandError("GATEWAY_SECRET is not set: the post and its gateway share it")
        gateway = Gateway(
            ("127.0.0.1", port),
            secret=settings.GATEWAY_SECRET,
            post=post.rstrip("/"),
            directory=demo.directory() if demo_names else None,
        )
        mailbox = Mailbox(("127.0.0.1", smtp_port), gateway.store)
        Thread(target=mailbox.serve_forever, daemon=True).start()
        self.stdout.write(f"The local gateway is at {gateway.url}/")
        try:
            gateway.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("stopped")
