"""The real local gateway, for tests that send."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from notifications.channels import sending
from notifications.local_gateway.server import Gateway
from notifications.local_gateway.smtp import Mailbox

SECRET = "a secret that both sides know"


@pytest.fixture(autouse=True)
def _fresh_breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed in one test is tried again in the next."""
    from notifications.models import Channel

    monkeypatch.setattr(sending, "_BREAKERS", {channel: sending.Breaker() for channel in Channel})


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    """Listening on loopback, with this post speaking to it."""
    opened = Gateway(("127.0.0.1", 0), secret=SECRET)
    thread = Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.GATEWAY_URL, settings.GATEWAY_SECRET = opened.url, SECRET
    yield opened
    opened.shutdown()
    opened.server_close()
    thread.join()


@pytest.fixture
def mailbox(gateway: Gateway, settings: Any) -> Iterator[Gateway]:
    """The gateway, receiving e-mail too."""
    box = Mailbox(("127.0.0.1", 0), gateway.store)
    thread = Thread(target=box.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.server_address[1]
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield gateway
    box.shutdown()
    box.server_close()
    thread.join()
