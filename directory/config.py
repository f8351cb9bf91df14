"""The settings: read from the environment once, checked, and refused with a sentence that says what to set."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from click import ClickException
from cryptography.fernet import Fernet
from redis.connection import parse_url
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from directory.domain.mail_settings import mail_from, mail_url
from directory.domain.map_settings import map_tiles_url
from directory.domain.tiles import read_tiles

SHORTEST_SECRET = 32
MAX_BODY_BYTES = 1_000_000
MAX_FORM_PARTS = 1000
STATIC_MAX_AGE_SECONDS = 3600
MOST_PROXIES = 10
_LAST_PORT = 65535
#: A name or an IPv4 address: what a Host header can hold and Werkzeug compares (it cuts IPv6 addresses in two).
_HOST = r"[\w-]+(?:\.[\w-]+)*"
_TRUSTED_HOST = re.compile(rf"\.?{_HOST}(?::[0-9]+)?")
_SITE = re.compile(rf"https?://(?:{_HOST}|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?", re.IGNORECASE)


class SettingsError(ClickException):
    """A setting that cannot be used; the command line prints its sentence and stops."""


@dataclass(frozen=True)
class Config:
    """Every setting of the application; docs/operations.md has a line for each."""

    app_env: str
    database_url: str
    secret_key: str
    #: Former secret keys, the newest first: what they signed is still read.
    secret_key_fallbacks: tuple[str, ...]
    #: What encrypts the secrets of second steps, and their recovery codes; the first encrypts, all decrypt.
    totp_keys: tuple[str, ...]
    recovery_code_keys: tuple[str, ...]
    base_url: str
    trusted_hosts: tuple[str, ...]
    #: How many proxies of our own stand in front and write X-Forwarded-For; 0 trusts no such header.
    trusted_proxies: int
    geocoder: str
    #: Where request counts live (`redis://…`); empty means no limits, which only development may choose.
    rate_limit_storage: str
    #: The server that takes our mail; empty prints it to the terminal, which only development may choose.
    mail_url: str
    mail_from: str
    #: Where the map's pictures come from; empty asks nobody else for anything.
    map_tiles_url: str
    map_tiles_attribution: str
    demo: bool

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], instance: Path) -> "Config":
        """Read and check `environ`; in development a secret key is made once and kept in `instance`."""
        app_env = _one_of(environ, "APP_ENV", ("development", "production"))
        is_strict = app_env == "production"
        base_url = _base_url(environ, is_strict=is_strict)
        config = cls(
            app_env=app_env,
            database_url=_database_url(environ, instance),
            secret_key=_kept(environ, "SECRET_KEY", instance, _random_key, is_strict=is_strict),
            secret_key_fallbacks=_list(environ.get("SECRET_KEY_FALLBACKS", "")),
            totp_keys=_list(_kept(environ, "TOTP_KEYS", instance, _random_key, is_strict=is_strict)),
            recovery_code_keys=_recovery_code_keys(environ, instance, is_strict=is_strict),
            base_url=base_url,
            trusted_hosts=_trusted_hosts(environ),
            trusted_proxies=_trusted_proxies(environ),
            geocoder=_one_of(environ, "GEOCODER", ("offline",)),
            rate_limit_storage=_rate_limit_storage(environ),
            mail_url=_checked(mail_url, environ),
            mail_from=_checked(mail_from, environ, base_url),
            map_tiles_url=_checked(map_tiles_url, environ),
            map_tiles_attribution=environ.get("MAP_TILES_ATTRIBUTION", ""),
            demo=_is_on(environ, "DEMO"),
        )
        if is_strict:
            _refuse_what_production_may_not(config, environ)
        return config

    def for_flask(self) -> dict[str, object]:
        """Return the keys that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "SQLALCHEMY_BINDS": {"reading": _reading_options(self.database_url)},
            "TRUSTED_HOSTS": list(self.trusted_hosts) or None,
            "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
            "MAX_FORM_PARTS": MAX_FORM_PARTS,
            "BOOTSTRAP_SERVE_LOCAL": True,
            "SEND_FILE_MAX_AGE_DEFAULT": STATIC_MAX_AGE_SECONDS,
            "DEMO": self.demo,
            "BASE_URL": self.base_url,
            "MAIL_URL": self.mail_url,
            "MAIL_FROM": self.mail_from,
            "MAP_TILES": read_tiles(self.map_tiles_url, self.map_tiles_attribution),
            "RATELIMIT_STORAGE_URI": self.rate_limit_storage or "memory://",
            "RATELIMIT_ENABLED": bool(self.rate_limit_storage),
        }


def _engine_options(url: str) -> dict[str, object]:
    # A searcher's coordinates are bound parameters; hide_parameters keeps them out of every log and error.
    options: dict[str, object] = {"hide_parameters": True}
    if make_url(url).get_backend_name() == "postgresql":
        # The nearby statement is planned once for all covers; planning it anew for each cost as much as running it, and
        # compiling it to machine code eight times as much.
        settings = "-c plan_cache_mode=force_generic_plan -c jit=off"
        options |= {"pool_pre_ping": True, "connect_args": {"options": settings}}
    return options


def _reading_options(url: str) -> dict[str, object]:
    # A pool of its own, whose connections stay in AUTOCOMMIT, instead of switching each one to it and back.
    return {
        **_engine_options(url),
        "url": url,
        "isolation_level": "AUTOCOMMIT",
        "execution_options": {"reads_only": True},
    }


def _checked(read: Callable[..., str], *given: object) -> str:
    """Return what a reader of domain/ makes of a setting; its sentence becomes ours, and the cause is left out."""
    try:
        return read(*given)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name, "") or allowed[0]
    if value not in allowed:
        raise SettingsError(f"{name} is {value!r}. Set it to {' or '.join(allowed)}.")
    return value


def _is_on(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "")
    if value not in {"", "0", "1"}:
        raise SettingsError(f"{name} is {value!r}. Set it to 1 for on; 0, empty and unset mean off.")
    return value == "1"


def _trusted_proxies(environ: Mapping[str, str]) -> int:
    value = environ.get("TRUSTED_PROXIES", "") or "0"
    if value not in map(str, range(MOST_PROXIES + 1)):
        raise SettingsError(f"TRUSTED_PROXIES is {value!r}. Set it to a whole number from 0 to {MOST_PROXIES}.")
    return int(value)


def _trusted_hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in environ.get("TRUSTED_HOSTS", "").split(",") if host.strip())
    if not all(map(_TRUSTED_HOST.fullmatch, hosts)):
        raise SettingsError(
            "TRUSTED_HOSTS must hold names alone, with commas between: example.org, or .example.org for all below it; "
            "no https://, no path and no *."
        )
    return hosts


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    value = environ.get("DATABASE_URL", "")
    if not value:
        instance.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{instance / 'directory.sqlite3'}"
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        # The cause is left out: with a / in the password, it names a piece of it as the port.
        url = None
    if url is None or (url.port or 0) > _LAST_PORT:
        raise SettingsError("DATABASE_URL is not a database address. Set it like postgresql://host/name.")
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    if url.get_backend_name() not in drivers:
        raise SettingsError("DATABASE_URL names an engine we do not run on. Use sqlite:///… or postgresql://…")
    url = url.set(drivername=drivers[url.get_backend_name()])
    return url.render_as_string(hide_password=False)


def _kept(environ: Mapping[str, str], name: str, instance: Path, make: Callable[[], str], *, is_strict: bool) -> str:
    value = environ.get(name, "")
    if value or is_strict:
        return value
    instance.mkdir(parents=True, exist_ok=True)
    kept = instance / name.lower()
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(make(), encoding="ascii")
    return kept.read_text(encoding="ascii")


def _random_key() -> str:
    return secrets.token_urlsafe(SHORTEST_SECRET)


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _recovery_code_keys(environ: Mapping[str, str], instance: Path, *, is_strict: bool) -> tuple[str, ...]:
    def make() -> str:
        return Fernet.generate_key().decode()

    keys = _list(_kept(environ, "RECOVERY_CODE_KEYS", instance, make, is_strict=is_strict))
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise SettingsError(
            "RECOVERY_CODE_KEYS must hold Fernet keys, with commas between: 32 bytes in base64."
        ) from None
    return keys


def _is_weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < SHORTEST_SECRET // 4


def _base_url(environ: Mapping[str, str], *, is_strict: bool) -> str:
    value = environ.get("BASE_URL", "").rstrip("/")
    site = _SITE.fullmatch(value)
    if value and (site is None or int(site["port"] or 0) > _LAST_PORT):
        raise SettingsError("BASE_URL is not the address of a site. Set it like https://example.org, and nothing more.")
    if is_strict and not value.startswith("https://"):
        raise SettingsError("BASE_URL must be the public https:// address of the site in production.")
    return value or "http://127.0.0.1:5000"


def _rate_limit_storage(environ: Mapping[str, str]) -> str:
    value = environ.get("RATE_LIMIT_STORAGE", "")
    if value and not value.startswith(("memory://", "redis://", "rediss://", "unix://")):
        raise SettingsError("RATE_LIMIT_STORAGE must be redis://host:port, or memory:// for one process alone.")
    try:
        if value and not value.startswith("memory://"):
            parse_url(value)  # type: ignore[no-untyped-call] # no types
    except ValueError:
        # The cause is left out, as above.
        raise SettingsError("RATE_LIMIT_STORAGE is no address of a Redis. Set it like redis://host:6379.") from None
    return value


def _refuse_what_production_may_not(config: Config, environ: Mapping[str, str]) -> None:
    refusals = (
        (_is_weak(config.secret_key),
         f"SECRET_KEY must be set in production to at least {SHORTEST_SECRET} random characters."),
        (any(map(_is_weak, config.secret_key_fallbacks)),
         f"SECRET_KEY_FALLBACKS must hold former secret keys of at least {SHORTEST_SECRET} random characters."),
        (not config.totp_keys or any(map(_is_weak, config.totp_keys)),
         f"TOTP_KEYS must be set in production to at least {SHORTEST_SECRET} random characters, the newest key first."),
        (not config.recovery_code_keys,
         "RECOVERY_CODE_KEYS must be set in production to Fernet keys, the newest first."),
        (environ.get("FLASK_DEBUG", "") not in {"", "0"}, "FLASK_DEBUG must not be on in production."),
        (not config.trusted_hosts, "TRUSTED_HOSTS must name the hosts of the site in production, with commas between."),
        (config.rate_limit_storage.partition(":")[0] in {"", "memory"},
         "RATE_LIMIT_STORAGE must be a redis:// address in production: memory:// counts for each process alone."),
        (not config.mail_url,
         "MAIL_URL must name the mail server in production, like smtps://user:password@mail.example.org."),
        (config.demo, "DEMO=1 shows invented clinics and must not be on in production."),
    )  # fmt: skip
    for is_refused, sentence in refusals:
        if is_refused:
            raise SettingsError(sentence)
