"""The post's own signature under an extract (Ed25519): that it is whole, and which printed log goes with it.

The key is `EXTRACT_KEY` (32 bytes in base64, to outlive a change of `SECRET_KEY`), or else drawn from `SECRET_KEY`. Its
public half is printed under every log, so that somebody who holds the paper can hold the file against it.
"""

import base64
import json
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

KEY_BYTES = 32
CONTEXT = b"ondijon-extract-signature/1\n"


def wrong_key(text: str) -> str:
    """What is wrong with an `EXTRACT_KEY`, as a sentence; empty when it can sign, or when there is none."""
    if not text:
        return ""
    try:
        size = len(base64.b64decode(text, validate=True))
    except ValueError:
        return "EXTRACT_KEY is not base64."
    return "" if size == KEY_BYTES else f"EXTRACT_KEY holds {size} bytes, not {KEY_BYTES}."


def _key() -> Ed25519PrivateKey:
    if settings.EXTRACT_KEY:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.EXTRACT_KEY, validate=True))
    drawn = HKDF(SHA256(), 32, salt=None, info=CONTEXT).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(drawn)


def public_key() -> str:
    """Its public half, 32 bytes in hexadecimal."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def signed(content: bytes, **statement: str) -> bytes:
    """`content` with one line more: a statement about it (its SHA-256 and what is told) and the signature over that."""
    text = json.dumps({"content_sha256": sha256(content).hexdigest(), **statement}, ensure_ascii=False, sort_keys=True)
    signature = _key().sign(CONTEXT + text.encode()).hex()
    line = json.dumps({"statement": text, "key": public_key(), "signature": signature}, ensure_ascii=False)
    return content + line.encode() + b"\n"
