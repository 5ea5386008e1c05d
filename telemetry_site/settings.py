"""Django's settings, built from the options; one file for every environment."""

from pathlib import Path

from telemetry_site import options, places, schedule

BASE_DIR = Path(__file__).resolve().parent.parent
TELEMETRY = options.load()
DATA_DIR = TELEMETRY["DATA_DIR"]

DEBUG = False
SECRET_KEY = places.secret_key(TELEMETRY["SECRET_KEY"], DATA_DIR)
ALLOWED_HOSTS = places.allowed_hosts(
    TELEMETRY["ALLOWED_HOSTS"], TELEMETRY["BIND"], TELEMETRY["HOST"]
)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "telemetry_site",
    "telemetry_site.core",
    "meters",
    "events",
    "alarms",
    "pollsters",
]

MIDDLEWARE = [
    "telemetry_site.core.api.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "telemetry_site.core.api.middleware.content_length",
    "telemetry_site.core.api.middleware.trailing_slash",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "telemetry_site.headers.page_headers",
]

ROOT_URLCONF = "telemetry_site.urls"
WSGI_APPLICATION = "telemetry_site.wsgi.application"
APPEND_SLASH = False

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

DATABASES = {"default": places.database(TELEMETRY["DATABASE_URL"], DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/metering/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "telemetry_site" / "static"]
WHITENOISE_USE_FINDERS = True

# TLS belongs to the proxy in front; on loopback there is none, and secure cookies would not come.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

DATA_UPLOAD_MAX_MEMORY_SIZE = None  # bodies are bounded by MAX_BODY, where they are read

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Telemetry",
    "DESCRIPTION": "Samples, meters, resources and statistics of a cloud.",
    "VERSION": "2",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": ["telemetry_site.core.api.schema.with_fault"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

SEND_TASK = "telemetry_site.celery.send"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_QUEUES = schedule.QUEUES
CELERY_TASK_DEFAULT_QUEUE = schedule.DEFAULT_QUEUE
CELERY_TASK_ROUTES = schedule.ROUTES
CELERY_BEAT_SCHEDULE = schedule.beat()
globals().update(
    {
        f"CELERY_{name.upper()}": value
        for name, value in places.broker(TELEMETRY["BROKER_URL"], DATA_DIR).items()
    }
)

QUIET = "DEBUG" if TELEMETRY["LOG_LEVEL"] == "DEBUG" else "WARNING"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": TELEMETRY["LOG_LEVEL"]},
    # Each tick would be two lines every other second.
    "loggers": {name: {"level": QUIET} for name in ("celery.worker.strategy", "celery.app.trace")}
    # It writes addresses with their queries, which may be signed.
    | {"urllib3": {"level": "ERROR"}}
    # A refused request is its sender's affair.
    | {"django.request": {"level": "DEBUG" if QUIET == "DEBUG" else "ERROR"}},
}
