"""Every setting of the program, as the environment has it. See .env.example for what each means.

Those of `kept_settings/catalogue.py` may have another value while the program runs, where the
environment says nothing: who uses one asks for it each time.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from localchat.lib import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA = environment.data_folder()
RUN = Path(environment.text("LOCALCHAT_RUN") or DATA / "run")
ORIGINALS = DATA / "originals"
WEIGHTS = Path(environment.text("LOCALCHAT_WEIGHTS") or DATA / "weights")
MODELS = Path(environment.text("LOCALCHAT_MODELS") or DATA / "models")

HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.number("PORT", 8000, at_least=1, at_most=65535)
PUBLIC_URL = environment.public_url()
OWNER_UID = environment.number("LOCALCHAT_OWNER_UID", os.getuid())
OWNER_MODE = not PUBLIC_URL and environment.is_loopback(HOST)
STANDALONE = environment.flag("LOCALCHAT_STANDALONE")  # a command without a running server
MAX_UPLOAD_MB = environment.number("MAX_UPLOAD_MB", 512, at_least=1)
HEADERS_SECONDS = environment.number("HEADERS_SECONDS", 20, at_least=1, at_most=3600)
SOCKETS_PER_ADDRESS = environment.number("SOCKETS_PER_ADDRESS", 500, at_least=1)
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
ANSWER_TOKENS = environment.number("ANSWER_TOKENS", 4096, at_least=64)
FIRST_WORD_SECONDS = environment.number("FIRST_WORD_SECONDS", 20, at_least=1)
TITLES = environment.flag("TITLES", True)
CHAT_MODEL = environment.text("CHAT_MODEL")  # of who has chosen none
SHARING_ROLE = environment.text("SHARING_ROLE", "reader")
if SHARING_ROLE not in {"reader", "writer", "keeper"}:
    environment.refuse("SHARING_ROLE", "must be reader, writer or keeper.")
BACKUP_FOLDER = Path(environment.text("BACKUP_FOLDER") or DATA / "backups").expanduser()
BACKUP_HOURS = environment.number("BACKUP_HOURS", 0, at_most=8760)  # 0: none by themselves
BACKUPS_KEPT = environment.number("BACKUPS_KEPT", 7, at_most=1000)
ADMIN_PASSWORD = environment.text("LOCALCHAT_ADMIN_PASSWORD")
OIDC_ISSUER = environment.text("OIDC_ISSUER")  # as the provider calls itself, to the last slash
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = map(environment.text, ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"))
OIDC_NAME = environment.text("OIDC_NAME", "OpenID Connect")
OIDC_SIGN_UP = environment.flag("OIDC_SIGN_UP")
environment.check_provider(OIDC_ISSUER, OIDC_CLIENT_ID)
LDAP_SERVER = environment.directory_url("LDAP_SERVER")
LDAP_ENCRYPTION, LDAP_CA_FILE = map(environment.text, ("LDAP_ENCRYPTION", "LDAP_CA_FILE"))
# Who looks people up (empty: nobody by name), or in its place whom each one is, with {name}.
LDAP_BIND_DN, LDAP_BIND_PASSWORD = map(environment.text, ("LDAP_BIND_DN", "LDAP_BIND_PASSWORD"))
LDAP_DN_TEMPLATE, LDAP_BASE = map(environment.text, ("LDAP_DN_TEMPLATE", "LDAP_BASE"))
LDAP_FILTER = environment.text("LDAP_FILTER", "(uid={name})")
LDAP_ID, LDAP_NAME = environment.text("LDAP_ID", "entryUUID"), environment.text("LDAP_NAME", "uid")
LDAP_GROUP_BASE = environment.text("LDAP_GROUP_BASE")
LDAP_GROUP_FILTER = environment.text("LDAP_GROUP_FILTER", "(objectClass=*)")
LDAP_SYNC_MINUTES = environment.number("LDAP_SYNC_MINUTES", 5, at_most=1440)  # 0: never
LDAP_SIGN_UP, LDAP_TITLE = environment.flag("LDAP_SIGN_UP"), environment.text("LDAP_TITLE", "LDAP")
if LDAP_SERVER:
    environment.check_directory(LDAP_BASE, LDAP_FILTER, LDAP_DN_TEMPLATE, LDAP_ENCRYPTION)
QUESTIONS_PER_HOUR = environment.number("QUESTIONS_PER_HOUR", 0)  # of each person; 0: no limit
UPLOADS_PER_HOUR = environment.number("UPLOADS_PER_HOUR", 0)
STORAGE_BYTES_PER_USER = environment.number("STORAGE_BYTES_PER_USER", 0, at_most=2**60)
SOCKETS_PER_USER = environment.number("SOCKETS_PER_USER", 0)
AUDIT_DAYS = environment.number("AUDIT_DAYS", 180, at_least=1, at_most=36_500)

OLLAMA_HOST = environment.server_urls("OLLAMA_HOST", "http://127.0.0.1:11434", port=11434)
OLLAMA_NUM_BATCH = environment.number("OLLAMA_NUM_BATCH", 256)
BUILTIN_THREADS = environment.number("BUILTIN_THREADS", 0, at_most=512)
BUILTIN_IDLE_SECONDS = environment.number("BUILTIN_IDLE_SECONDS", 600, at_least=1)
MODEL_REGISTRY = environment.server_url("MODEL_REGISTRY", "https://registry.ollama.ai")
OPENAI_BASE_URL = environment.server_url("OPENAI_BASE_URL", "")
OPENAI_API_KEY = environment.text("OPENAI_API_KEY")
ENGINE_SLOTS = environment.number("ENGINE_SLOTS", 0, at_most=512)  # 0: Ollama and /v1 queue
RERANK_MODEL = environment.text("RERANK_MODEL")
RERANK_BASE_URL = environment.server_url("RERANK_BASE_URL", "")
RERANK_API_KEY = environment.text("RERANK_API_KEY")
RERANK_MS = environment.number("RERANK_MS", 1000, at_least=10, at_most=60_000)
if RERANK_MODEL and not (RERANK_BASE_URL or OPENAI_BASE_URL):
    environment.refuse("RERANK_MODEL", "needs the server that has it, as RERANK_BASE_URL.")

DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.secret_key(DATA, public=bool(PUBLIC_URL))
_public = urlsplit(PUBLIC_URL)
# The gate in front of Django judges Host and Origin by our own address and port.
ALLOWED_HOSTS = (
    [_public.hostname] if _public.hostname else ["127.0.0.1", "localhost", "[::1]", HOST]
)
if not PUBLIC_URL and HOST in environment.EVERYWHERE:
    ALLOWED_HOSTS += ["*"]  # the gate knows by which address each connection came
CSRF_FAILURE_VIEW = "localchat.web.unasked_pages.without_token"
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if PUBLIC_URL else []
FORCE_SCRIPT_NAME = _public.path or None
SECURE_COOKIES = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = f"{_public.path}/"
SESSION_COOKIE_NAME = f"localchat_session_{PORT}"
CSRF_COOKIE_NAME = f"localchat_csrf_{PORT}"
LANGUAGE_COOKIE_NAME = f"localchat_language_{PORT}"
ZONE_COOKIE_NAME = f"localchat_zone_{PORT}"
LANGUAGE_COOKIE_AGE = 365 * 86_400
LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "ninja",
    "localchat",
    "localchat.accounts",
    "localchat.accounts.invitations",
    "localchat.accounts.sign_ins",
    "localchat.accounts.audit",
    "localchat.accounts.second_factor",
    "localchat.accounts.identities",
    "localchat.kept_settings",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "models_mgmt",
    "documents",
    "chat",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "localchat.web.compression.PackedPages",
    "localchat.web.assets.serve",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "localchat.accounts.middleware.headers",
    "localchat.web.unasked_pages.shaped",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "localchat.lib.zone.zone",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "localchat.accounts.middleware.visitor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "localchat.lib.uploads.uploads",  # the last, see there
]
ROOT_URLCONF = "localchat.urls"
ASGI_APPLICATION = "localchat.asgi.application"
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
    }
]


# Who finds all of them taken waits for ten seconds, and then is told that something went wrong.
# PostgreSQL has a hundred for all processes; a web process keeps sixteen besides, see `db_threads`.
_SHARE = 85 // environment.number("WEB_PROCESSES", 1, at_least=1, at_most=64) - 16
POOL = {"min_size": 0, "max_size": max(4, min(60, _SHARE)), "timeout": 10, "max_idle": 120}


def _database(url: str) -> dict[str, object]:
    """Django's settings for postgres://user:password@host:port/name, host also as ?host=/folder."""
    parts = urlsplit(url)
    asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = asked.pop("host", "") or unquote(parts.hostname or "")
    if parts.scheme not in {"postgres", "postgresql"}:
        environment.refuse("DATABASE_URL", "must begin with postgres://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": asked.pop("port", "") or str(parts.port or ""),
        # A view runs in a thread of its own request: its connection has to come from elsewhere.
        "OPTIONS": {"connect_timeout": 5, "pool": POOL, **asked},
        "CONN_HEALTH_CHECKS": True,
    }


DATABASE_URL = environment.text("DATABASE_URL") or f"postgres://localchat@/localchat?host={RUN}"
REDIS_URL = environment.text("REDIS_URL") or f"unix://{RUN}/redis.sock"
DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# redis-py's own default of 5 s would end every idle wait with an error.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    }
}
TOPIC_SECONDS = 6 * 3600  # how long the events of a finished job can be replayed
STALE_SECONDS = 10  # a job whose heartbeat is older has lost its writer
FIRST_BYTE_SECONDS = 600  # loading a model may take long
IDLE_SECONDS = 60  # the longest silence between two pieces of an answer

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_ALWAYS_EAGER = STANDALONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "documents"
CELERY_TASK_ROUTES = {
    "models_mgmt.tasks.*": {"queue": "pulls"},
    "localchat.tasks.*": {"queue": "pulls"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 86_400}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "localchat.accounts.directory.backend.Directory",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
OTP_TOTP_ISSUER = "LocalChat"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "chat"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"  # of the pages; answers are said in the question's, see `lib/language.py`
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # of the pages, each by its own name
LOCALE_PATHS = [BASE_DIR / "localchat" / "locale"]  # before what Django's apps say
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = f"{_public.path}/static/"
STATICFILES_DIRS = [BASE_DIR / "localchat" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # of a form's fields; files have MAX_UPLOAD_MB
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000  # of one upload
FILE_UPLOAD_TEMP_DIR = None
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS, secure cookies and redirects follow from LOCALCHAT_PUBLIC_URL
    "security.W008",
    "security.W012",
    "security.W016",
]
LOG_FORMAT = environment.text("LOG_FORMAT", "line")
if LOG_FORMAT not in {"line", "json"}:
    environment.refuse("LOG_FORMAT", f"must be line or json, not {LOG_FORMAT!r}.")
LOG_FILE = environment.text("LOCALCHAT_LOG")  # beside standard output; of this process alone
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "localchat.log_lines.Json", "format": "%(message)s"},
        "line": {
            "()": "localchat.log_lines.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "file": (
            {"class": "localchat.log_lines.File", "path": LOG_FILE, "formatter": LOG_FORMAT}
            if LOG_FILE
            else {"class": "logging.NullHandler"}
        ),
    },
    "root": {"handlers": ["console", "file"], "level": environment.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        name: {"level": environment.text("LOG_LEVEL", "INFO")}
        for name in ("localchat", "documents", "chat", "models_mgmt")
    }
    | {
        "psycopg.pool": {"level": "ERROR"},  # that it tries once more is no news
        "mcp": {"level": "ERROR"},  # below that stands what a tool was asked
    },
}
