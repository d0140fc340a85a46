"""Django's settings for a centre, read from the environment (architecture, "Embedded and scaled")."""

from pathlib import Path

from yichuan.config.environment import database, folder, header_name, local_address, page_workers, secret, text

HOME = folder("YICHUAN_HOME", Path("var/centre"))
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
SECRETS = folder("YICHUAN_SECRETS", HOME.parent / f"{HOME.name}-secrets")

YICHUAN_BLOBS_URL = text("YICHUAN_BLOBS_URL", f"file://{HOME}/blobs")
YICHUAN_KEYS_URL = text("YICHUAN_KEYS_URL", f"soft://{SECRETS}/master.key")
YICHUAN_P256_KEYS_URL = text("YICHUAN_P256_KEYS_URL", "")  # another device for PDF's keys; docs/devices.md
YICHUAN_CHECKPOINTS_URL = text("YICHUAN_CHECKPOINTS_URL", "")  # the auditor's own store of checkpoints: file:///folder
YICHUAN_PROFILE = text("YICHUAN_PROFILE", "")  # the one the centre was opened with
YICHUAN_FEED_URL = text("YICHUAN_FEED_URL", ":8001/feed/")
YICHUAN_FONTS = text("YICHUAN_FONTS", "")
YICHUAN_FONT_CACHE = folder("YICHUAN_FONT_CACHE", Path(text("XDG_CACHE_HOME", "~/.cache")) / "yichuan" / "fonts")
YICHUAN_EMBLEM = text("YICHUAN_EMBLEM", "")  # the site's drawing of the national emblem, SVG
YICHUAN_ORIGIN = text("YICHUAN_ORIGIN", "http://127.0.0.1:8000")
YICHUAN_TRUSTED_PROXIES = [each.strip() for each in text("YICHUAN_TRUSTED_PROXIES", "").split(",") if each.strip()]
YICHUAN_HOOK_HOSTS = [each.strip() for each in text("YICHUAN_HOOK_HOSTS", "").split(",") if each.strip()]
YICHUAN_TLS_CLIENT_HEADER = header_name("YICHUAN_TLS_CLIENT_HEADER")  # docs/certificates.md
YICHUAN_USBKEY_URL = local_address("YICHUAN_USBKEY_URL")
YICHUAN_UPLOAD_LIMIT = 64 * 1024 * 1024
YICHUAN_PUBLIC_UPLOADS = {  # files of who has no account: these addresses alone
    "/applications/join/": 34 * 1024 * 1024,
    "/verify/": 33 * 1024 * 1024,
}

YICHUAN_BLOB_OWNERS = [
    "yichuan.seals.selectors_applications.blob_names",
    "yichuan.compose.selectors.blob_names",
    "yichuan.changes.selectors.blob_names",
    "yichuan.changes.services.import_end.blob_names",
    "yichuan.exchange.services.return_notice.blob_names",
]
YICHUAN_BACKGROUND_ROUTES = [  # asked by pages, not by people
    "portal:nav",
    "portal:arrive",
    "people:session",
    "changes:advance_import",
    "seals:opening_state",
    "audit:check_progress",
]
YICHUAN_UNIT_OF_ACCOUNT = "yichuan.org.selectors.account_unit.unit_of_account"
YICHUAN_PEOPLE_OF_UNIT = "yichuan.org.selectors.account_unit.people_of_unit"
YICHUAN_UNIT_NAMES = "yichuan.org.selectors.account_unit.unit_names"
YICHUAN_MAY_SUSPEND = "yichuan.org.services.suspend_for_people.may_suspend"
YICHUAN_SUSPEND_PERSON = "yichuan.org.services.suspend_for_people.suspend_person"
YICHUAN_CARD_OF_ACCOUNT = "yichuan.org.selectors.for_people.card_of"
YICHUAN_ACCOUNTS_OF_UNIT = "yichuan.org.selectors.for_people.accounts_of"
YICHUAN_LOGIN_POLICY = "yichuan.org.selectors.for_people.login_demands"
YICHUAN_DOCUMENTS_TO_SEAL = "yichuan.compose.services.documents_to_seal.documents_to_seal"
YICHUAN_DOCUMENT_RETURNED = "yichuan.exchange.selectors_returned.returned"
YICHUAN_OPEN_WORK = ["yichuan.exchange.open_work.open_work", "yichuan.seals.open_work.open_work"]
YICHUAN_LIST_PREFERENCES = "yichuan.exchange.selectors_views.preferences"
YICHUAN_OFFICE_EMPTIED = "yichuan.exchange.services.empty_office.office_emptied"
YICHUAN_DUTY_PERMISSIONS = "yichuan.config.duties.PERMISSIONS"
YICHUAN_ALL_PERMISSIONS = "yichuan.config.duties.ALL"
YICHUAN_LOG_KEY = "yichuan.keys.services.log_key.log_key"
YICHUAN_CHECKPOINT_SIGNER = "yichuan.keys.services.sign_checkpoints.SIGNER"
YICHUAN_LOG_WITNESSES = [  # further faults of the log, found by the rooms whose rows it speaks of
    "yichuan.exchange.services.witness_receipts.receipt_faults",
    "yichuan.keys.services.log_key.log_key_faults",
]
YICHUAN_LOG_WORDS = "yichuan.config.log_words.WORDS"
YICHUAN_LOG_OBJECTS = "yichuan.evidence.log_objects.LogObjects"

SECRET_KEY = secret(SECRETS / "session.key")
DEBUG = False
ALLOWED_HOSTS = text("YICHUAN_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [YICHUAN_ORIGIN]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "yichuan.web",
    "yichuan.common",
    "yichuan.audit",
    "yichuan.keys",
    "yichuan.people",
    "yichuan.org",
    "yichuan.seals",
    "yichuan.compose",
    "yichuan.exchange",
    "yichuan.changes",
    "yichuan.interface",
    "yichuan.evidence",
    "yichuan.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yichuan.web.middleware.content_security",
    "yichuan.interface.middleware.interface_only",
    "yichuan.web.uploads.bounded_bodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yichuan.people.middleware.open_sessions",
    "django_htmx.middleware.HtmxMiddleware",
    "yichuan.web.middleware.refusals",
    "yichuan.people.middleware.first_password",
    "yichuan.people.enrolment.enrolment",
    "yichuan.org.middleware.current_desk",
]

ROOT_URLCONF = "yichuan.config.urls"
WSGI_APPLICATION = "yichuan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "yichuan.portal.navigation.frame",
                "yichuan.people.welcome.welcome",
            ],
        },
    }
]

DATABASES = {"default": database(text("YICHUAN_DATABASE_URL", f"sqlite:///{HOME}/centre.sqlite3"))}
YICHUAN_PAGE_WORKERS = page_workers("YICHUAN_PAGE_WORKERS", DATABASES["default"]["ENGINE"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["yichuan.people.backends.AccountBackend", "yichuan.org.backends.PostBackend"]
PASSWORD_HASHERS = ["yichuan.people.passwords.Argon2id", "yichuan.people.passwords.Drawn"]  # the last: first passwords
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "yichuan.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "yichuan.people.passwords.ThreeClasses"},
    {"NAME": "yichuan.people.passwords.NotTheAccount"},
    {"NAME": "yichuan.people.passwords.NotCommon"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "yichuan.people.sessions"
SESSION_COOKIE_AGE = 9 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = YICHUAN_ORIGIN.startswith("https:")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

# Uploads stay in memory until they are encrypted: a plain body never touches the disk.
FILE_UPLOAD_HANDLERS = ["yichuan.common.uploads.BoundedMemoryUpload"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a sending form names every recipient

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
