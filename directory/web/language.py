"""The language of a page: /es/ in front of any address asks for Spanish."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext

from directory.domain.labels import Sentence
from directory.extensions import babel

DEFAULT_LANGUAGE = "en"
PREFIXED_LANGUAGES = ("es",)

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]


class LanguagePrefix:
    """Moves a leading language of the path to SCRIPT_NAME.

    Routes need no prefix of their own that way, and url_for() keeps every link in the language of the page.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        head, _, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        if head in PREFIXED_LANGUAGES:
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{head}"
            environ["PATH_INFO"] = f"/{rest}"
            environ["directory.language"] = head
        return self._application(environ, start_response)


def init_app(app: Flask) -> None:
    """Read the prefix from every address, and note once which languages have a translation."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
    with app.app_context():
        app.config["LANGUAGES"] = {DEFAULT_LANGUAGE} | {str(locale) for locale in babel.list_translations()}


def choose() -> str:
    """Return the language that the address asks for, or English while its translation is not there."""
    asked = request.environ.get("directory.language", DEFAULT_LANGUAGE) if request else DEFAULT_LANGUAGE
    return asked if asked in current_app.config["LANGUAGES"] else DEFAULT_LANGUAGE


def translated(sentence: Sentence) -> str:
    """Return `sentence` in the language of the page."""
    return str(gettext(sentence.message, **sentence.values))
