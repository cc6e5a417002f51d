"""HTTP message signatures (RFC 9421, ed25519) as both rooms agree on them; answers are signed too.

The library's defaults are lax, so everything is said: which components must be covered, the tag, the nonce, the key, the
age. A nonce that has been seen is the caller's business (`Verified.nonce`): it has the memory.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from cryptography.exceptions import InvalidKey, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from prefecture.wire.errors import BadSignature

TAG = "cod-link-1"
LABEL = "cod"
MAX_AGE = timedelta(seconds=300)
WRITE = ("@method", "@target-uri", "content-type", "content-digest", "idempotency-key")
READ = ("@method", "@target-uri")
COPY = (
    "content-type",
    "content-digest",
    "idempotency-key",
)  # one message of a replay, which proves itself apart from it
ANSWER = (
    "@status",
    "content-type",
    "content-digest",
    '"@method";req',
    '"@target-uri";req',
    '"signature";req;key="cod"',
)
KEPT = ("Signature", "Signature-Input", "Content-Digest", "Content-Type", "Idempotency-Key")


@dataclass
class Request:
    """What of a request is signed. `url` is absolute."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Response:
    status_code: int
    request: Request
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verified:
    key_id: str
    nonce: str


@dataclass(frozen=True)
class PeerKey:
    """A public key of the other side, good between two instants: keys overlap while they change."""

    key_id: str
    public: Ed25519PublicKey
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def good_at(self, now: datetime) -> bool:
        begun = self.valid_from is None or self.valid_from <= now
        return begun and (self.valid_until is None or now < self.valid_until)


def private_key(text: str) -> Ed25519PrivateKey:
    """From base64 of its 32 bytes. Raises ValueError."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, validate=True))


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half, base64 of its 32 bytes: what the other side is given."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def peer_keys(lines: list[str]) -> list[PeerKey]:
    """From `key-id|base64|from|until` lines (ISO instants with offset, either may be missing). Raises ValueError."""
    return [_peer_key(line) for line in lines if line.strip()]


def _peer_key(line: str) -> PeerKey:
    parts = [part.strip() for part in line.split("|")]
    if not 2 <= len(parts) <= 4:
        raise ValueError("a key is written key-id|base64|from|until")
    key_id, text, begin, end = (*parts, "", "")[:4]
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (InvalidKey, UnsupportedAlgorithm) as error:
        raise ValueError(f"the key {key_id} is no ed25519 key") from error
    return PeerKey(key_id, public, _maybe(begin), _maybe(end))


def _maybe(text: str) -> datetime | None:
    found = datetime.fromisoformat(text) if text else None
    if found is not None and found.tzinfo is None:
        raise ValueError("the instants of a key carry their offset")
    return found


@dataclass(frozen=True)
class Signer:
    """Signs what leaves with our key."""

    key_id: str
    key: Ed25519PrivateKey

    def sign(self, message: Any, *, covering: tuple[str, ...], body: bytes | None) -> None:
        """Put Signature, Signature-Input and (with a body) Content-Digest into the message's headers."""
        resolver = MappingKeyResolver(public_keys={}, private_keys={self.key_id: self.key})
        HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver).sign(
            message, key_id=self.key_id, nonce=token_urlsafe(18), label=LABEL, tag=TAG,
            covered_component_ids=covering, body=body,
        )  # fmt: skip


def copy_with(headers: dict[str, str]) -> Request:
    """One message of a replay as it is signed: its address is not covered."""
    return Request("POST", "https://replay.invalid/", headers)


def copied(raw: bytes, *, distribution: str, signer: Signer) -> dict[str, str]:
    """The headers that prove one message of a replay: its bytes under its distributionID."""
    copy = copy_with({"Content-Type": "application/json", "Idempotency-Key": distribution})
    signer.sign(copy, covering=COPY, body=raw)
    return copy.headers


@dataclass(frozen=True)
class Checker:
    """Checks what comes in against the other side's keys."""

    keys: tuple[PeerKey, ...]

    def check(self, message: Any, *, covering: tuple[str, ...], body: bytes | None, now: datetime) -> Verified:
        """Raises BadSignature with one sentence; which key failed and how is nobody else's business."""
        known: Mapping[str, Any] = {key.key_id: key.public for key in self.keys if key.good_at(now)}
        verifier = HTTPMessageVerifier(
            signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys=known, private_keys={})
        )
        try:
            found = verifier.verify(
                message, max_age=MAX_AGE, expect_tag=TAG, expect_label=LABEL, require_components=covering, body=body
            )
        except (HTTPMessageSignaturesException, ValueError, TypeError, KeyError) as error:
            raise BadSignature(f"The signature does not hold: {str(error)[:200]}") from error
        if len(found) != 1 or not found[0].nonce:
            raise BadSignature("The signature carries no nonce.")
        return Verified(str(found[0].parameters["keyid"]), str(found[0].nonce))
