"""All settings, read from the environment; README.md lists the variables.

A value of the wrong type stops the start: DEBUG=ture is an error, not False. INSECURE_LOCAL=1 is the demo on
this machine (`make run`): it only lets cookies and pages travel without TLS. There is no other mode.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Env()

INSECURE_LOCAL = env.bool("INSECURE_LOCAL", False)
DEBUG = env.bool("DEBUG", False)
if DEBUG and not INSECURE_LOCAL:
    raise ImproperlyConfigured("DEBUG shows secrets to readers: it is for INSECURE_LOCAL=1 only.")


def _secret_key() -> str:
    """Return the key from SECRET_KEY or from the file that SECRET_KEY_FILE names.

    The demo looks into var/secret_key, which `make run` writes once.
    """
    key = env.str("SECRET_KEY", "").strip()
    path = env.str("SECRET_KEY_FILE", str(VAR_DIR / "secret_key") if INSECURE_LOCAL else "")
    if key or not path:
        return key
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"SECRET_KEY_FILE cannot be read: {error}") from error


SECRET_KEY = _secret_key()
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "There is no secret key. Set SECRET_KEY, or SECRET_KEY_FILE to the path of a file that holds one; "
        "for a demo on this machine run `make run`."
    )

# --- Addresses ------------------------------------------------------------------------------------

_LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", _LOCAL_HOSTS if INSECURE_LOCAL else [])
if not ALLOWED_HOSTS or any(not host or "*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name each host exactly, separated by commas.")


def _public_url() -> str:
    """Return the address under which readers reach us: it is written into published CSV lines."""
    local = f"http://127.0.0.1:{env.int('PORT', 8000)}"
    url = env.str("PUBLIC_URL", local if INSECURE_LOCAL else "")
    parts = urlsplit(url)
    schemes = {"http", "https"} if INSECURE_LOCAL else {"https"}
    if parts.scheme not in schemes or not parts.netloc or url != f"{parts.scheme}://{parts.netloc}":
        raise ImproperlyConfigured(
            f"PUBLIC_URL must read like https://timeline.example (no path, no slash at the end), not {url!r}."
        )
    return url


PUBLIC_URL = _public_url()
SITE_NAME = env.str("SITE_NAME", "Policy Change Record")


def _contact_url() -> str:
    """Return where readers report an error or send a source; "" is nowhere, and nothing is offered."""
    url = env.str("CONTACT_URL", "")
    parts = urlsplit(url)
    is_mail = parts.scheme == "mailto" and re.fullmatch(r"[^@\s]+@[^@\s]+", parts.path)
    is_page = parts.scheme == "https" and parts.hostname
    if url and (not (is_mail or is_page) or re.search(r"\s", url)):
        raise ImproperlyConfigured(
            "CONTACT_URL must read like https://timeline.example/contact or mailto:editors@timeline.example, "
            f"not {url!r}."
        )
    return url


CONTACT_URL = _contact_url()
# The path of a font file for the pictures beside shared links, where the system's fonts lack a script.
CARD_FONT = env.str("CARD_FONT", "")
# Whether what one person wrote is published by another one; a newsroom of one person turns it off.
REVIEW_REQUIRED = env.bool("REVIEW_REQUIRED", True)
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

# --- Parts ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "tracker.apps.TrackerConfig",
    "timeline.apps.TimelineConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "simple_history",
    "csp",
    "rest_framework",
    "drf_spectacular",
]

# Sessions and users are read lazily: a reader's page sets no cookie and asks for no session.
MIDDLEWARE = [
    # Outermost: whatever the others answer has a number in the log.
    "tracker.logs.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    # Before whatever looks an address up: the prefix of a language is part of it.
    "timeline.languages.LanguageMiddleware",
    "tracker.admin.outages.SturdySessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "tracker.admin.outages.OutageMiddleware",
    "tracker.admin.kept.KeptTextMiddleware",
]

TEMPLATES = [
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
    },
]

# --- API ------------------------------------------------------------------------------------------


def _rate() -> str | None:
    """Return how often one address may ask the API, such as 600/minute; None is as often as it likes."""
    rate = env.str("API_RATE", "600/minute")
    if rate and not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", rate):
        raise ImproperlyConfigured(f"API_RATE must read like 600/minute or be empty (no limit), not {rate!r}.")
    return rate or None


# Nobody signs in, nothing is sent: all it does is read the ledger and answer JSON.
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "timeline.api.negotiation.AlwaysJSON",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "timeline.api.openapi.EndpointSchema",
    "EXCEPTION_HANDLER": "timeline.api.problems.answer",
    "DEFAULT_THROTTLE_CLASSES": ["timeline.api.throttling.AddressThrottle"],
    "DEFAULT_THROTTLE_RATES": {"address": _rate()},
    # How many proxies of ours stand in front: whoever asks is the last address that they did not add.
    "NUM_PROXIES": env.int("PROXIES", 0),
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.1",
    "TITLE": f"{SITE_NAME} API",
    "VERSION": "1.0.0",
    "SERVERS": [{"url": PUBLIC_URL}],
    "POSTPROCESSING_HOOKS": ["timeline.api.openapi.complete"],
}
# Counts what each address asked, per process. Nothing that readers see is ever kept in a cache of Django's.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# --- Databases ------------------------------------------------------------------------------------

THREADS = env.int("THREADS", 4)

_SQLITE_OPTIONS: dict[str, Any] = {
    # Two writers queue instead of failing half way with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: an acknowledged edit survives a power cut. Recursive triggers: REPLACE meets the ledger's guards.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
}


def _postgresql_options() -> dict[str, Any]:
    """Return what libpq and psycopg are told, limits in milliseconds.

    A publisher waits for the one in front (lock_timeout) as long as a SQLite writer does.
    """
    limits = {
        "statement_timeout": env.int("STATEMENT_TIMEOUT_MS", 0),
        "lock_timeout": 20_000,
        "idle_in_transaction_session_timeout": 60_000,
    }
    # A chunk of a file is no work for several processes: starting them takes longer than reading it.
    told = limits | {"parallel_setup_cost": 10_000}
    options: dict[str, Any] = {"options": " ".join(f"-c {name}={value}" for name, value in told.items())}
    if env.bool("DATABASE_POOL", True):
        # The default of four starves a worker whose threads also stream downloads.
        options["pool"] = {"min_size": 1, "max_size": THREADS + 2, "timeout": 10}
    return options


def _database() -> dict[str, Any]:
    """Return the default database: DATABASE_URL, or a SQLite file under var/."""
    local = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "db.sqlite3"}
    database: dict[str, Any] = env.dj_db_url("DATABASE_URL") if env.str("DATABASE_URL", "") else local
    database.setdefault("OPTIONS", {})
    match database["ENGINE"]:
        case "django.db.backends.sqlite3":
            database["OPTIONS"] |= _SQLITE_OPTIONS
        case "django.db.backends.postgresql":
            database["OPTIONS"] |= _postgresql_options()
        case engine:
            raise ImproperlyConfigured(f"DATABASE_URL must be sqlite:// or postgresql://, not {engine}.")
    # No ATOMIC_REQUESTS: on SQLite a reader's transaction would take the write lock.
    return database | {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language and time ----------------------------------------------------------------------------

# Each in its own words, as readers choose it. A catalogue for each but English lies in locale/.
LANGUAGES = [("en", "English"), ("es", "Español")]
# The language of the site itself, which has no prefix in an address. (Shells set LANGUAGE for purposes of their own.)
LANGUAGE_CODE = env.str("SITE_LANGUAGE", "en")
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"SITE_LANGUAGE must be one of {', '.join(dict(LANGUAGES))}, not {LANGUAGE_CODE!r}.")
# That of the titles and summaries which editors write, as a language tag.
RECORD_LANGUAGE = env.str("RECORD_LANGUAGE", LANGUAGE_CODE)
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["tracker.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Accounts -------------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# `__Host-` cookies are refused by browsers unless they came by TLS, from this very host, for its root.
_COOKIE_PREFIX = "" if INSECURE_LOCAL else "__Host-"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}sessionid"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = not INSECURE_LOCAL
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = not INSECURE_LOCAL
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tracker.admin.kept.csrf_failure"
# Messages stay in the session: a cookie of their own would need the same care.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Walls ----------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = not INSECURE_LOCAL
# Asked by machines on this side of the proxy, which end no TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_LOCAL else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not INSECURE_LOCAL
# W021 asks to put the domain on a list built into browsers: the owner of the domain decides that, not we.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}

PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
        "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection",
        "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
        "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb",
        "xr-spatial-tracking",
    )
}  # fmt: skip

# Files that an editor sent and did not decide on yet. All workers must see this folder.
IMPORTS_DIR = Path(env.str("IMPORTS_DIR", str(VAR_DIR / "imports")))
# Where `manage.py backup` writes; best on another disk than the database.
BACKUPS_DIR = Path(env.str("BACKUPS_DIR", str(VAR_DIR / "backups")))
# What the law required to go, without its texts: `restore` does it again.
REDACTIONS_FILE = Path(env.str("REDACTIONS_FILE", str(BACKUPS_DIR / "redactions.jsonl")))
# The first one stops receiving what is too large; it stands in front of every address that reads a form.
FILE_UPLOAD_HANDLERS = [
    "tracker.admin.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A body above this is a 400 before a form sees it; uploaded files are streamed and capped where they arrive.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Log ------------------------------------------------------------------------------------------

# One JSON object a line for programs, or a line for people. Neither holds addresses, names or query strings.
LOG_FORMAT = env.str("LOG_FORMAT", "line")
if LOG_FORMAT not in {"json", "line"}:
    raise ImproperlyConfigured(f"LOG_FORMAT must be json or line, not {LOG_FORMAT!r}.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "tracker.logs.JsonFormatter"},
        "line": {
            "()": "tracker.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Replaces Django's own handlers, one of which mails every error to nobody.
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "tracker": {"level": "INFO"},
        # A line for each request; the demo is quiet.
        "tracker.requests": {"level": "WARNING" if INSECURE_LOCAL else "INFO"},
        "timeline": {"level": "INFO"},
    },
}
