"""The one settings file. Everything that differs between two posts comes from the environment (docs/operations.md)."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ondijon import logs
from ondijon.settings_celery import *  # noqa: F403  (tasks and what beat does when, likewise)
from ondijon.settings_celery import HINT_PREFIX, REDIS_URL
from ondijon.settings_dispatch import *  # noqa: F403  (choosing crews, likewise)
from ondijon.settings_door import *  # noqa: F403  (settings are names of this module; signing in has a file of its own)
from ondijon.settings_door import OIDC_SERVER_URL
from ondijon.settings_exercise import *  # noqa: F403  (likewise; in an exercise it also shuts this process in)
from ondijon.settings_exercise import EXERCISE_MIDDLEWARE, WORLD
from ondijon.settings_prefecture import *  # noqa: F403  (likewise)
from ondijon.settings_reaching import *  # noqa: F403  (the ways out of the house, likewise)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# A key with this prefix is refused by `check --deploy`, so `manage.py up` never starts with it.
INSECURE = "django-insecure-for-management-commands-and-tests-only"

DEMO = env.bool("DEMO", default=False)
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=INSECURE)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
# Where people type the address, e.g. https://poste.example.fr; sockets and forms accept these origins only.
PUBLIC_ORIGINS = env.list("PUBLIC_ORIGIN", default=[])
CSRF_TRUSTED_ORIGINS = PUBLIC_ORIGINS
# Where the pages find the live server; empty means the page's own origin.
LIVE_URL = env.str("LIVE_URL", default="")
MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
# Whom crews call without network. The demo's number is one that nobody will ever be given.
POST_PHONE = env.str("POST_PHONE", default="+33353010000" if DEMO else "")

INSTALLED_APPS = [
    "ondijon",
    "situation",
    "prefecture",
    "crisis",
    "crisis.exercise",
    "interventions",
    "incidents",
    "notifications",
    "live",
    "territory",
    "access",
    "journal",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "js_lib_leaflet",
    "lucide",
    "channels",
    "csp",
    "access.admin_site.PostAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    *EXERCISE_MIDDLEWARE,
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "ondijon.static_files.compress_static",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "access.middleware.PersonMiddleware",
    "access.middleware.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

WSGI_APPLICATION = "ondijon.wsgi.application"
ASGI_APPLICATION = "ondijon.asgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database: `default` is the application's role, `owner` owns the structure and is used by migrations only.
DB_POOL = env.int("DB_POOL", default=0)


def database(variable: str, role: str) -> dict[str, Any]:
    """One connection, pooled where a server of many threads asked for it (DB_POOL connections)."""
    config: dict[str, Any] = env.db(variable, default=f"postgresql://{role}@127.0.0.1:5432/ondijon")
    config.setdefault("OPTIONS", {})
    config["ENGINE"] = "ondijon.postgresql"
    config["CONN_HEALTH_CHECKS"] = True
    config["ATOMIC_REQUESTS"] = False
    pooled = DB_POOL > 0 and variable == "DATABASE_URL"
    config["CONN_MAX_AGE"] = 0 if pooled else 60
    if pooled:
        config["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DB_POOL, "timeout": 10, "max_lifetime": 1800}
    return config


DATABASES = {
    "default": database("DATABASE_URL", "ondijon_app"),
    "owner": database("DATABASE_OWNER_URL", "ondijon_owner"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis (settings_celery.py) carries hints only. Its loss slows screens down to polling and takes the shared throttle
# counters away.
CACHES = {"default": {"BACKEND": "ondijon.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": HINT_PREFIX},
    }
}

# People
AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: nobody is a row
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_ENGINE = "access.sessions"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{WORLD}_session", f"{WORLD}_csrf"
SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_HTTPONLY = True

# Headers. `up` listens on loopback behind a TLS proxy that sets X-Forwarded-Proto itself.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"


def socket_origins(url: str) -> list[str]:
    """What a page may open a socket to: the live server's origin under both of its loopback names."""
    origin = "/".join(url.split("/")[:3])
    return sorted({origin, origin.replace("127.0.0.1", "localhost")}) if origin else []


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *(["/".join(MAP_TILES_URL.split("/")[:3])] if MAP_TILES_URL else [])],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF, *socket_origins(LIVE_URL)],
        "manifest-src": [SELF],
        "form-action": [SELF, *(["/".join(OIDC_SERVER_URL.split("/")[:3])] if OIDC_SERVER_URL else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))) if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "ondijon.static_files.HashedStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Partners' webhooks never reach our own network; only a demo or a test on this very machine may let them.
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.bool("WEBHOOKS_TO_PRIVATE_ADDRESSES", default=False)

# Called by the auditor while it works: a dead-man's switch outside the house raises the alarm when it falls silent.
HEARTBEAT_URL = env.str("HEARTBEAT_URL", default="")
LIVE_STATUS_URL = env.str("LIVE_STATUS_URL", default="")  # of the live server on this machine, for the auditor

# How long reporters' names and words are kept once their incident is closed.
REPORTER_RETENTION_DAYS = env.int("REPORTER_RETENTION_DAYS", default=365)

# Crisis cells: what signs extracts (32 bytes in base64; empty: drawn from SECRET_KEY), a time-stamping authority (RFC
# 3161) with its root certificate (PEM), and how long a closed cell's files are kept. Empty: nothing is stamped.
EXTRACT_KEY = env.str("EXTRACT_KEY", default="")
TSA_URL = env.str("TSA_URL", default="")
TSA_CA_FILE = env.str("TSA_CA_FILE", default="")
CRISIS_RETENTION_DAYS = env.int("CRISIS_RETENTION_DAYS", default=3650)

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = USE_TZ = True

# API
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "access.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "journal.api.errors.rest_framework_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "OnDijon",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "The post's API. A tour with curl is in docs/api.md.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["access.api.schema.security_schemes"],
}

LOGGING = logs.configure(machine_readable=PRODUCTION, level=env.str("LOG_LEVEL", default="INFO"))
