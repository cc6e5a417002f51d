"""The demo's other side: a simulated prefecture beside the post, with keys of its own, known to one another."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import programs
from .memory import Memory
from .ports import HOST, free_port
from .post import Post

PHONE = "03 53 01 00 12"  # of the numbers that the regulator keeps for fiction
READS_AFTER_SECONDS = 25
CLIENT = ("create_client", "cod", "--name", "COD (simulateur)", "--organisation", "prefecture-21")
DUTY = ("--role", "prefecture_liaison", "--scope", "prefecture.exchange")


def fresh_key() -> str:
    """A private ed25519 key: base64 of its 32 bytes."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def public(key: str) -> str:
    made = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key)).public_key()
    return base64.b64encode(made.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


@dataclass(frozen=True)
class OtherSide:
    """What both sides must know of each other."""

    port: int
    our_key: str
    their_key: str
    secret: str

    @classmethod
    def make(cls, memory: Memory | None = None) -> OtherSide:
        """Keys made once for a folder, or for this once."""
        kept = memory.kept if memory else lambda name, make: make()
        return cls(
            port=free_port(), our_key=kept("post_key", fresh_key), their_key=kept("cod_key", fresh_key),
            secret=kept("cod_secret", lambda: secrets.token_urlsafe(32)),
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def for_the_post(self, url: str = "") -> dict[str, str]:
        """The post's environment; `url`: where it finds the other side, if something stands between them."""
        return {
            "PREFECTURE_URL": url or self.url, "PREFECTURE_CLIENT_ID": "post", "PREFECTURE_CLIENT_SECRET": self.secret,
            "PREFECTURE_KEY": self.our_key, "PREFECTURE_PEER_KEYS": f"cod-1|{public(self.their_key)}",
            "PREFECTURE_PHONE": PHONE,
        }  # fmt: skip

    def for_itself(self, post_url: str, client: str) -> dict[str, str]:
        """The simulator's environment; `client`: its `id:secret` at the post."""
        return {
            "SIM_KEY": self.their_key, "SIM_PEER_KEYS": f"post-1|{public(self.our_key)}", "SIM_POST_URL": post_url,
            "SIM_ACCEPTS": f"post:{self.secret}", "SIM_CLIENT": client,
        }  # fmt: skip


def client_of(post: Post) -> str:
    """Make the other side's machine and OAuth client at the post: `id:secret`."""
    shown = dict(line.split("=", 1) for line in post.manage(*CLIENT, *DUTY).split())
    return f"{shown['client_id']}:{shown['client_secret']}"


def add(post: Post, memory: Memory, side: OtherSide) -> None:
    """The demo's simulator, started with the post's other programs."""
    client = memory.kept("cod_client", lambda: client_of(post))
    lively = ("--lively", "--reads-after", str(READS_AFTER_SECONDS))
    child = post.add("prefecture", programs.prefecture(side.port, *lively))
    child.env = {**child.env, **side.for_itself(post.web_urls[0], client)}
