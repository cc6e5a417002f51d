"""Web push: against the RFC's own example, and against a browser's side written here."""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models.functions import Now

from access.models import Person
from access.roles import Role
from notifications import outbox
from notifications.channels import push, webpush
from notifications.channels.webpush import CURVE, b64, encrypt, unb64
from notifications.models import Delivery, PushSubscription, State, Urgency
from notifications.services import notify
from tests.cast import person

AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
EXPECTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
    "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), CURVE)


def test_the_example_of_rfc_8291() -> None:
    """Appendix A, byte for byte."""
    salt = unb64("DGv6ra1nlYgDCS1FRnbzlw")
    body = encrypt(b"When I grow up, I want to be a watermelon", public=PUBLIC, auth=AUTH, salt=salt, ours=key(SENDER))
    assert b64(body) == EXPECTED


def test_too_long_and_no_keys() -> None:
    with pytest.raises(ValueError):
        encrypt(b"x" * (webpush.LONGEST + 1), public=PUBLIC, auth=AUTH)
    assert len(encrypt(b"x" * webpush.LONGEST, public=PUBLIC, auth=AUTH)) == webpush.RECORD
    with pytest.raises(ValueError):
        encrypt(b"x", public="AAAA", auth=AUTH)


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://evilfcm.googleapis.com.example/x", False),
        ("https://notfcm.googleapis.com/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1/x", False),
    ],
)
def test_only_push_services_are_spoken_to(endpoint: str, known: bool) -> None:
    assert push.is_known(endpoint) is known


class PushService(ThreadingHTTPServer):
    """As a browser maker's: checks the VAPID token, keeps what comes, answers with `status`."""

    daemon_threads = True
    status = 201

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: PushService

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002


def mac(secret: bytes, data: bytes) -> bytes:
    return hmac.new(secret, data, sha256).digest()


class BrowserSide:
    """Holds the keys that a subscription has in a browser, and reads what was sent (RFC 8291, section 3.4)."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(CURVE)
        self.auth = bytes(range(16))
        self.public = webpush.point(self.key.public_key())

    def read(self, body: bytes) -> dict[str, Any]:
        salt, sender, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        secret = mac(mac(self.auth, shared), b"WebPush: info\0" + self.public + sender + b"\x01")
        pseudo = mac(salt, secret)
        content, nonce = (mac(pseudo, f"Content-Encoding: {name}\0\x01".encode()) for name in ("aes128gcm", "nonce"))
        plain = AESGCM(content[:16]).decrypt(nonce[:12], sealed, None)
        assert plain[-1:] == b"\x02"
        found: dict[str, Any] = json.loads(plain[:-1])
        return found


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    opened = PushService()
    thread = Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.PUSH_TEST_ORIGINS = [f"http://127.0.0.1:{opened.server_port}"]
    yield opened
    opened.shutdown()
    opened.server_close()
    thread.join()


def subscribed(service: PushService, browser: BrowserSide) -> Person:
    made = person(Role.CRISIS_DIRECTOR)
    PushSubscription.objects.create(
        person=made, endpoint=f"http://127.0.0.1:{service.server_port}/{made.id}", public=b64(browser.public),
        auth=b64(browser.auth),
    )  # fmt: skip
    return made


@pytest.mark.django_db
def test_the_browser_reads_it_and_the_service_knows_us(service: PushService) -> None:
    browser = BrowserSide()
    (message,) = notify(
        to=[subscribed(service, browser)], subject="Gas smell", body="Rue Monge.", urgency=Urgency.VITAL, key="a:1"
    )
    assert outbox.sweep() == 1
    ((headers, body),) = service.got
    assert browser.read(body) == {
        "title": "Gas smell", "body": "Rue Monge.", "url": "", "tag": str(message.id), "vital": True,
    }  # fmt: skip
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "high")
    assert headers["Topic"] == b64(message.deliveries.get(channel="push").id.bytes)
    check_vapid(headers["Authorization"], f"http://127.0.0.1:{service.server_port}")


def check_vapid(header: str, audience: str) -> None:
    """RFC 8292: the token is signed by the key beside it, for this origin."""
    token, ours = header.removeprefix("vapid t=").split(", k=")
    assert ours == webpush.application_key()
    signed, signature = token.rsplit(".", 1)
    claims = json.loads(urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert claims["aud"] == audience
    raw = unb64(signature)
    numbers = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    webpush.public_key(ours).verify(numbers, signed.encode(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.django_db
def test_a_browser_that_is_no_more_is_forgotten(service: PushService) -> None:
    service.status = 410
    someone = subscribed(service, BrowserSide())
    (message,) = notify(to=[someone], subject="A", body="", urgency=Urgency.URGENT, key="a:1")
    outbox.sweep()
    assert not PushSubscription.objects.exists()
    assert message.deliveries.get(channel="push").state == State.FAILED


@pytest.mark.django_db
def test_a_service_that_is_down_is_tried_again_with_the_same_topic(service: PushService) -> None:
    service.status = 503
    notify(to=[subscribed(service, BrowserSide())], subject="A", body="", urgency=Urgency.URGENT, key="a:1")
    outbox.sweep()
    Delivery.objects.update(due_at=Now())
    service.status = 201
    outbox.sweep()
    assert len({headers["Topic"] for headers, _body in service.got}) == 1
    assert Delivery.objects.get(channel="push").state == State.SENT
