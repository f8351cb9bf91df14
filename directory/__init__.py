"""The ketamine clinic directory: create_app() is the one place where everything meets."""

from collections.abc import Mapping
from os import environ
from pathlib import Path

from flask import Flask

from directory import cli, web
from directory.config import Config
from directory.extensions import babel, bootstrap, db, migrate
from directory.logs import configure_logging
from directory.services import checklists
from directory.services.geocoding import build_geocoder
from directory.web.language import choose

__version__ = "0.1.0"

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Mapping[str, str] | None = None, *, instance_path: Path | None = None) -> Flask:
    """Return the application, set up from `settings` (default: the environment).

    Raises SettingsError with a sentence for a setting that cannot be used. The database is not touched: it is
    looked at by the first request, by /readyz and by `flask run`.
    """
    app = Flask(
        "directory",
        root_path=str(ROOT / "directory"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(instance_path or ROOT / "instance"),
    )
    config = Config.from_environment(environ if settings is None else settings, Path(app.instance_path))
    app.config.from_mapping(config.for_flask())
    app.extensions["geocoder"] = build_geocoder(config.geocoder)
    checklists.current()  # a text that is not what was published must stop the start, not the first visitor
    configure_logging()
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    bootstrap.init_app(app)
    babel.init_app(app, locale_selector=choose, default_translation_directories=str(ROOT / "translations"))
    web.init_app(app, config)
    cli.init_app(app)
    return app
