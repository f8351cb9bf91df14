import traceback
from dataclasses import fields

import pytest

from directory import ROOT, create_app
from directory.config import Config, SettingsError

PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "kq3VJ0xN7-yWm5tRbLz8cHd2fPgAs9Ue",
    "TOTP_KEYS": "pB7xQ2-rTz9LmVw4cKs8yJd3hNfGu6Ea",
    "RECOVERY_CODE_KEYS": "bm90IGEgcmVhbCBrZXksIGJ1dCB0aGlydHktdHdvLi4=",
    "BASE_URL": "https://clinics.example",
    "TRUSTED_HOSTS": "clinics.example",
    "RATE_LIMIT_STORAGE": "redis://127.0.0.1:6379",
    "MAIL_URL": "smtps://site:hunter2@mail.example",
}
WEAK_TOTP = "TOTP_KEYS must be set in production to at least 32 random characters, the newest key first."
REFUSALS = (
    # Production is strict: what is left out is refused, and what is only good enough for one machine.
    ({"SECRET_KEY": ""}, "SECRET_KEY must be set in production to at least 32 random characters."),
    ({"SECRET_KEY": "short"}, "SECRET_KEY must be set in production to at least 32 random characters."),
    ({"SECRET_KEY": "a" * 64}, "SECRET_KEY must be set in production to at least 32 random characters."),
    (
        {"SECRET_KEY_FALLBACKS": "short"},
        "SECRET_KEY_FALLBACKS must hold former secret keys of at least 32 random characters.",
    ),
    ({"TOTP_KEYS": ""}, WEAK_TOTP),
    ({"TOTP_KEYS": "pB7xQ2-rTz9LmVw4cKs8yJd3hNfGu6Ea,short"}, WEAK_TOTP),
    ({"RECOVERY_CODE_KEYS": ""}, "RECOVERY_CODE_KEYS must be set in production to Fernet keys, the newest first."),
    ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG must not be on in production."),
    ({"TRUSTED_HOSTS": ""}, "TRUSTED_HOSTS must name the hosts of the site in production, with commas between."),
    ({"TRUSTED_HOSTS": " , "}, "TRUSTED_HOSTS must name the hosts of the site in production, with commas between."),
    (
        {"RATE_LIMIT_STORAGE": ""},
        "RATE_LIMIT_STORAGE must be a redis:// address in production: memory:// counts for each process alone.",
    ),
    (
        {"RATE_LIMIT_STORAGE": "memory://"},
        "RATE_LIMIT_STORAGE must be a redis:// address in production: memory:// counts for each process alone.",
    ),
    (
        {"MAIL_URL": ""},
        "MAIL_URL must name the mail server in production, like smtps://user:password@mail.example.org.",
    ),
    ({"DEMO": "1"}, "DEMO=1 shows invented clinics and must not be on in production."),
    ({"BASE_URL": ""}, "BASE_URL must be the public https:// address of the site in production."),
    ({"BASE_URL": "http://clinics.example"}, "BASE_URL must be the public https:// address of the site in production."),
)
NO_DATABASE = "DATABASE_URL is not a database address. Set it like postgresql://host/name."
NO_SITE = "BASE_URL is not the address of a site. Set it like https://example.org, and nothing more."
NO_REDIS = "RATE_LIMIT_STORAGE is no address of a Redis. Set it like redis://host:6379."
NO_MAIL = (
    "MAIL_URL is no address of a mail server. Set it like smtps://user:password@mail.example.org, "
    "with % codes for signs like @ and / in the password."
)
NO_SENDER = "MAIL_FROM is not an e-mail address. Set it like no-reply@example.org, and nothing more."
NO_TILES = "MAP_TILES_URL is no address of map tiles. Set it like https://tiles.example.org/{z}/{x}/{y}.png, one host."
NO_HOSTS = (
    "TRUSTED_HOSTS must hold names alone, with commas between: example.org, or .example.org for all below it; "
    "no https://, no path and no *."
)
MISTAKES = (
    *(
        ({"DATABASE_URL": url}, NO_DATABASE)
        # a port that is no number, one that no machine has, and an @ in the password
        for url in ("postgresql://u:pw@h:port/x", "postgresql://u:pw@h:65536/x", "postgresql://u:pw@hunter:2@h/x")
    ),
    *(
        ({"BASE_URL": url}, NO_SITE)
        for url in (
            "clinics.example",
            "ftp://x",
            "https://",
            "https://x y",
            "https://x/path",
            "https://x?query",
            "https://x#here",
            "https://u:hunter2@x",
            "https://x:port",
            "https://x:65536",
            "https://*.x",
            "https://x\n",
        )
    ),
    *(
        ({"TRUSTED_HOSTS": hosts}, NO_HOSTS)
        for hosts in (
            "https://example.org",
            "x,https://u:hunter2@y",
            "x/path",
            "*",
            "*.x",
            "a b",
            "x:port",
            "[::1]",
            "..x",
        )
    ),
    *(
        ({"RATE_LIMIT_STORAGE": url}, NO_REDIS)
        for url in ("redis://bad:port", "rediss://:hunter2@h:65536", "redis://[::1", "redis://h?socket_timeout=soon")
    ),
    *(
        ({"MAIL_URL": url}, NO_MAIL)
        for url in (
            "mail.example",
            "smtp://",
            "imap://mail.example",
            "smtps://u:hunter2@mail.example:port",
            "smtps://u:hunter2@mail.example:65536",
            "smtps://u:hunter2@mail.example:0",
            "smtps://u:hunter/2@mail.example",
            "smtps://u:hunter2@mail.example/box",
            "smtps://u:hunter2@mail.example?tls=no",
            "smtps://u:hunter2@mail.example#here",
            "smtps://u:hunter2@[::1",
            "smtps://u:hunter2@mail example",
            "smtps://u:hünter2@mail.example",
            "smtps://u:hunter%0D2@mail.example",
            "smtps://u:hunter2@mail.exa\nmple",
            "smtps://u@mail.example",
            "smtps://:hunter2@mail.example",
        )
    ),
    (
        {"MAIL_URL": "smtp://u:hunter2@mail.example"},
        "MAIL_URL would send its password unencrypted. Use smtps:// or smtp+starttls://.",
    ),
    *(
        ({"MAIL_FROM": sender}, NO_SENDER)
        for sender in (
            "no-reply",
            "a@b@x.example",
            "Us <us@x.example>",
            "a@x.example,b@x.example",
            "a@x.example\r\nBcc: b@x.example",
            "jörg@x.example",
            "a b@x.example",
            "@x.example",
            "a@localhost",
        )
    ),
    *(
        ({"MAP_TILES_URL": url}, NO_TILES)
        for url in (
            "tiles.example/{z}/{x}/{y}.png",
            "http://tiles.example/{z}/{x}/{y}.png",
            "https://{s}.tiles.example/{z}/{x}/{y}.png",
            "https://u:hunter2@tiles.example/{z}/{x}/{y}.png",
            "https://tiles.example/map.png",
        )
    ),
    # Wrong everywhere, in development too.
    (
        {"RECOVERY_CODE_KEYS": "hunter2"},
        "RECOVERY_CODE_KEYS must hold Fernet keys, with commas between: 32 bytes in base64.",
    ),
    ({"APP_ENV": "staging"}, "APP_ENV is 'staging'. Set it to development or production."),
    ({"DEMO": "yes"}, "DEMO is 'yes'. Set it to 1 for on; 0, empty and unset mean off."),
    ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is '-1'. Set it to a whole number from 0 to 10."),
    ({"TRUSTED_PROXIES": "²"}, "TRUSTED_PROXIES is '²'. Set it to a whole number from 0 to 10."),
    ({"TRUSTED_PROXIES": "11"}, "TRUSTED_PROXIES is '11'. Set it to a whole number from 0 to 10."),
    ({"TRUSTED_PROXIES": "9" * 20}, f"TRUSTED_PROXIES is '{'9' * 20}'. Set it to a whole number from 0 to 10."),
    ({"GEOCODER": "nominatim"}, "GEOCODER is 'nominatim'. Set it to offline."),
    ({"DATABASE_URL": "a database"}, "DATABASE_URL is not a database address. Set it like postgresql://host/name."),
    (
        {"DATABASE_URL": "mysql://host/name"},
        "DATABASE_URL names an engine we do not run on. Use sqlite:///… or postgresql://…",
    ),
    (
        {"RATE_LIMIT_STORAGE": "mongodb://host"},
        "RATE_LIMIT_STORAGE must be redis://host:port, or memory:// for one process alone.",
    ),
)


@pytest.mark.security(47)
@pytest.mark.parametrize(("change", "sentence"), REFUSALS)
def test_production_is_refused_with_what_to_set(change, sentence, tmp_path):
    with pytest.raises(SettingsError) as raised:
        create_app(PRODUCTION | change, instance_path=tmp_path)

    assert str(raised.value) == sentence


@pytest.mark.parametrize(("change", "sentence"), MISTAKES)
def test_a_setting_that_cannot_be_used_is_refused_with_what_to_set(change, sentence, tmp_path):
    with pytest.raises(SettingsError) as raised:
        create_app(change, instance_path=tmp_path)

    assert str(raised.value) == sentence
    told = "".join(traceback.format_exception(raised.value))
    assert not any(secret in told for secret in ("hunter", "pw@"))


def test_a_complete_production_starts(tmp_path):
    app = create_app(PRODUCTION, instance_path=tmp_path)

    assert app.config["TRUSTED_HOSTS"] == ["clinics.example"]
    assert app.config["RATELIMIT_ENABLED"] is True
    assert not app.debug
    assert not (tmp_path / "secret_key").exists()


def test_development_needs_no_setting_and_keeps_its_secret_key(tmp_path):
    first, second = (Config.from_environment({}, tmp_path) for _ in range(2))

    assert first == second
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert first.database_url.startswith("sqlite:///")


@pytest.mark.parametrize("value", ["", "0"])
def test_empty_and_0_leave_the_demonstration_off(value, tmp_path):
    assert Config.from_environment({"DEMO": value}, tmp_path).demo is False


def test_a_plain_postgresql_address_is_driven_by_psycopg_and_keeps_its_password(tmp_path):
    config = Config.from_environment({"DATABASE_URL": "postgresql://app:pass%40word@host/name"}, tmp_path)

    assert config.database_url == "postgresql+psycopg://app:pass%40word@host/name"


def test_sqlite_is_driven_by_the_one_driver_we_use(tmp_path):
    config = Config.from_environment({"DATABASE_URL": "sqlite+aiosqlite:////tmp/x"}, tmp_path)

    assert config.database_url == "sqlite:////tmp/x"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("TRUSTED_HOSTS", "Example.org, .example.org,127.0.0.1:5000,café.example",
         ("example.org", ".example.org", "127.0.0.1:5000", "café.example")),
        ("TRUSTED_PROXIES", "10", 10),
        ("BASE_URL", "https://clinics.example:8443/", "https://clinics.example:8443"),
        ("BASE_URL", "http://[::1]:5000", "http://[::1]:5000"),
        ("RATE_LIMIT_STORAGE", "redis://:pass@[::1]:6379/2?socket_timeout=1", "redis://:pass@[::1]:6379/2?socket_timeout=1"),
        ("RATE_LIMIT_STORAGE", "unix:///run/redis.sock", "unix:///run/redis.sock"),
        ("MAIL_URL", "", ""),
        ("MAIL_URL", "smtp://[::1]:2525/", "smtp://[::1]:2525/"),
        ("MAIL_URL", "smtp+starttls://me%40x:p%2Fw@mail.example", "smtp+starttls://me%40x:p%2Fw@mail.example"),
        ("MAIL_FROM", "hello@clinics.example", "hello@clinics.example"),
        ("MAIL_FROM", "hello@café.example", "hello@xn--caf-dma.example"),
        ("MAP_TILES_URL", "", ""),
        ("MAP_TILES_URL", "https://tiles.example/{z}/{x}/{y}{r}.png?key=a1", "https://tiles.example/{z}/{x}/{y}{r}.png?key=a1"),
        ("MAP_TILES_ATTRIBUTION", "© Somebody", "© Somebody"),
    ],
)  # fmt: skip
def test_what_can_be_used_is_taken(name, value, read, tmp_path):
    assert getattr(Config.from_environment({name: value}, tmp_path), name.lower()) == read


@pytest.mark.parametrize(
    ("base_url", "sender"),
    [
        ("https://clinics.example:8443", "no-reply@clinics.example"),
        ("https://café.example", "no-reply@xn--caf-dma.example"),
        ("", "no-reply@127.0.0.1"),
        ("http://[::1]:5000", "no-reply@localhost"),
        (f"https://{'a' * 64}.example", "no-reply@localhost"),
    ],
)
def test_mail_comes_from_the_site_where_no_sender_is_named(base_url, sender, tmp_path):
    assert Config.from_environment({"BASE_URL": base_url}, tmp_path).mail_from == sender


def test_what_people_search_for_stays_out_of_the_errors_of_the_database(tmp_path):
    options = Config.from_environment({}, tmp_path).for_flask()["SQLALCHEMY_ENGINE_OPTIONS"]

    assert options["hide_parameters"] is True


@pytest.mark.parametrize("name", [field.name.upper() for field in fields(Config)])
def test_every_setting_has_its_line_in_the_operators_guide(name):
    assert any(line.startswith(f"| `{name}` |") for line in guide().splitlines())


@pytest.mark.parametrize("path", [("places", "load"), ("demo", "load"), ("serve",), ("db", "upgrade")])
def test_the_commands_that_set_up_a_directory_stand_in_the_operators_guide(path):
    assert f"flask {' '.join(path)}" in guide()


def test_every_command_of_ours_says_what_it_does_and_stands_in_the_operators_guide(tmp_path):
    ours = dict(commands(create_app({}, instance_path=tmp_path).cli))

    assert {"places load", "demo load", "serve"} <= set(ours)
    for name, command in ours.items():
        assert command.help, name
        assert all(getattr(option, "help", "") for option in command.params if option.param_type_name == "option"), name
        assert f"`flask {name}" in guide(), name


def commands(group, above=""):
    """Yield name and command of each command of ours; Flask and its extensions document their own."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")
        elif command.callback.__module__.startswith("directory.") or _wrapped(command).startswith("directory."):
            yield f"{above}{name}", command


def _wrapped(command):
    return getattr(command.callback, "__wrapped__", command.callback).__module__


def guide():
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
