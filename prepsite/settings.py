"""All settings, read once from typed environment variables.

With neither SECRET_KEY nor DATABASE_URL set the site runs in local mode: a SQLite
database and a secret of its own under the git-ignored ``var/``. Everything else is
production and must name its secret. The README lists every variable.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from prepsite.local_secret import read_or_make_secret

env = environ.Env()


def _switch(name: str, *, default: bool) -> bool:
    """Return a yes-or-no variable; env.bool would take every odd value for a no."""
    value = env.str(name, default="").strip().lower()
    if value in {"1", "on", "true", "yes"}:
        return True
    if value in {"0", "off", "false", "no"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write yes or no.")
    return default


BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

LOCAL_MODE = "SECRET_KEY" not in env.ENVIRON and "DATABASE_URL" not in env.ENVIRON
DEBUG = _switch("DEBUG", default=False)

if LOCAL_MODE:
    SECRET_KEY = read_or_make_secret(VAR_DIR / "secret_key")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="")
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "DATABASE_URL is set but SECRET_KEY is not. Set SECRET_KEY to a long random "
            "string that stays the same across restarts and machines."
        )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- Site -------------------------------------------------------------------------

SITE_NAME = env.str("SITE_NAME", default="Open Book Coder")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
_is_https = _site.scheme == "https"

ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[_site.hostname or "127.0.0.1", "localhost", "127.0.0.1", "[::1]"],
)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if _is_https else []

SESSION_COOKIE_SECURE = _is_https
CSRF_COOKIE_SECURE = _is_https
LEARNER_COOKIE_NAME = "learner"
LEARNER_COOKIE_SECURE = _is_https
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _switch("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = _switch("HSTS_PRELOAD", default=False)
# Both bind every host below this one, in other people's browsers, for as long as a year.
# Only who runs those hosts can promise that: here a no is an answer, not an oversight.
SILENCED_SYSTEM_CHECKS = [
    *([] if SECURE_HSTS_INCLUDE_SUBDOMAINS else ["security.W005"]),
    *([] if SECURE_HSTS_PRELOAD else ["security.W021"]),
]
# The proxy in front must set this header itself and drop what the client sent.
if _switch("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Without it all learners behind the proxy would share one address, and one limit.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}

# --- Applications -----------------------------------------------------------------

INSTALLED_APPS = [
    "prepsite",
    "prepsite.content",
    "prepsite.discovery",
    "prepsite.accounts",
    "prepsite.codes",
    "careers",
    "quizzes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "import_export",
    "simple_history",
    "prepsite.workplace.apps.WorkplaceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    # a page of allauth's passkeys asks for its filters
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "prepsite.content.pagecache.PublicPageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "prepsite.headers.FixedHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "prepsite.content.compression.PageGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "prepsite.accounts.middleware.LearnerCookieMiddleware",
]

ROOT_URLCONF = "prepsite.urls"
WSGI_APPLICATION = "prepsite.wsgi.application"

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
                "prepsite.content.context.site",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": dict(env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}"))
}
_engine = DATABASES["default"].get("ENGINE", "")
if _engine == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A write transaction takes its lock at once, so that two of them queue
        # instead of one failing when it upgrades from reading.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an acknowledged answer survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # Opening the file anew costs more than all of a page's statements.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # Threads of the live-server tests share a file, not an in-memory database.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
elif _engine == "django.db.backends.postgresql":
    # What the address asks for, TLS above all, stays. A worker that waited half a minute
    # for a lost database would keep the health check waiting too.
    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
        "pool": {"timeout": 5}
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured(
        "DATABASE_URL names neither PostgreSQL nor SQLite. Write it like"
        " postgresql://user:password@host:5432/name."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all workers: rate limits and sessions must count across processes.
CACHES = {
    "default": env.cache_url("CACHE_URL")
    if "CACHE_URL" in env.ENVIRON
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# A file waits here between the preview of its import and the import, on any of the machines.
IMPORT_EXPORT_TMP_STORAGE_CLASS = "prepsite.content.exchange.uploads.UploadStorage"

# --- Accounts ---------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["prepsite.accounts.backends.LearnerBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "quizzes:progress"
ACCOUNT_ADAPTER = "prepsite.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Nothing here needs a proven address, and a learner signs up in the middle of
# studying: the link is sent, practice goes on.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# One account, one address: the old one stays until the new one is confirmed.
ACCOUNT_CHANGE_EMAIL = True
# A browser left open must not be enough to take the account over.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "change_password": "prepsite.accounts.allauth_forms.ChangePasswordForm",
    "set_password": "prepsite.accounts.allauth_forms.SetPasswordForm",
    "reset_password_from_key": "prepsite.accounts.allauth_forms.ResetPasswordKeyForm",
    "add_email": "prepsite.accounts.allauth_forms.AddEmailForm",
}
# Amount, time, and whose: "ip" counts for one IP address, "user" for an account, "key" for
# the address typed in (sign-in, reset) or the account whose code is guessed. Whatever
# sends mail to an address that somebody typed in has an hourly limit too.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,100/h/ip,5/5m/key,20/h/key",
    "signup": "10/m/ip,60/h/ip",
    "reset_password": "10/m/ip,60/h/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user,40/h/user",
    "change_password": "5/m/user",
    "manage_email": "5/m/user,20/h/user",
    "confirm_email": "1/180s/key",
    "staff_link": "3/15m/user",
    # A class behind one address reports less than a script that drops its cookies.
    "report_question": "60/h/ip",
}
MFA_ADAPTER = "prepsite.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers take http://localhost for secure; the passkey library has to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _is_https
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "prepsite.accounts.allauth_forms.ActivateAppForm",
    "authenticate": "prepsite.accounts.allauth_forms.CodeForm",
    "reauthenticate": "prepsite.accounts.allauth_forms.ConfirmByCodeForm",
    "login_webauthn": "prepsite.accounts.allauth_forms.PasskeySignInForm",
    "authenticate_webauthn": "prepsite.accounts.allauth_forms.PasskeyForm",
    "reauthenticate_webauthn": "prepsite.accounts.allauth_forms.ConfirmByPasskeyForm",
    "add_webauthn": "prepsite.accounts.allauth_forms.AddPasskeyForm",
    "edit_webauthn": "prepsite.accounts.allauth_forms.RenamePasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}

# Reads of a session cost no statement; the row in the database is what counts.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# Messages live in the session: a cookie of their own would keep pages from the cache.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "prepsite.views.csrf_failure"

# --- Mail -------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{_site.hostname}")
MAILERS: dict[str, dict[str, Any]]
if env.str("EMAIL_HOST", default=""):
    MAILERS = {
        # No request waits for a mail server.
        "default": {
            "BACKEND": "prepsite.accounts.mail.BackgroundBackend",
            "OPTIONS": {"deliver_with": "smtp"},
        },
        "smtp": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": env.str("EMAIL_HOST"),
                "port": env.int("EMAIL_PORT", default=587),
                "username": env.str("EMAIL_USER", default=""),
                "password": env.str("EMAIL_PASSWORD", default=""),
                "use_tls": _switch("EMAIL_USE_TLS", default=True),
                "timeout": 20,
            },
        },
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(VAR_DIR / "mail")},
        },
    }

# --- Static files -----------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# No other site is meant to load our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Language and time ------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = False
# Most learners sit the exam in the United States.
TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")
USE_TZ = True

# --- Logs -------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
        "plain": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="plain" if LOCAL_MODE else "json"),
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Django's own handlers would print each record a second time.
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
