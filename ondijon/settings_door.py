"""Settings of signing in: people (django-allauth), OpenID Connect, machine clients. `ondijon.settings` takes them all."""

from typing import Any

import environ

_env = environ.Env()
_production = _env.bool("PRODUCTION", default=False)
SESSION_COOKIE_AGE = 12 * 3600  # one long shift

# Signing in (django-allauth): by login, without sign-up or e-mail; the throttles count in the cache.
ACCOUNT_ADAPTER = "access.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "access.forms.LoginForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
# A whole shift may sign in within one minute behind one address; a login is guessed at five times in five minutes.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "30/m/ip,5/5m/key"}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
# How many proxies of one's own add to X-Forwarded-For; an address further left is the client's own claim.
ALLAUTH_TRUSTED_PROXY_COUNT = _env.int("TRUSTED_PROXIES", default=1 if _production else 0)
MFA_ADAPTER = "access.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "access.forms.AuthenticateForm",
    "add_webauthn": "access.forms.AddKeyForm",
    "edit_webauthn": "access.forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "OnDijon"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _production

# OpenID Connect: set OIDC_SERVER_URL. An identity maps onto an existing person, by a verified e-mail address or by
# the claim named in OIDC_LOGIN_CLAIM being the login; it never makes a person nor gives a right.
OIDC_SERVER_URL = _env.str("OIDC_SERVER_URL", default="")
OIDC_NAME = _env.str("OIDC_NAME", default="OpenID Connect") if OIDC_SERVER_URL else ""
OIDC_LOGIN_CLAIM = _env.str("OIDC_LOGIN_CLAIM", default="")
SOCIALACCOUNT_ADAPTER = "access.adapters.SocialAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "main",
                "name": OIDC_NAME,
                "client_id": _env.str("OIDC_CLIENT_ID", default=""),
                "secret": _env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}

# Machine clients (OAuth 2, client credentials only; RFC 9700's advice throughout).
OAUTH2_PROVIDER_APPLICATION_MODEL = "access.Client"
OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "access.oauth.Validator",
    "SCOPES_BACKEND_CLASS": "access.oauth.Scopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # hashes only
}
