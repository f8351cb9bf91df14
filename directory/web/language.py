"""The language of a page: /es/ in front of any address asks for Spanish, and every page leads to itself in the other.

Nobody is led to another language unasked: an address that is shared or indexed stays what it was. Whose browser
prefers the other language is told in one line that the page is there in it too.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from flask_babel import get_locale, gettext

from directory.domain.labels import Sentence
from directory.extensions import babel

DEFAULT_LANGUAGE = "en"
PREFIXED_LANGUAGES = ("es",)
#: Numbers, dates and money as they are written in the United States, in either language.
LOCALES = {"en": "en", "es": "es_US"}
#: Each language in its own words, whatever the language of the page.
_NAMES = {"en": "English", "es": "Español"}
_ALSO = {"en": "This page is also in English.", "es": "Esta página está en español."}

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Edition(NamedTuple):
    """A page in one language: its code, its name in itself, a line that says so, and the address from the root."""

    code: str
    name: str
    line: str
    address: str


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
        app.config["LANGUAGES"] = {DEFAULT_LANGUAGE} | {locale.language for locale in babel.list_translations()}
    app.jinja_env.globals |= {
        "language": lambda: get_locale().language,
        "editions": editions,
        "other_edition": other_edition,
        "is_other_preferred": is_other_preferred,
        "canonical_address": canonical_address,
    }
    app.after_request(_vary)


def choose() -> str:
    """Return the locale of the language that the address asks for, of English while its translation is not there."""
    return LOCALES[_asked()]


def translated(sentence: Sentence) -> str:
    """Return `sentence` in the language of the page."""
    return str(gettext(sentence.message, **sentence.values))


def editions(*, with_query: bool = False) -> list[Edition]:
    """Return this page in each language that there is, English first; what answers no GET leads home."""
    path = quote(request.path, safe=_PLAIN) if _has_address() else "/"
    if with_query and request.query_string and _has_address():
        path += f"?{quote(request.query_string, safe=_PLAIN.replace('/', '') + '%')}"
    return [
        Edition(code, _NAMES[code], _ALSO[code], f"{_root()}{_prefix(code)}{path}")
        for code in _NAMES
        if code in current_app.config["LANGUAGES"]
    ]


def other_edition() -> Edition | None:
    """Return this page with its query in the other language; None where there is none."""
    return next((each for each in editions(with_query=True) if each.code != _asked()), None)


def is_other_preferred() -> bool:
    """Whether the browser prefers Spanish, and the address is not in it."""
    preferred = request.accept_languages.best_match(list(_NAMES))
    return _asked() == DEFAULT_LANGUAGE and preferred in current_app.config["LANGUAGES"] - {DEFAULT_LANGUAGE}


def in_edition(address: str, code: str) -> str:
    """Return the whole address of a page of ours, in the language `code`."""
    path = address.removeprefix(current_app.config["BASE_URL"])
    head, _, rest = path.removeprefix("/").partition("/")
    plain = f"/{rest}" if head in PREFIXED_LANGUAGES else path
    return f"{current_app.config['BASE_URL']}{_prefix(code)}{plain}"


def canonical_address() -> str:
    """Return the one address of this page in its language, without a query."""
    return f"{current_app.config['BASE_URL']}{_prefix(_asked())}{request.path}"


#: What may stand in a path as it is (RFC 3986, section 3.3).
_PLAIN = "/:@!$&'()*+,;=-._~"


def _asked() -> str:
    asked = request.environ.get("directory.language", DEFAULT_LANGUAGE) if request else DEFAULT_LANGUAGE
    return asked if asked in current_app.config["LANGUAGES"] else DEFAULT_LANGUAGE


def _prefix(code: str) -> str:
    return f"/{code}" if code in PREFIXED_LANGUAGES else ""


def _has_address() -> bool:
    """Whether the page can be asked for again: no route leads to one that is not there, and a form alone to others.

    The path of a page that is not there is a stranger's: "//example.org" would lead away.
    """
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _root() -> str:
    """Return where the application is mounted, "" at the root."""
    written = request.environ.get("directory.language")
    return request.script_root.removesuffix(f"/{written}" if written else "")


def _vary(response: Response) -> Response:
    """Tell whoever keeps pages that one more line may depend on the browser's languages."""
    if response.mimetype == "text/html" and len(current_app.config["LANGUAGES"]) > 1:
        response.vary.add("Accept-Language")
    return response
