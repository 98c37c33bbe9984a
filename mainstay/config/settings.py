"""How Mainstay is configured: read from MAINSTAY_* variables, checked at start, each with a remedy."""

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """Every name an operator may set, with its meaning."""

    model_config = SettingsConfigDict(env_prefix="MAINSTAY_", env_file=".env", extra="ignore")

    home: Path = Field(Path("var"), description="Folder of the embedded database and generated files.")
    sync_folder: str = Field("", description="Folder below which network managers drop exports; empty: HOME/sync.")
    database_url: str = Field("", description="postgresql://user:password@host:port/name; empty: SQLite in HOME.")
    secret_key: str = Field("", description="Signs sessions; generated once into HOME when empty.")
    debug: bool = Field(False, description="Show tracebacks to visitors. Never on a reachable host.")
    allowed_hosts: list[str] = Field(["*"], description="Host names the console answers to (JSON list).")
    trusted_origins: list[str] = Field([], description="https origins allowed to post forms (JSON list).")
    secure_cookies: bool = Field(False, description="Send cookies over https only; set it behind TLS.")
    live_url: str = Field("", description="Where browsers reach the live process; empty: same host, next port.")
    web_port: int = Field(8000, description="Port of the web process, as browsers see it.")
    live_port: int = Field(8001, description="Port of the live process (server-sent events).")
    operator_name: str = Field("砥柱演示电信", description="The operator's name as customers read it.")
    language: Literal["zh-hans", "en"] = Field("zh-hans", description="For people who chose none: zh-hans or en.")
    time_zone: str = Field("Asia/Shanghai", description="Zone in which instants are shown.")
    keep_reports_days: int = Field(400, ge=0, description="How long judged alarm reports are kept; 0: for good.")
    keep_answers_days: int = Field(30, ge=0, description="How long answers to alarm batches are kept; 0: for good.")
    queue_most: int = Field(100_000, ge=0, description="Reports that may wait before doors answer 429; 0: any number.")
    queue_longest_s: int = Field(300, ge=0, description="Seconds a report may wait before doors answer 429; 0: any.")
    keep_messages_days: int = Field(400, ge=0, description="How long messages to staff are kept; 0: for good.")
    keep_samples_days: int = Field(35, ge=0, description="How long performance samples are kept; 0: for good.")
    keep_hour_rolls_days: int = Field(400, ge=0, description="How long their hours are kept; 0: for good.")
    keep_day_rolls_days: int = Field(0, ge=0, description="How long their days are kept; 0: for good.")
    samples_longest_s: int = Field(900, ge=0, description="Seconds rolling up may be late before 429; 0: any.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="What is logged, and worse.")
    log_format: Literal["json", "console"] = Field("json", description="json, or console for people.")


def read_environment() -> Environment:
    """Read the variables; a wrong value stops the start and names itself."""
    try:
        return Environment()
    except ValidationError as error:
        lines = [f"MAINSTAY_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise ImproperlyConfigured("Wrong settings; correct these variables:\n" + "\n".join(lines)) from error


def _secret_key(env: Environment) -> str:
    if env.secret_key:
        return env.secret_key
    kept = env.home / "secret_key"
    if not kept.exists():
        import secrets

        env.home.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600, exist_ok=True)
        if not kept.read_text():
            kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def _database(env: Environment) -> dict[str, Any]:
    if not env.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": env.home / "mainstay.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
            },
        }
    url = urlsplit(env.database_url)
    if url.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            f"MAINSTAY_DATABASE_URL starts with {url.scheme!r}; give postgresql://user:password@host:port/name."
        )
    query = dict(part.split("=", 1) for part in url.query.split("&") if "=" in part)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(query.get("host", "")) or url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Compiling a query takes longer than any of ours runs; a wrong guess of the planner would cost a second more.
        "OPTIONS": {"options": "-c jit=off"},
    }


def _channel_secrets() -> dict[str, str]:
    """Read the senders' secrets: every MAINSTAY_CHANNEL_… variable, of the environment or of .env."""
    kept = {name: value or "" for name, value in dotenv_values(".env").items()}
    return {name: value for name, value in (kept | os.environ).items() if name.startswith("MAINSTAY_CHANNEL_")}


ENV = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = _secret_key(ENV)
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.trusted_origins

INSTALLED_APPS = [
    "mainstay.config",
    "mainstay.faces.ui",
    "mainstay.faces.web",
    "mainstay.faces.portal",
    "mainstay.faces.api",
    "mainstay.faces.demo",
    "mainstay.service.reports",
    "mainstay.service.compensation",
    "mainstay.service.service_levels",
    "mainstay.service.tickets",
    "mainstay.service.announcements",
    "mainstay.service.promises",
    "mainstay.network.alarms",
    "mainstay.network.planned_work",
    "mainstay.network.performance",
    "mainstay.network.reconciliation",
    "mainstay.network.inventory",
    "mainstay.accounts.offers",
    "mainstay.accounts.points",
    "mainstay.accounts.credit",
    "mainstay.accounts.tiers",
    "mainstay.accounts.nominations",
    "mainstay.accounts.schemes",
    "mainstay.accounts.target_groups",
    "mainstay.accounts.contracts",
    "mainstay.accounts.revenue",
    "mainstay.accounts.consulting",
    "mainstay.accounts.duplicates",
    "mainstay.accounts.portfolios",
    "mainstay.accounts.packages",
    "mainstay.accounts.customers",
    "mainstay.accounts.catalog",
    "mainstay.platform.documents",
    "mainstay.platform.monitoring",
    "mainstay.platform.messages",
    "mainstay.platform.duty",
    "mainstay.platform.imports",
    "mainstay.platform.jobs",
    "mainstay.platform.saved_views",
    "mainstay.platform.search",
    "mainstay.platform.timers",
    "mainstay.platform.calendars",
    "mainstay.platform.journal",
    "mainstay.platform.identity",
    "mainstay.platform.places",
    "mainstay.platform.bulk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "mainstay.faces.ui.middleware.RequestIdentity",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mainstay.faces.ui.middleware.LiveOrigin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mainstay.faces.ui.middleware.ActorOfRequest",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mainstay.config.urls"
WSGI_APPLICATION = "mainstay.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "mainstay.faces.ui.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "mainstay.faces.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": _database(ENV)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "mainstay.faces.web.sign_in.locked"
AXES_DISABLE_ACCESS_LOG = True

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "mainstay_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure_cookies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = ENV.language
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = ENV.time_zone
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

HOME = ENV.home
SYNC_FOLDER = ENV.sync_folder
DATABASE_URL = ENV.database_url
SECRET_KEY_IS_GIVEN = bool(ENV.secret_key)
SETTINGS_EXPLAINED = [
    (f"MAINSTAY_{name.upper()}", getattr(ENV, name), field.description or "")
    for name, field in Environment.model_fields.items()
]
WEB_PORT = ENV.web_port
LIVE_PORT = ENV.live_port
LIVE_URL = ENV.live_url
CHANNEL_SECRETS = _channel_secrets()
OPERATOR_NAME = ENV.operator_name
KEEP_REPORTS_DAYS = ENV.keep_reports_days
KEEP_ANSWERS_DAYS = ENV.keep_answers_days
QUEUE_MOST = ENV.queue_most
QUEUE_LONGEST_S = ENV.queue_longest_s
KEEP_MESSAGES_DAYS = ENV.keep_messages_days
KEEP_SAMPLES_DAYS = ENV.keep_samples_days
KEEP_HOUR_ROLLS_DAYS = ENV.keep_hour_rolls_days
KEEP_DAY_ROLLS_DAYS = ENV.keep_day_rolls_days
SAMPLES_LONGEST_S = ENV.samples_longest_s

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "mainstay.config.logs.formatter", "style": "json"},
        "console": {"()": "mainstay.config.logs.formatter", "style": "console"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": ENV.log_format}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
