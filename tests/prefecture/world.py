"""Both sides of the link in one test: the post in this process, the prefecture's machine with its own key."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from pytest_django import Settings

from access import keys
from access.machines import machine
from access.models import Person
from access.roles import Role
from prefecture.wire import envelope, kinds, signing
from prefecture.wire.envelope import GENERAL, Parcel
from prefecture.wire.kinds import Kind
from prefecture.wire.shapes import Strict
from prefecture.wire.times import stamp

OURS, THEIRS = "fr.dijon-metropole.ondijon", "fr.gouv.cote-dor.cod"
HERE = "http://testserver"


def seed(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())).decode()


@dataclass
class Cod:
    """The prefecture's machine: composes, signs and posts, as its own software would."""

    client: Client
    machine: Person
    token: str
    key: Ed25519PrivateKey
    key_id: str = "cod-1"
    sent: int = 0

    def parcel(
        self, kind: Kind, body: Strict, *, crisis: UUID = GENERAL, sequence: int | None = None, **more: Any
    ) -> Parcel:
        now = datetime.now(UTC)
        numbered = kind not in kinds.UNNUMBERED
        if numbered and sequence is None:
            self.sent += 1
            sequence = self.sent
        parties = {
            "sender": THEIRS,
            "sender_name": "COD",
            "recipient": OURS,
            "recipient_name": "OnDijon",
            **more.pop("to", {}),
        }
        told = {
            "distribution": uuid4(),
            "message": uuid4(),
            "sent": now,
            "expires": now + timedelta(days=1),
            "exercise": False,
        }
        return envelope.compose(
            kind=kind,
            body=body,
            crisis=crisis,
            sequence=sequence,
            parties=envelope.address(**parties),
            **{**told, **more},
        )

    def headers(self, parcel: Parcel, *, url: str = f"{HERE}/cod/v1/messages", **change: str) -> dict[str, str]:
        """As they are signed, afresh each time."""
        plain = {"Content-Type": "application/json", "Idempotency-Key": str(parcel.envelope.distributionID), **change}
        request = signing.Request("POST", url, plain)
        signing.Signer(self.key_id, self.key).sign(request, covering=signing.WRITE, body=parcel.raw)
        return request.headers

    def post(self, parcel: Parcel, headers: dict[str, str] | None = None, body: bytes | None = None) -> Any:
        sent = {**(headers or self.headers(parcel)), "Authorization": f"Bearer {self.token}"}
        media = sent.pop("Content-Type")
        return self.client.post(
            "/cod/v1/messages", parcel.raw if body is None else body, content_type=media, headers=sent
        )

    def say(self, kind: Kind, body: Strict, **more: Any) -> Any:
        return self.post(self.parcel(kind, body, **more))

    def get(self, path: str) -> Any:
        request = signing.Request("GET", f"{HERE}{path}", {})
        signing.Signer(self.key_id, self.key).sign(request, covering=signing.READ, body=None)
        return self.client.get(path, headers={**request.headers, "Authorization": f"Bearer {self.token}"})


def token_of(person: Person, scopes: tuple[str, ...] = ("prefecture.exchange",)) -> tuple[str, str, str]:
    """(client id, secret, bearer token) of a machine."""
    made, secret = keys.create_client(person=person, name="COD", scopes=list(scopes), by=None)
    basic = base64.b64encode(f"{made.client_id}:{secret}".encode()).decode()
    asked = Client().post(
        "/oauth/token/", {"grant_type": "client_credentials"}, headers={"authorization": f"Basic {basic}"}
    )
    return made.client_id, secret, asked.json()["access_token"]


def cod(settings: Settings) -> Cod:
    """Keys on both sides, a machine with its duty and token."""
    ours, theirs = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    settings.PREFECTURE_KEY = seed(ours)
    settings.PREFECTURE_PEER_KEYS = [f"cod-1|{signing.public_text(theirs)}"]
    settings.PREFECTURE_PHONE = "03 80 00 00 00"
    person = machine(login="cod", name="COD", organisation="prefecture-21", role=Role.PREFECTURE_LIAISON)
    return Cod(Client(), person, token_of(person)[2], theirs)


def instruction(**change: Any) -> kinds.Instruction:
    told = {"number": "COD-0012", "text": "Confirmer la capacité", "authority": "Préfet", "due_at": soon()}
    return kinds.Instruction(**{**told, **change})


def now(**later: int) -> datetime:
    return datetime.now(UTC) + timedelta(**later)


def soon(minutes: int = 30) -> str:
    return stamp(datetime.now(UTC) + timedelta(minutes=minutes))


def measure(**change: Any) -> dict[str, Any]:
    told = {"title": "Voie basse fermée", "text": "20 cm d’eau.", "authority": "Maire de Longvic", "takenAt": soon(-5)}
    return {**told, **change}
