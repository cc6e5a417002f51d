"""The one settings file. Everything that differs between two posts comes from the environment (docs/operations.md)."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ondijon import logs
from ondijon.settings_door import *  # noqa: F403  (settings are names of this module; signing in has a file of its own)
from ondijon.settings_door import OIDC_SERVER_URL

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

INSTALLED_APPS = [
    "ondijon",
    "situation",
    "incidents",
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

ROOT_URLCONF = "ondijon.urls"
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

# Redis carries hints only. Its loss slows screens down to polling and takes the shared throttle counters away.
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
HINT_PREFIX = env.str("HINT_PREFIX", default="ondijon.")
CACHES = {"default": {"BACKEND": "ondijon.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": HINT_PREFIX},
    }
}

# Celery: no result is kept, a task is acknowledged when done, and one that cannot be queued is simply not queued
# (what is due is in the database; beat comes back every second).
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 10,
    "max_retries": 0,  # of a sender; workers come back for ever
    "connect_retries_timeout": 0.5,
    "visibility_timeout": 3600,
    "global_keyprefix": HINT_PREFIX,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "pulse": {
        "task": "ondijon.pulse",
        "schedule": env.float("CELERY_PULSE_SECONDS", default=10.0),
        "options": {"expires": 60},
    },
    "old-receipts": {"task": "journal.forget_old_receipts", "schedule": crontab(hour="4", minute="10")},
    "old-reporters": {"task": "incidents.forget_old_reporters", "schedule": crontab(hour="4", minute="20")},
    "lost-files": {"task": "incidents.sweep_files", "schedule": crontab(hour="4", minute="50")},
    "old-sessions": {"task": "ondijon.clear_sessions", "schedule": crontab(hour="4", minute="30")},
    "old-tokens": {"task": "access.forget_old_tokens", "schedule": crontab(hour="4", minute="40")},
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
SESSION_COOKIE_NAME = "ondijon_session"
CSRF_COOKIE_NAME = "ondijon_csrf"
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

# How long reporters' names and words are kept once their incident is closed.
REPORTER_RETENTION_DAYS = env.int("REPORTER_RETENTION_DAYS", default=365)

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
