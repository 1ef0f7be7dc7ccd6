"""What the environment decides, and what holds everywhere.

OMNI_DATABASE_URL, OMNI_REDIS_URL   real servers; without them the embedded ones announce themselves here
OMNI_PUBLIC_URL                     where people reach us; https turns on redirect, HSTS and secure cookies
OMNI_SECRET_KEY                     signs sessions; without it one is made and kept in OMNI_VAR
OMNI_SECRET_KEY_FALLBACKS           former keys, separated by commas: what they signed stays valid
OMNI_VAR                            the folder for everything that is written (default: var/)
OMNI_PROCESS                        web, worker, relay, manage or test: decides pool and time limits
OMNI_DEBUG                          off by default, refused together with a public https address
OMNI_SMS_SENDER                     who sends text messages (default: they are written to the console)
OMNI_PAYMENT_GATEWAY                who moves card money (default: a simulated terminal; see docs/payments.md)
OMNI_HQ_SECOND_STEP                 HQ's pages ask for a code of an authenticator app; on with https, off without
OMNI_STRIPE_KEY, OMNI_STRIPE_READER   for the Stripe gateway: the account's secret key, and the store's card reader
OMNI_CARRIER                        who sells labels (default: a simulated carrier; see docs/carriers.md)
OMNI_EASYPOST_API_KEY, OMNI_EASYPOST_HOOK_SECRET   for the EasyPost adapter: the account's key, its webhooks' secret
OMNI_SIMULATOR_HOOK_SECRET          signs tracking news from outside for the simulated carrier
OMNI_OUTBOUND_ALLOW                 host:port,... private addresses that webhooks may reach, for development
"""

from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ  # type: ignore[import-untyped]
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from omni.database import database
from omni.logs import logging_config, use_structlog
from omni.openapi import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from omni.secret import secret_key

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.str("OMNI_VAR", default=str(BASE_DIR / "var")))
PROCESS = env.str("OMNI_PROCESS", default="manage")
if PROCESS not in {"web", "worker", "relay", "manage", "test"}:
    raise ImproperlyConfigured(f"OMNI_PROCESS is {PROCESS!r}; it is web, worker, relay, manage or test.")

# --- where people reach us ------------------------------------------------------------------------------
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("OMNI_PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname:
    raise ImproperlyConfigured(f"OMNI_PUBLIC_URL is {PUBLIC_URL!r}; it is https://store.example.com or alike.")
HTTPS = _public.scheme == "https"

DEBUG = env.bool("OMNI_DEBUG", default=False)
if DEBUG and HTTPS:
    raise ImproperlyConfigured("OMNI_DEBUG shows internals to everybody; it is refused with a public https address.")
SECRET_KEY = secret_key(env.str("OMNI_SECRET_KEY", default=""), VAR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("OMNI_SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = sorted({_public.hostname, "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # a probe asks the process itself, not the proxy before it
# Whose X-Forwarded-For is believed: addresses or networks of our own proxies.
TRUSTED_PROXIES = [ip_network(each.strip()) for each in env.list("OMNI_TRUSTED_PROXIES", default=[])]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # one long shift
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- what it is made of ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "omni.core",
    "inventory",
    "customers",
    "orders",
    "returns",
    "omni.apps.HqConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_filters",
    "django_htmx",
    "template_partials",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    # Last: when it is ready, every app is, and their subscribers, checks and periodic jobs can be gathered.
    "omni.apps.OmniConfig",
]
MIDDLEWARE = [
    "omni.middleware.RequestContext",
    "django.middleware.security.SecurityMiddleware",
    "omni.core.statics.KeptStatics",
    "omni.middleware.WrittenPolicy",
    "omni.middleware.CleanInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "omni.middleware.KeptActs",
    "omni.middleware.SharedDevice",
    "django_otp.middleware.OTPMiddleware",
    "omni.middleware.PracticeWorld",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "omni.middleware.PrivatePages",
    "omni.middleware.HonestAnswers",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "omni.urls"
WSGI_APPLICATION = "omni.wsgi.application"
ASGI_APPLICATION = "omni.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.debug",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "omni.core.web.frame",
            ],
        },
    }
]

# --- where it keeps things ------------------------------------------------------------------------------
# Port 1 answers nobody: without a URL we must not reach a server that happens to listen on the usual port.
DATABASES = {
    "default": database(env.db_url("OMNI_DATABASE_URL", default="postgres://omni@127.0.0.1:1/omni"), process=PROCESS)
}
REDIS_URL = env.str("OMNI_REDIS_URL", default="redis://127.0.0.1:1/0")


def _other_redis_database(url: str) -> str:
    """Counters live beside the queues, so that clearing a cache never clears a queue."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + 1
    return urlunsplit(parts._replace(path=f"/{number}"))


CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Only for what may be absent (rate limits): it answers within a blink or counts as away.
    "shared": {
        "BACKEND": "omni.core.counters.Counters",
        "LOCATION": _other_redis_database(REDIS_URL),
        "KEY_PREFIX": "omni",
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25, "retry": None},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # gone with the person, not in a cookie
PRIVATE_FILES = VAR / "files"
STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "omni.core.statics.VersionedStatics"},
}
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
# Files are served from where they lie, so nothing has to be collected. What has its version in its address is kept;
# about all else a browser asks whether its copy is still the newest (304 by ETag).
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

# --- who may come in ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if PROCESS == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "sign-in"
CSRF_FAILURE_VIEW = "omni.core.views.errors.foreign_form"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# A whole store sits behind one address: one person's typing errors must not lock out the shift.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "omni.core.sender.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_VERBOSE = False
HQ_SECOND_STEP = env.bool("OMNI_HQ_SECOND_STEP", default=HTTPS)
OTP_TOTP_ISSUER = "omni"

# --- language and time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "omni.formats"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# --- the API --------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["omni.core.rest.keys.BearerKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["omni.core.rest.scopes.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["omni.core.rest.throttle.KeyRate"],
    "DEFAULT_PARSER_CLASSES": ["omni.core.rest.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "omni.core.rest.pages.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "omni.core.rest.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "NON_FIELD_ERRORS_KEY": "non_field_errors",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "omni.core.rest.errors.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "omni.core.rest.errors.ProblemFormatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}

# --- work in the background: Celery is a wake-up call, the work itself lies in PostgreSQL ------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 45
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = PROCESS == "worker"
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 25,
    "retry_on_timeout": False,
}
if PROCESS != "worker":
    # Whoever only publishes gives up at once: the work lies in the database, and somebody may be waiting at the desk.
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
CELERY_DB_REUSE_MAX = 1000
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_TIMEZONE = "UTC"

# --- mail, logs, going out ------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("OMNI_MAIL_FROM", default="store@example.com")
if env.str("OMNI_EMAIL_URL", default=""):
    vars().update(env.email_url("OMNI_EMAIL_URL"))
EMAIL_TIMEOUT = 15
LOGGING = logging_config(level="INFO" if PROCESS in {"web", "worker", "relay"} else "WARNING")
use_structlog()
OUTBOUND_ALLOW = frozenset(env.list("OMNI_OUTBOUND_ALLOW", default=[]))
STRIPE_KEY, STRIPE_READER = env.str("OMNI_STRIPE_KEY", default=""), env.str("OMNI_STRIPE_READER", default="")
PAYMENT_GATEWAY = env.str("OMNI_PAYMENT_GATEWAY", default="orders.payments.simulator.SimulatorGateway")
# The secrets with which partners sign what they send to /hooks/<source>/; without one its hook is closed.
HOOK_SECRETS = {"simulator": env.str("OMNI_SIMULATOR_HOOK_SECRET", default=""),
                "easypost": env.str("OMNI_EASYPOST_HOOK_SECRET", default=""),
                "stripe": env.str("OMNI_STRIPE_HOOK_SECRET", default="")}  # fmt: skip
SMS_SENDER = env.str("OMNI_SMS_SENDER", default="orders.sms.console.ConsoleSender")
CARRIER = env.str("OMNI_CARRIER", default="orders.carriers.simulator.Simulator")
EASYPOST_API_KEY = env.str("OMNI_EASYPOST_API_KEY", default="")
