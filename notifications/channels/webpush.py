"""Web push as the standards say: RFC 8291 (what only the browser can read), RFC 8188 (how it is packed), RFC 8292 (VAPID:
how the push service knows that it is us)."""

import base64
import json
import os
import time
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD = 4096  # bytes; a push service takes no more
LONGEST = RECORD - 16 - 1 - 86  # of plain text: less the tag, the last record's mark and the header
TOKEN_SECONDS = 12 * 3600


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """A browser's `p256dh`. Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(text))


@cache
def our_key() -> ec.EllipticCurvePrivateKey:
    """This post's own VAPID key: always the same one, made from the secret key, so that nothing needs setting up."""
    seed = HKDF(hashes.SHA256(), 48, b"ondijon", b"web push: VAPID").derive(settings.SECRET_KEY.encode())
    return ec.derive_private_key(int.from_bytes(seed) % (ORDER - 1) + 1, CURVE)


def application_key() -> str:
    """What a page subscribes with (`applicationServerKey`)."""
    return b64(point(our_key().public_key()))


def vapid(endpoint: str, *, subject: str) -> str:
    """The Authorization header for a push service: an ES256 token for its origin, good for twelve hours."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + TOKEN_SECONDS, "sub": subject}
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(our_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{b64(r.to_bytes(32) + s.to_bytes(32))}, k={application_key()}"


def _json(value: object) -> str:
    return b64(json.dumps(value, separators=(",", ":")).encode())


def encrypt(
    text: bytes, *, public: str, auth: str, salt: bytes | None = None, ours: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """A body with Content-Encoding aes128gcm that this browser alone can read. Raises ValueError for keys that are none,
    or for a text over `LONGEST` bytes. `salt` and `ours` are made afresh; given only to check against the RFC."""
    if len(text) > LONGEST:
        raise ValueError(f"more than {LONGEST} bytes")
    salt, ours = salt or os.urandom(16), ours or ec.generate_private_key(CURVE)
    theirs, sender = public_key(public), point(ours.public_key())
    info = b"WebPush: info\0" + point(theirs) + sender
    secret = HKDF(hashes.SHA256(), 32, unb64(auth), info).derive(ours.exchange(ec.ECDH(), theirs))
    pseudo_random = hmac_of(salt, secret)
    key = HKDFExpand(hashes.SHA256(), 16, b"Content-Encoding: aes128gcm\0").derive(pseudo_random)
    nonce = HKDFExpand(hashes.SHA256(), 12, b"Content-Encoding: nonce\0").derive(pseudo_random)
    header = salt + RECORD.to_bytes(4) + bytes([len(sender)]) + sender
    return header + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def hmac_of(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.hmac import HMAC

    mac = HMAC(key, hashes.SHA256())
    mac.update(data)
    return mac.finalize()
