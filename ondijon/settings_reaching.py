"""Settings of the ways out of the house: e-mail, text messages and calls, web push (docs/reaching.md)."""

import environ

_env = environ.Env()

# E-mail: smtp+tls://user:password@host:587. Without a host nothing is sent by e-mail.
_mail = _env.email_url("EMAIL_URL", default="smtp://")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER") or "", _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = _env.str("EMAIL_FROM", default="OnDijon <ne-pas-repondre@localhost>")

# Text messages and calls: the address of a gateway that speaks docs/gateway.md, and the secret shared with it.
GATEWAY_URL = _env.str("GATEWAY_URL", default="")
GATEWAY_SECRET = _env.str("GATEWAY_SECRET", default="")
# Whether that is the local gateway of the demo, with a page that people can look at.
GATEWAY_HAS_PAGE = _env.bool("GATEWAY_HAS_PAGE", default=False)

# Web push goes to the browser makers' services and nowhere else; they want to know whom to ask (RFC 8292).
PUSH_HOSTS = _env.list(
    "PUSH_HOSTS",
    default=["fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com"],
)
PUSH_CONTACT = _env.str("PUSH_CONTACT", default="mailto:exploitation@localhost")
PUSH_TEST_ORIGINS: list[str] = []  # http origins on loopback; set by tests only
