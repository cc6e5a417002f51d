"""The rival: Channels as its tutorial has it. Every consumer joins a group, and decodes and encodes every message."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ondijon.settings")

import django

django.setup()

from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

GROUP = "screens"


class Screen(AsyncJsonWebsocketConsumer):
    groups = [GROUP]

    async def connect(self) -> None:
        await self.accept()
        await self.send_json({"type": "hello"})

    async def entry(self, event: dict[str, Any]) -> None:
        await self.send_json({"type": "entries", "entries": [event["entry"]]})


application = ProtocolTypeRouter({"websocket": URLRouter([path("", Screen.as_asgi())])})
