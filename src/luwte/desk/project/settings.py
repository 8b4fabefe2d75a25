"""Django settings of the desk. Everything that differs per place comes from the environment or the home.

LUWTE_HOME            folder of keys and, with SQLite, of the two databases
LUWTE_DESK_DATABASE   postgresql:// address of the register, LUWTE_VAULT_DATABASE that of the vault
LUWTE_CASEWORK_DATABASE   the same for the accounts of casework, where its pages are served
LUWTE_DESK_WORLD      what this process may see: telling (all), casework (no vault), vault (no register),
                      retention (all, to delete what is over its term)
LUWTE_VAULT_FOLDER    the folder of the vault's SQLite file and of the key ring, when not in the home
LUWTE_DESK_KEYS       the key ring itself, or the file that holds it
LUWTE_DESK_HOSTS      host names that the desk answers to, with commas between them
LUWTE_DESK_HTTPS      1 when a proxy in front of the desk speaks HTTPS (as it must outside one machine)
LUWTE_PORTAL_URL      the address of the portal that stands in every e-mail; in casework that of its pages
LUWTE_BROKER_ISSUER   the OpenID broker through which people may sign in themselves; without it, nobody can.
                      _NAME: how people know it. _CLIENT, with _SECRET_FILE or _KEY_FILE: what the desk is
                      there. _ACR: each level of assurance that is enough. _CLAIM (sub), _SCOPE (openid)
LUWTE_EXIT_URL        where "Leave this page" leads: a page that many people read, nothing personal on it
LUWTE_CALLS_OPEN      how many calls one care worker may hold at once (10)
LUWTE_ACCEPT_SAME_PICTURE   1 when files that are the same picture by the lab's model may be told of without a
                      reviewer who confirms them (0: they are near matches)
LUWTE_DESK_INTERFACE  1: a process of casework serves the interface for machines, and no page
                      (`luwte desk serve --interface` sets it)
LUWTE_API_SOURCE      who speaks in the notices of the interface for machines: a URN of the organisation
LUWTE_API_CERTIFICATE_HEADER   where the proxy in front says the SHA-256 of a client's certificate
LUWTE_API_PRIVATE_HOOKS   1 when notices may be sent to addresses of this network, 0 (the default): never
LUWTE_SMTP_HOST, _PORT, _SECURITY (none | starttls | tls), _USER, _PASSWORD; LUWTE_MAIL_FROM; an empty
                      LUWTE_SMTP_HOST: no e-mail
LUWTE_NOTIFY_URL      the API of NotifyNL or GOV.UK Notify, LUWTE_NOTIFY_KEY the key of one's service there
LUWTE_SMTP_PASSWORD_FILE, LUWTE_NOTIFY_KEY_FILE   the file that holds the one or the other
LUWTE_LOG             json: log requests and commands too, not only what failed
LUWTE_NOTIFY_SMS_TEMPLATE, LUWTE_NOTIFY_LETTER_TEMPLATE   ids of templates there; without: not that way
LUWTE_LETTER_FOLDER   instead of a letter template: the folder into which letters are written, for printing
LUWTE_LETTER_SENDER   the address on those letters to which the post returns them, on one line
"""

from __future__ import annotations

import os
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from csp.constants import NONE, SELF

from luwte.base.logs import wanted
from luwte.desk.pages.help import NETHERLANDS
from luwte.desk.project.broker import broker
from luwte.desk.project.databases import databases
from luwte.desk.project.environment import header_name, secret, switch, urn, web_address, whole_number
from luwte.desk.project.folder import casework_folder, desk_folder, secret_key
from luwte.desk.project.lines import logging_config
from luwte.desk.project.worlds import World, world
from luwte.desk.vault.place import vault_folder
from luwte.desk.words.catalogue import LOCALE

DESK_FOLDER = desk_folder()
WORLD = world()
HTTPS = switch("LUWTE_DESK_HTTPS")

CASEWORK = World.CASEWORK == WORLD
"""Whether the pages of this process are those of casework."""
INTERFACE = CASEWORK and switch("LUWTE_DESK_INTERFACE")
"""Whether this process serves the interface for machines instead: no page, no session, no cookie."""

SECRET_KEY = secret_key(casework_folder() if CASEWORK else DESK_FOLDER)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LUWTE_DESK_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ROOT_URLCONF = f"luwte.desk.project.{'casework_urls' if CASEWORK else 'urls'}"
WSGI_APPLICATION = "luwte.desk.project.wsgi.application"

_ROOMS = (
    "audit",
    "vault",
    "words",
    "wishes",
    "cases",
    "findings",
    "review",
    "money",
    "telling",
    "pages",
    "portal",
    "staff",
    "accounts",
    "api",
)
_PAGES = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
]
_OF_PAGES = ("casework", "pages", "accounts") if INTERFACE else ()
INSTALLED_APPS = [
    *(_PAGES if WORLD != World.VAULT and not INTERFACE else []),
    *(
        f"luwte.desk.{room}"
        for room in WORLD.rooms or _ROOMS
        if room not in _OF_PAGES and find_spec(f"luwte.desk.{room}")
    ),
]

_OF_THE_PORTAL = [] if CASEWORK else ["luwte.desk.portal.pull.WholeSteps"]
MIDDLEWARE = [
    "luwte.desk.project.logs.Traced",
    "luwte.desk.pages.headers.PrivateAnswers",
    "luwte.desk.pages.bodies.Bounded",
    "luwte.desk.pages.methods.OnlyPages",
    *_OF_THE_PORTAL,
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "luwte.desk.accounts.bound.Bound",
    "allauth.account.middleware.AccountMiddleware",
    "luwte.desk.accounts.acting.Acting" if CASEWORK else "luwte.desk.project.actors.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

if INTERFACE:
    ROOT_URLCONF = "luwte.desk.api.urls"
    MIDDLEWARE = ["luwte.desk.project.logs.Traced", "luwte.desk.api.middleware.Answers"]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "luwte.desk.pages.context.frame",
                "luwte.desk.staff.context.menu",
            ]
        },
    }
]

DATABASES = databases(
    DESK_FOLDER,
    vault=vault_folder(),
    casework=casework_folder(),
    aliases=WORLD.aliases if INTERFACE else WORLD.with_pages,
)
DATABASE_ROUTERS = ["luwte.desk.project.router.VaultRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("nl-youth", "Nederlands voor jongeren"), ("en", "English")]
LOCALE_PATHS = [LOCALE]

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Names and titles that someone else can see on the machine say nothing about what this is.
# Behind HTTPS the browser takes them from this host alone (RFC 6265bis, section 4.1.3.2).
# Two worlds on one machine keep their cookies apart: a browser tells hosts apart by name, not by port.
_HOST = ("__Host-" if HTTPS else "") + ("w" if CASEWORK else "")
SESSION_COOKIE_NAME = f"{_HOST}s"
CSRF_COOKIE_NAME = f"{_HOST}c"
LANGUAGE_COOKIE_NAME = f"{_HOST}l"
ATTEMPT_COOKIE_NAME = f"{_HOST}a"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = LANGUAGE_COOKIE_AGE = None
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Nothing goes to another host. With "no-referrer" browsers send "Origin: null" with every form, which
# Django refuses; the exit itself answers with "no-referrer".
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Accounts of the staff: docs/decisions/0047-accounts-of-the-staff.md.
ACCOUNTS_CALLED = "casework" if CASEWORK else "staff"
"""How the record calls them: accounts of two worlds may have the same number."""
AUTHENTICATION_BACKENDS = ["luwte.desk.accounts.backend.Staff"]
PASSWORD_HASHERS = [
    "luwte.desk.accounts.hashing.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts from before; rewritten at sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
]
LOGIN_URL = "/staff/sign-in/"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_ADAPTER = "luwte.desk.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_METHODS = ["mfa"]
MFA_ADAPTER = "luwte.desk.accounts.adapters.Factors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Berichten"
# What counts tries and used codes is in the database, where every process of the desk sees it.
if WORLD in (World.TELLING, World.CASEWORK):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "staff_kept",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    }
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "luwte.desk.accounts.tries.Tries"
AXES_CLIENT_IP_CALLABLE = "luwte.desk.pages.address.address"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "credential", "csrfmiddlewaretoken", "next"]
# A lock looks as a wrong password does; axes' middleware would say which it is.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]

# A file in a form is dropped unread, but a report that is sent in to casework, whose view reads it itself.
FILE_UPLOAD_HANDLERS: list[str] = []
UPLOADS = casework_folder() / "incoming"
LARGE_FORMS = ("/staff/intake/",) if CASEWORK else ()

EXIT_URL = web_address("LUWTE_EXIT_URL", "/vandaag/")
HELP_LINES = NETHERLANDS
BROKER = broker()
# A browser makes passkeys for a name, not for an address. README serves casework beside telling.
PORTAL_URL = os.environ.get("LUWTE_PORTAL_URL", f"http://localhost:{8001 if CASEWORK else 8000}/")
MAIL = {
    "host": os.environ.get("LUWTE_SMTP_HOST", "127.0.0.1"),
    "port": os.environ.get("LUWTE_SMTP_PORT", "25"),
    "security": os.environ.get("LUWTE_SMTP_SECURITY", ""),
    "user": os.environ.get("LUWTE_SMTP_USER", ""),
    "password": secret("LUWTE_SMTP_PASSWORD"),
    "sender": os.environ.get("LUWTE_MAIL_FROM", "bericht@localhost"),
}
NOTIFY = {
    "url": os.environ.get("LUWTE_NOTIFY_URL", ""),
    "key": secret("LUWTE_NOTIFY_KEY"),
    "sms": os.environ.get("LUWTE_NOTIFY_SMS_TEMPLATE", ""),
    "letter": os.environ.get("LUWTE_NOTIFY_LETTER_TEMPLATE", ""),
}
LETTERS = {
    "folder": os.environ.get("LUWTE_LETTER_FOLDER", ""),
    "sender": os.environ.get("LUWTE_LETTER_SENDER", ""),
}

LOGGING = logging_config(everything=wanted())

API_SOURCE = urn("LUWTE_API_SOURCE", "urn:nld:oin:00000000000000000000:systeem:luwte")
API_CERTIFICATE_HEADER = header_name("LUWTE_API_CERTIFICATE_HEADER")
API_PRIVATE_HOOKS = switch("LUWTE_API_PRIVATE_HOOKS")

ACCEPT_SAME_PICTURE = switch("LUWTE_ACCEPT_SAME_PICTURE")
# How many calls one care worker may hold at once; the others wait in the queue.
CALLS_OPEN = whole_number("LUWTE_CALLS_OPEN", 10)

# The answer to "is there anything?", and the first page, come a whole number of these after the question.
ANSWER_SECONDS = 0.5
PAGE_SECONDS = 0.25
