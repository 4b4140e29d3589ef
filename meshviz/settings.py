"""Django's settings. What operators may change is in `meshviz.config`, nothing of it here."""

import os
import secrets
import sys
from pathlib import Path

from meshviz import __version__, config, database
from meshviz.logs import has_traceback

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    MESHVIZ = config.load(os.environ)
except config.ConfigError as error:
    sys.stderr.write(f"{error}\n")
    raise SystemExit(2) from None

# The REST framework imports these fields, and with them all of psycopg, wherever that is installed:
# 4 MB of every process that has SQLite or nothing to keep. None of our tables has such a field;
# one that does has to take out this line.
sys.modules.setdefault("django.contrib.postgres.fields", None)  # type: ignore[arg-type]  # blocks

# Only sign-ins are signed; without them nothing has to outlive the process.
SECRET_KEY = MESHVIZ.lasting_key or secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = config.host_names(MESHVIZ)

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "drf_spectacular_sidecar",
    "django_vite",
    "graph",
]
MIDDLEWARE = ["meshviz.static.StaticFiles"]
ROOT_URLCONF = "meshviz.urls"
ASGI_APPLICATION = "meshviz.asgi.application"
APPEND_SLASH = False
DATABASES = {"default": database.django_settings(MESHVIZ.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

if MESHVIZ.has_users:
    # Left out otherwise: these and what they import are 5 MB of a process.
    INSTALLED_APPS += [
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "graph.saved",
        "meshviz.signin",
    ]
    MIDDLEWARE += ["meshviz.signin.cookies.SecureCookies"]
    if MESHVIZ.has_sessions:
        INSTALLED_APPS += ["django.contrib.sessions"]
        MIDDLEWARE += ["django.contrib.sessions.middleware.SessionMiddleware"]
    MIDDLEWARE += ["django.middleware.csrf.CsrfViewMiddleware"]
    if MESHVIZ.has_sessions:
        MIDDLEWARE += ["django.contrib.auth.middleware.AuthenticationMiddleware"]
    MIDDLEWARE += ["meshviz.signin.gate.Gate"]
    CSRF_FAILURE_VIEW = "meshviz.signin.refusals.stale_form"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "CommonPassword", "NumericPassword")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
SESSION_COOKIE_NAME = "meshviz_session"
# How often it is asked whether those who watch still may.
SESSION_LOOK_AGAIN_S = 60.0
CSRF_COOKIE_NAME = "meshviz_csrf"
# The page is told the token by /api/v1/me; scripts have no use for the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
# Behind a proxy that ends TLS a form's origin is not the address that meshviz sees.
CSRF_TRUSTED_ORIGINS = list(MESHVIZ.extra_origins)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "meshviz" / "templates"],
        "OPTIONS": {"context_processors": []},
    }
]

STATIC_URL = "/static/"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
FRONTEND_MANIFEST = FRONTEND_DIST / ".vite" / "manifest.json"
STATICFILES_DIRS = [FRONTEND_DIST, BASE_DIR / "meshviz" / "static"]
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": FRONTEND_MANIFEST}}

# graph.apps says the same in our words and with our command.
SILENCED_SYSTEM_CHECKS = [
    "staticfiles.W004",
    "django_vite.W001",
    # Of `check --deploy`. Headers are put on every answer by `meshviz.guard`, also on those that
    # Django never sees; Strict-Transport-Security is for whoever ends TLS to say.
    "security.W001",
    "security.W002",
    # Where nobody signs in nothing can be changed; elsewhere the middleware is there.
    *([] if MESHVIZ.has_users else ["security.W003"]),
    # The key is 32 characters at least (`meshviz.parsing`): in base64 192 bits.
    "security.W009",
    # `meshviz.signin.cookies` marks cookies Secure wherever the browser came by https.
    "security.W012",
    "security.W016",
]

# Files are found where they lie when they are asked for: no collectstatic step to forget, and a
# front end built while the server runs is there at the next reload.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Vite writes a content hash before the suffix of everything in assets/.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[0-9A-Za-z_-]{8}\.[a-z0-9.]+$"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["graph.api.answers.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "graph.api.answers.explain_exception",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "meshviz",
    "DESCRIPTION": "The service graph of an Istio mesh, as JSON.",
    "VERSION": __version__,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "POSTPROCESSING_HOOKS": ["graph.api.wire_schema.add_components"],
}

_LEVEL = MESHVIZ.log_level.upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "meshviz.logs.formatter", "kind": MESHVIZ.log_format},
    },
    "filters": {
        "once": {"()": "meshviz.logs.OnceInAWhile"},
        "flood": {"()": "meshviz.logs.Seldom"},
        "failed": {"()": "django.utils.log.CallbackFilter", "callback": has_traceback},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "seldom": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["once"],
        },
    },
    "root": {"handlers": ["stderr"], "level": _LEVEL},
    "loggers": {
        # Their info level tells of every start and socket; ours says it once, in our words.
        "uvicorn": {"level": _LEVEL if _LEVEL != "INFO" else "WARNING"},
        # What a bad guest sends, a line for each would fill the disk; metrics count them.
        "uvicorn.error": {"filters": ["flood"]},
        "graph.live.routing": {"filters": ["flood"]},
        # Its debug level prints addresses with whatever was in them.
        "urllib3": {"level": "INFO" if _LEVEL == "DEBUG" else _LEVEL},
        # It logs every 4xx as a warning; what a client asked wrongly is told to the client.
        # And every 5xx, also those whose reason is in a line of our own.
        "django.request": {"level": "ERROR", "filters": ["failed"]},
        # It tells of the same with a traceback each.
        "django.security": {"level": "CRITICAL"},
        "asyncio": {"level": "WARNING"},
        # It tells of every task, of which there is one a second that finds nothing to do.
        "celery": {"level": "WARNING", "handlers": ["seldom"], "propagate": False},
        # It warns of every try to reach a database that is away; the request that failed says so.
        "psycopg.pool": {"level": "ERROR"},
    },
}
