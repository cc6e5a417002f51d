"""Settings of the prefecture link (docs/prefecture-link.md). `ondijon.settings` takes them all."""

from typing import Any

import environ
from celery.schedules import crontab

_env = environ.Env()

# The other side: where it listens (no path), and how this post gets a token there. Empty: messages wait in the outbox.
PREFECTURE_URL = _env.str("PREFECTURE_URL", default="").rstrip("/")
PREFECTURE_TOKEN_URL = _env.str("PREFECTURE_TOKEN_URL", default="")
PREFECTURE_CLIENT_ID = _env.str("PREFECTURE_CLIENT_ID", default="")
PREFECTURE_CLIENT_SECRET = _env.str("PREFECTURE_CLIENT_SECRET", default="")
# Its addresses, so that no name server is asked; empty: looked up once by each process, then kept.
PREFECTURE_ADDRESSES = _env.list("PREFECTURE_ADDRESSES", default=[])
# Mutual TLS: our certificate and key, the authority that signs the other side's (PEM files).
PREFECTURE_TLS_CERT = _env.str("PREFECTURE_TLS_CERT", default="")
PREFECTURE_TLS_KEY = _env.str("PREFECTURE_TLS_KEY", default="")
PREFECTURE_TLS_CA = _env.str("PREFECTURE_TLS_CA", default="")
# SHA-256 of the certificates the other side may show; the proxy passes the one shown on as Client-Cert (RFC 9440).
PREFECTURE_PEER_CERTS = [one.lower().replace(":", "") for one in _env.list("PREFECTURE_PEER_CERTS", default=[])]

# Signatures (RFC 9421, ed25519): our key (base64 of 32 bytes) and its name; the other side's `id|base64|from|until`.
PREFECTURE_KEY_ID = _env.str("PREFECTURE_KEY_ID", default="post-1")
PREFECTURE_KEY = _env.str("PREFECTURE_KEY", default="")
PREFECTURE_PEER_KEYS = _env.list("PREFECTURE_PEER_KEYS", default=[])
# How this post is reached from outside (signed with each call); empty: as the call itself says.
PREFECTURE_OUR_URL = _env.str("PREFECTURE_OUR_URL", default="").rstrip("/")

# Who is who, in every envelope; and whom to call when the link is down.
PREFECTURE_OUR_ID = _env.str("PREFECTURE_OUR_ID", default="fr.dijon-metropole.ondijon")
PREFECTURE_OUR_NAME = _env.str("PREFECTURE_OUR_NAME", default="OnDijon, poste de pilotage de Dijon Métropole")
PREFECTURE_PEER_ID = _env.str("PREFECTURE_PEER_ID", default="fr.gouv.cote-dor.cod")
PREFECTURE_PEER_NAME = _env.str("PREFECTURE_PEER_NAME", default="COD de la préfecture de la Côte-d'Or")
PREFECTURE_PHONE = _env.str("PREFECTURE_PHONE", default="")
PREFECTURE_EXERCISE = _env.bool("PREFECTURE_EXERCISE", default=_env.bool("EXERCISE", default=False))

# How long a message may wait for a person at the other side, in minutes; how slow a slow link is, in seconds.
PREFECTURE_READ_MINUTES = _env.int("PREFECTURE_READ_MINUTES", default=15)
PREFECTURE_SLOW_SECONDS = _env.float("PREFECTURE_SLOW_SECONDS", default=2.0)

PREFECTURE_BEAT: dict[str, dict[str, Any]] = {
    "prefecture": {"task": "prefecture.relay", "schedule": 1.0, "options": {"expires": 5}},
    "prefecture-thresholds": {"task": "prefecture.weigh", "schedule": 5.0, "options": {"expires": 10}},
    "prefecture-ledgers": {"task": "prefecture.reconcile", "schedule": crontab(hour="3", minute="15")},
    "prefecture-nonces": {"task": "prefecture.forget_nonces", "schedule": crontab(hour="4", minute="15")},
}
